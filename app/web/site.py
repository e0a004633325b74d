"""What every page and endpoint reads: the watched deployments and their newest picture.

Reading never waits and never asks a source: it takes what the bus holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from app.bus.base import Bus, Json, Latest
from app.domain import wire
from app.domain.expected import Calendar
from app.domain.hour import SPAN_S, Series
from app.domain.incidents_ask import Asked, Page
from app.domain.inside import Inside
from app.domain.limits import DEFAULT, Limits
from app.domain.links import Outside
from app.domain.moments import Moment
from app.domain.snapshot import Snapshot
from app.domain.status import Status
from app.domain.timeline import Told
from app.domain.topology import Topology
from app.domain.windows import Listed, Window
from app.web.access.visit import caller
from app.web.api_error import ApiError
from app.web.room import NoRoom, Room

if TYPE_CHECKING:  # Loads numpy, which nobody needs who never asks for a span.
    from app.domain.capacity import Review
    from app.domain.capacity_terms import Choices
    from app.domain.rollups import Answer, Ask


class Records(Protocol):
    """The incidents of one deployment. Both block: not for the event loop."""

    def ask(self, asked: Asked) -> Page: ...

    def one(self, name: str) -> Page: ...


class NoRecords:
    """Nothing was ever recorded."""

    def ask(self, asked: Asked) -> Page:
        return Page(())

    def one(self, name: str) -> Page:
        return Page(())


class Plans(Protocol):
    """The maintenance windows of one deployment that were set from the page."""

    def lasting(self) -> tuple[Window, ...]:
        """In force, or yet to begin. May block where another process collects."""

    def every(self, limit: int) -> Listed:
        """Past ones too, the latest first. Blocks: not for the event loop."""

    def put(self, window: Window) -> None:
        """The newest word on it; the picture follows."""


class NoPlans:
    """Nothing is ever worked on."""

    def lasting(self) -> tuple[Window, ...]:
        return ()

    def every(self, limit: int) -> Listed:
        return Listed(())

    def put(self, window: Window) -> None:
        """Let go of it."""


class Past(Protocol):
    """Pictures of one deployment's past. All may block, and raise
    `app.history.base.Unreadable`: not for the event loop."""

    def at(self, moment: datetime) -> Json | None:
        """The newest of those made by then that is kept; `None` before the first."""

    def first(self) -> datetime | None:
        """When the oldest of them was made."""

    def between(self, since: datetime, until: datetime) -> tuple[Moment, ...]:
        """Those made between these moments, in order."""

    def pictures(
        self, begin: datetime, end: datetime, step: timedelta, most: int
    ) -> Iterator[Json]:
        """Those made within these moments, in order, `most` of them at the most: every
        one that turned, and of the others the first in each `step`."""


class NoPast:
    """Only the present is known."""

    def at(self, moment: datetime) -> Json | None:
        return None

    def first(self) -> datetime | None:
        return None

    def between(self, since: datetime, until: datetime) -> tuple[Moment, ...]:
        return ()

    def pictures(
        self, begin: datetime, end: datetime, step: timedelta, most: int
    ) -> Iterator[Json]:
        return iter(())


Lately = Callable[[int, datetime, datetime], Series]
"""One connection's numbers between two moments. May block, and raise
`app.history.base.Unreadable`: not for the event loop."""


Explained = Callable[[int], Json | None]
"""Why a connection stands where it stands; `None` before the first judgement."""


Turned = Callable[[datetime, datetime], Told]
"""What turned between two moments. Blocks: not for the event loop."""


Reviewing = Callable[[], Callable[["Choices", Json | None], "Review"]]
"""What makes a capacity review: of the span that is chosen, and of the picture of its
end, or `None` where that must be recalled. Blocks for seconds, may raise
`app.history.base.Unreadable`, and can be handed to another process."""


Measured = Callable[["Ask"], "Answer"]
"""What is kept of measurements. Blocks: not for the event loop; may raise
`app.history.base.Unreadable`."""


def unmeasured(ask: Ask) -> Answer:
    from app.domain.rollups import Answer

    return Answer(ask.step_s, None)


def _nothing(number: int, since: datetime, until: datetime) -> Series:
    return {}


def _usual() -> Limits:
    return DEFAULT


def _lived_through() -> None:
    return None


def _unexplained(number: int) -> Json | None:
    return None


def _unturned(begin: datetime, end: datetime) -> Told:
    return Told()


@dataclass(frozen=True, slots=True)
class Watched:
    """One deployment. `unheard`: the sources that its first picture still waits for."""

    id: str
    name: str
    topology: Topology
    unheard: Callable[[], tuple[str, ...]] = tuple
    lately: Lately = _nothing
    explained: Explained = _unexplained
    records: Records = field(default_factory=NoRecords)
    plans: Plans = field(default_factory=NoPlans)
    planned: Callable[[], tuple[Window, ...]] = tuple
    """The windows that are configured."""
    past: Past = field(default_factory=NoPast)
    room: Room = field(default_factory=NoRoom)
    limits: Callable[[], Limits] = _usual
    outside: Outside = field(default_factory=Outside)
    turned: Turned = _unturned
    measured: Measured = unmeasured
    calendar: Callable[[], Calendar] = Calendar
    """Its business hours."""
    made_up: Callable[[], datetime | None] = _lived_through
    """Until when its past was made up; `None`: none of it was."""
    reviewing: Reviewing | None = None
    """`None`: reviews are made here, of what is `measured`."""
    region: str | None = None
    group: str | None = None
    """Shared with those that stand in for it, such as the other unit of a pair."""
    inside: Callable[[], Inside] = Inside
    """How its sources are asked and its news is judged."""

    def hour(self, number: int, now: datetime) -> Series:
        """The last hour of a connection, for the panel."""
        return self.lately(number, now - timedelta(seconds=SPAN_S), now)

    def moment(self, at: datetime) -> Json | None:
        """The picture as it was; `None` where none is kept. May block."""
        return self.past.at(at)


@dataclass(frozen=True, slots=True)
class Site:
    """`every`: all that is watched here, for what is about the process itself. Whoever
    asks is told of `watched` alone."""

    every: Mapping[str, Watched]
    bus: Bus
    clock: Callable[[], datetime]

    @property
    def watched(self) -> Mapping[str, Watched]:
        """What the person who asks may see: of the rest there is nothing."""
        sees = caller().sees
        return {name: one for name, one in self.every.items() if sees(name)}

    def find(self, deployment: str) -> Watched:
        """Raises a 404 for a deployment that is not watched."""
        found = self.watched.get(deployment)
        if found is None:
            text = f'no deployment is called "{deployment}"'
            raise ApiError(404, "unknown_deployment", text, "deployment")
        return found

    def latest(self, deployment: str) -> Latest:
        """Raises a 404, or a 503 before the first picture."""
        watched = self.find(deployment)
        latest = self.bus.latest(deployment)
        if latest is None:
            text = f"{deployment}: {waiting(watched)}"
            raise ApiError(503, "not_ready", text, headers={"Retry-After": "1"})
        return latest

    def snapshot(self, deployment: str) -> Json:
        """The newest picture, the ages of its sources told as of now."""
        return wire.aged(self.latest(deployment).snapshot, self.clock())

    def picture(self, watched: Watched) -> Json:
        """Likewise for painting: before the first one, a picture of nothing."""
        latest = self.bus.latest(watched.id)
        if latest is None:
            nothing = Snapshot(watched.id, 0, self.clock(), Status.NO_DATA)
            return wire.encode(nothing, watched.topology)
        return wire.aged(latest.snapshot, self.clock())

    def status(self, deployment: str) -> str:
        latest = self.bus.latest(deployment)
        return Status.NO_DATA.value if latest is None else latest.snapshot["status"]

    def not_ready(self) -> list[str]:
        """One sentence for every deployment that has no picture yet."""
        return [
            f"{one.id}: {waiting(one)}"
            for one in self.every.values()
            if self.bus.latest(one.id) is None
        ]


def waiting(watched: Watched) -> str:
    names = ", ".join(watched.unheard())
    return f"waiting for the first answer of {names or 'its sources'}"
