"""What part of the timeline somebody looks at, and the addresses that lead from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from app.domain.incidents import Incident
from app.domain.instants import instant
from app.domain.timeline import Lane, Told, Turn
from app.domain.timeline_lanes import Span, spans
from layouts.pages import MAP, TIMELINE

LENGTHS: Final[dict[str, timedelta]] = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "14d": timedelta(days=14),
}
USUAL_MOST: Final = "24h"
SHORTEST: Final = timedelta(seconds=10)
"""Of what may be zoomed to."""
AHEAD: Final = 0.15
"""Of a span that moves on."""
AROUND: Final = timedelta(minutes=30)
"""What is shown of either side of a moment."""


@dataclass(frozen=True, slots=True)
class View:
    """`length`: the key in `LENGTHS` of a span that ends now, and moves with it; none
    for a fixed one. `at`: a moment that is pointed at. `open`: whether folded lanes
    are shown. `doubt`: a part of the address could not be read. `back`: the length of
    what was zoomed into."""

    deployment: str
    begin: datetime
    end: datetime
    now: datetime
    length: str | None = None
    worst_first: bool = True
    open: bool = False
    at: datetime | None = None
    doubt: bool = False
    back: str = USUAL_MOST

    @property
    def span(self) -> Span:
        return Span(self.begin, self.end)

    def share(self, at: datetime) -> float:
        """Where a moment lies in the span, in per cent."""
        return (at - self.begin) / (self.end - self.begin) * 100

    def place(self, begin: datetime, end: datetime | None = None) -> str:
        """Where something is drawn, as a style."""
        left = self.share(begin)
        if end is None:
            return f"left:{left:.3f}%"
        return f"left:{left:.3f}%;width:{self.share(end) - left:.3f}%"

    @property
    def ahead(self) -> datetime:
        """To where what goes on is drawn: it is slid in as time goes on."""
        if self.length is None:
            return self.end
        return self.end + (self.end - self.begin) * AHEAD

    def address(self, **other: str | None) -> str:
        """Of this view, but for what is `other`; `None` leaves a part out."""
        fixed = self.length is None
        parts: dict[str, str | None] = {
            "span": self.length or self.back,
            "from": instant(self.begin) if fixed else None,
            "to": instant(self.end) if fixed else None,
            "at": instant(self.at),
            "order": None if self.worst_first else "number",
            "open": "1" if self.open else None,
        }
        told = {name: value for name, value in (parts | other).items() if value}
        asked = f"?{urlencode(told, safe=':')}" if told else ""
        return f"{TIMELINE.path(self.deployment)}{asked}"

    def of_length(self, length: str) -> str:
        return self.address(**{"span": length, "from": None, "to": None, "at": None})


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is drawn of a view. `notes`: as the snapshot has them."""

    told: Told
    incidents: Sequence[Incident] = ()
    notes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def turns(self, view: View) -> list[Turn]:
        """Those that are news, in time."""
        first = max(view.begin, self.told.whole_from or view.begin)
        return [t for t in self.told.turns if t.is_news and first <= t.at <= view.end]

    def watched(self) -> list[Span]:
        return spans(self.told.watches)


def usual(told: Told, now: datetime) -> str:
    """The shortest span that holds all that was watched, a day at the most."""
    began = min((one.begin for one in spans(told.watches)), default=now)
    keys = [*LENGTHS]
    short = keys[: keys.index(USUAL_MOST) + 1]
    return next((key for key in short if now - began <= LENGTHS[key]), USUAL_MOST)


def moment(deployment: str, at: datetime, lane: Lane | None = None) -> str:
    """Where the picture of a moment is, with the lane chosen."""
    asked = {"at": instant(at) or ""}
    if lane is not None and lane.number is not None:
        asked["c"] = str(lane.number)
    elif lane is not None and lane.node is not None:
        asked["node"] = lane.node
    return f"{MAP.path(deployment)}?{urlencode(asked, safe=':')}"
