"""What the address of the timeline's page asks for: a span, a moment, an order.

What can't be read is left out, and the page says so: an address that was cut off in a
chat still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.domain.timeline import LONGEST
from app.web.history import Moment
from app.web.timeline import OLDEST
from layouts.timeline_view import AROUND, LENGTHS, SHORTEST, USUAL_MOST, View

MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`doubt`: a part could not be read."""

    length: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    at: datetime | None = None
    worst_first: bool = True
    open: bool = False
    doubt: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        moments = {name: _moment(query.get(name)) for name in ("from", "to", "at")}
        length = query.get("span")
        doubt = any(query.get(name) and not at for name, at in moments.items())
        return cls(
            length if length in LENGTHS else None,
            moments["from"],
            moments["to"],
            moments["at"],
            query.get("order") != "number",
            "open" in query,
            doubt or (length is not None and length not in LENGTHS),
        )

    def fixed(self, now: datetime) -> tuple[datetime, datetime] | None:
        """A span that does not move with time: as it is told, or around `at`."""
        begin, end = self.begin, self.end
        if begin is None and end is None and self.at is not None:
            begin, end = self.at - AROUND, self.at + AROUND
        if begin is None or end is None:
            return None
        end = min(max(end, OLDEST + SHORTEST), now)
        begin = max(min(begin, end - SHORTEST), end - LONGEST, OLDEST)
        return begin, end

    def span(self, now: datetime) -> tuple[datetime, datetime] | None:
        """`None`: none is asked for."""
        if (fixed := self.fixed(now)) is not None:
            return fixed
        return None if self.length is None else (now - LENGTHS[self.length], now)

    def view(self, deployment: str, now: datetime, usual: str) -> View:
        """`usual`: the length where none is asked for."""
        fixed = self.fixed(now)
        length = self.length or usual
        begin, end = fixed or (now - LENGTHS[length], now)
        return View(
            deployment,
            begin,
            end,
            now,
            None if fixed else length,
            self.worst_first,
            self.open,
            self.at,
            self.doubt,
            self.length or USUAL_MOST,
        )


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = MOMENT.validate_python(text).astimezone(UTC)
    except (ValidationError, OverflowError):
        return None
    # Around it there must be room for a span.
    return found if OLDEST <= found <= datetime(9000, 1, 1, tzinfo=UTC) else None
