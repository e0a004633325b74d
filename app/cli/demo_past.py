"""The past of a demo, which was never lived through, and whose pages say so.

Once the simulated deployment is measured, weeks of it are made in another process, by
its own load, and put behind what is lived through meanwhile: first the numbers and what
happened, then the pictures, the newest first. `serve` never does this.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from app.bus.base import Json
from app.cli.watch import Watches
from app.domain.incidents import Incident
from app.domain.measures import MINUTE_S, RAW_S
from app.domain.timeline import Turn, Watch
from app.history.base import Unreadable
from app.history.sqlite import SqliteHistory
from app.web.site import Watched
from collectors.base import Clock

if TYPE_CHECKING:  # Loads numpy, which nobody needs who only watches.
    from app.history.made import Numbers, Pictured
    from app.simulator.past import Past

DAYS: Final = 45
DAY_S: Final = 86_400
PICTURES: Final = ((13 * DAY_S, 150), (DAYS * DAY_S, 1500))
"""For how long back one in how many seconds: as many as leave no gap."""
PART_S: Final = 2 * DAY_S
"""Of pictures that are made at once: others who want the process wait for that."""
KEPT_S: Final = {RAW_S: DAY_S, MINUTE_S: DAY_S}
"""Of numbers in short steps less than is usual: they take longest to be made."""
TURNS_S: Final = 14 * DAY_S
PATIENCE_S: Final = 60.0
"""How long it is waited for a picture in which all that can be is measured."""
LOOK_S: Final = 1.0
MEASURED: Final = 20
"""Connections of which a rate is known: two looks at every page, and an average."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a past is made of. `picture`: what it grows from; `end`: in seconds."""

    picture: Json
    end: int
    seed: int
    days: int = DAYS

    @property
    def begin(self) -> int:
        return self.end - self.days * DAY_S

    @property
    def turns_from(self) -> int:
        return max(self.begin, self.end - TURNS_S)


def remember(watches: Watches, clock: Clock, seed: int) -> None:
    """Begin to; return at once. What can't be made is left out, and logged."""
    thread = threading.Thread(
        target=_remember, args=(watches, clock, seed), name="demo-past", daemon=True
    )
    thread.start()


def _remember(watches: Watches, clock: Clock, seed: int) -> None:
    try:
        for place, watched in enumerate(watches.watched()):
            picture, first = _picture(watched, clock), watched.past.first()
            if first is not None:
                end = int(first.timestamp()) // RAW_S * RAW_S
                recount(watches, Plan(picture, end, seed + place))
    except Unreadable as exc:
        log.info("the demo has no past, or not all of it", why=str(exc))
    except Exception:
        log.exception("bug in making the past of the demo")


def recount(watches: Watches, plan: Plan) -> None:
    """All of one deployment. Raises `Unreadable`, also when the program ends."""
    kept, name = watches.history, plan.picture["deployment"]
    if not isinstance(kept, SqliteHistory):
        return
    made, incidents, turns = watches.apart(_numbers, plan)
    kept.put_before(name, made)
    shelf, until = watches.shelf(name), datetime.fromtimestamp(plan.end, UTC)
    shelf.put(incidents)
    shelf.add(Watch(datetime.fromtimestamp(plan.turns_from, UTC), until), turns)
    watches.made_up[name] = until
    for since, before in _parts(plan):
        kept.put_before(name, watches.apart(_pictures, plan, since, before))


def _picture(watched: Watched, clock: Clock) -> Json:
    """The newest, once there is one to grow a past from."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        picture = watched.moment(clock())
        late = time.monotonic() > deadline
        if picture is not None and (late or _is_measured(picture)):
            return picture
        if late:
            raise Unreadable(f"{watched.id} had no picture within {PATIENCE_S:.0f} s")
        time.sleep(LOOK_S)


def _is_measured(picture: Json) -> bool:
    rates = (one["metrics"]["request_rate"] for one in picture["connections"])
    known = sum(rate is not None for rate in rates)
    return known >= MEASURED and picture["status"] in ("ok", "idle")


def _parts(plan: Plan) -> Iterator[tuple[int, int]]:
    """The newest first; whole hours, as pictures are packed."""
    before = plan.end
    while before > plan.begin:
        since = (before - PART_S) // 3600 * 3600
        yield since, before
        before = since


# What is done in the other process. The simulator's own load makes it.


def _past(plan: Plan) -> Past:
    from app.simulator.past import past

    return past(plan.picture, plan.end, plan.days, plan.seed)


def _numbers(plan: Plan) -> tuple[Numbers, list[Incident], list[Turn]]:
    from app.history.made import numbers
    from app.simulator.past_incidents import incident_of, told

    made = _past(plan)
    name = plan.picture["deployment"]
    incidents = [incident_of(name, one) for one in made.troubles]
    turns = told(made.picture, made.troubles, plan.turns_from, plan.end)
    return numbers(made, kept_s=KEPT_S), incidents, list(turns)


def _pictures(plan: Plan, since: int, before: int) -> list[Pictured]:
    from app.history.made import looked, pictured

    made = _past(plan)
    at = looked(made, PICTURES)
    return pictured(made, at[(at >= since) & (at < before)])
