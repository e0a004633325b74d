"""A day that never was: a picture a minute, two outages, and an hour unwatched.

Made of one picture of the simulated deployment, and served by the web application in
this process: for the measurements of the slider, and for looking at it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.bus.memory import MemoryBus
from app.domain import wire
from app.domain.incidents import Incident, Kind, Member, Turn
from app.domain.incidents_ask import Asked, Page, page
from app.domain.instants import instant
from app.domain.moments import Bounds
from app.domain.status import Status
from app.domain.topology import standard
from app.pipeline.moments import Moments
from app.web.site import Watched
from benchmarks.served import now, serving
from benchmarks.stage import Json

NAME: Final = "demo"
MINUTES: Final = 24 * 60
ENDLESS: Final = Bounds(timedelta(days=2), 60, timedelta(days=2), 10**6, 2**40, 0)
OUTAGES: Final = ((24, Status.FAILING, 300, 342), (17, Status.DEGRADED, 900, 1010))
"""A connection, its status, and its minutes."""
UNWATCHED: Final = (640, 700)
BLIND: Final = (1100, 1130)
"""Minutes in which Consul can't be heard."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Incidents that are known beforehand."""

    incidents: list[Incident] = field(default_factory=list)

    def ask(self, asked: Asked) -> Page:
        return page(self.incidents, asked)

    def one(self, name: str) -> Page:
        return Page(tuple(one for one in self.incidents if one.id == name))


@dataclass(frozen=True, slots=True)
class Day:
    """`end`: now; `url`: where the deployment `NAME` is shown."""

    url: str
    end: datetime
    past: Moments

    def minute(self, number: int) -> datetime:
        return self.end - timedelta(minutes=MINUTES - number)


@contextmanager
def a_day(picture: Json) -> Iterator[Day]:
    """`picture`: an encoded snapshot in which all is well."""
    end, bus, past = now(), MemoryBus("bench"), Moments("day", ENDLESS)
    before: Json | None = None
    for number in range(MINUTES + 1):
        if UNWATCHED[0] < number < UNWATCHED[1]:
            continue
        new = _picture(picture, number, end)
        past.note(new, before and wire.delta(before, new))
        before = new
    past.pack()
    if before is not None:
        bus.publish(before, None)
    day = Day("", end, past)
    records = Kept([_incident(day, *one) for one in OUTAGES])
    watched = Watched(NAME, "Demo", standard(), records=records, past=past)
    with serving([watched], bus) as url:
        yield Day(url.rstrip("/"), end, past)


def _picture(picture: Json, number: int, end: datetime) -> Json:
    at = instant(end - timedelta(minutes=MINUTES - number))
    bad = {n: (s, a) for n, s, a, b in OUTAGES if a <= number < b}
    rows = [
        _row(row, number, at, bad.get(row["number"]), end)
        for row in picture["connections"]
    ]
    worst = max((s for s, _ in bad.values()), key=lambda s: s.rank, default=Status.OK)
    blind = BLIND[0] <= number < BLIND[1]
    sources = [_source(one, at, blind=blind) for one in picture["sources"]]
    return picture | {
        "deployment": NAME,
        "version": number + 1,
        "at": at,
        "status": worst.value,
        "connections": rows,
        "sources": sources,
        "suspects": [],
        "incident": None,
        "incidents": [],
    }


def _row(
    row: Json,
    number: int,
    at: str | None,
    bad: tuple[Status, int] | None,
    end: datetime,
) -> Json:
    """Its numbers wander, as they do."""
    wave = 1 + 0.4 * math.sin(number / 97 + row["number"])
    metrics = {
        name: None if value is None else round(value * wave, 4)
        for name, value in row["metrics"].items()
    }
    heard = {name: one | {"at": at} for name, one in row["heard"].items()}
    told = row | {"metrics": metrics, "heard": heard, "observed_at": at}
    if bad is None:
        return told
    status, since = bad
    began = instant(end - timedelta(minutes=MINUTES - since))
    reason = {
        "witness": "probe",
        "status": status.value,
        "text": "connect timed out, 3 of 3",
        "observed_at": at,
    }
    return told | {"status": status.value, "since": began, "reasons": [reason]}


def _source(source: Json, at: str | None, *, blind: bool) -> Json:
    if blind and source["name"] == "consul":
        return source | {"status": "failing", "error": "403: the token may not read"}
    return source | {"last_success": at}


def _incident(day: Day, number: int, status: Status, begin: int, end: int) -> Incident:
    turns = (Turn(day.minute(begin), status), Turn(day.minute(end), Status.OK))
    kind = Kind.OUTAGE if status is Status.FAILING else Kind.DEGRADATION
    name = f"{day.minute(begin):%Y-%m-%d-%H%M}-day{number}"
    return Incident(name, turns[0].at, (Member(number, turns),), kind, turns[1].at)
