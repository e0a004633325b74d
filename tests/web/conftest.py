"""The whole web application on a real socket, over pictures that a test chooses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests

from app.bounds import Bounds
from app.bus.memory import MemoryBus
from app.cli.listening import listen
from app.domain import wire
from app.domain.care import Care
from app.domain.evaluate import Deployment, Memory, evaluate
from app.domain.facts import (
    EventFact,
    PodFact,
    ProbeFact,
    ProbeOutcome,
)
from app.domain.facts_traffic import TrafficFact
from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked, Page, page
from app.domain.inside import Inside
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT
from app.domain.notes import Listed as Notes
from app.domain.notes import Note, Wanted, listed, shown
from app.domain.reading import Feed, Reading, Trouble
from app.domain.rollups import Answer, Ask
from app.domain.subject import NodeId
from app.domain.talk import Talk
from app.domain.timeline import Told
from app.domain.topology import standard
from app.domain.windows import Listed, Window
from app.history.base import Unreadable
from app.pipeline.lately import Lately
from app.pipeline.moments import Moments
from app.web.factory import WebApp, create_app
from app.web.metrics import Exposition
from app.web.room import NoRoom
from app.web.server import Server
from app.web.site import Past, Watched
from tests.web import told
from tests.web.grown import Grown

PATIENT = Bounds(url=1 << 20, costly=1_000_000, changes=1_000_000)
"""A test may ask as often, and as long-windedly, as it likes."""
NOW = datetime(2026, 11, 24, 10, 0, 0, 123000, tzinfo=UTC)


def facts() -> list[Reading]:
    """A little of everything that a snapshot can show."""
    redis = NodeId("redis")
    pods = Feed("kubernetes", "pods/infra", 60, continuous=True)
    probe = Feed("probe", "tcp redis-0:6379", 30)
    scrape = Feed("scrape", "ws-1:8080", 45)
    pod = PodFact(
        redis, "redis-cluster", "infra", "redis-0", "Running", True, 2, False,
        ip="10.0.0.1", host="n1", started_at=NOW, last_exit="OOMKilled",
    )  # fmt: skip
    event = EventFact(
        redis, "infra", "e1", "redis-0", "Warning", "BackOff", "again", 3, NOW
    )
    outcomes = tuple(
        ProbeOutcome(NOW, False, "connect timed out", 3.0) for _ in range(3)
    )
    probed = ProbeFact(redis, "tcp", "redis-0:6379", outcomes)
    traffic = TrafficFact(
        9, "ws-1:8080", 15.0, requests=300, errors=0, client_errors=0, duration_sum_s=3.0,
        duration_count=300, buckets=((0.005, 200.0), (0.05, 300.0), (float("inf"), 300.0)), active=8,
    )  # fmt: skip
    return [
        Reading(pods, NOW, (pod, event)),
        Reading(probe, NOW, (probed,)),
        Reading(scrape, NOW, (traffic,)),
        Reading(
            Feed("consul", "checks", 30),
            NOW,
            trouble=Trouble("refused", "403: token lacks service:read"),
        ),
    ]


def picture(
    deployment: str = "demo", version: int = 1, readings: list[Reading] | None = None
) -> dict:
    """An encoded snapshot, judged by the real rules."""
    knowledge = Knowledge()
    for reading in facts() if readings is None else readings:
        knowledge = learn(knowledge, reading)
    watched = Deployment(
        deployment, standard(), DEFAULT, ("kubernetes", "consul", "scrape", "probe")
    )
    snapshot = evaluate(watched, knowledge, Memory(), NOW).snapshot
    return wire.encode(snapshot, watched.topology) | {"version": version}


class Remembered:
    """Records that a test writes by hand."""

    def __init__(self) -> None:
        self.incidents: list[Incident] = []
        self.trouble: str | None = None

    def ask(self, asked: Asked) -> Page:
        return page(self.incidents, asked, self.trouble)

    def one(self, name: str) -> Page:
        found = tuple(one for one in self.incidents if one.id == name)
        return Page(found, trouble=None if found else self.trouble)


class Planned:
    """Maintenance windows that are kept by hand; the clock stands still."""

    def __init__(self) -> None:
        self.kept: dict[str, Window] = {}
        self.trouble: str | None = None

    def lasting(self) -> tuple[Window, ...]:
        return tuple(one for one in self.kept.values() if not one.over(NOW))

    def every(self, limit: int) -> Listed:
        return Listed(tuple(self.kept.values())[:limit], self.trouble)

    def put(self, window: Window) -> None:
        self.kept[window.id] = window


class Talked:
    """What people say, kept by hand."""

    def __init__(self) -> None:
        self.kept: dict[str, Note] = {}
        self.tended: dict[str, Care] = {}
        self.trouble: str | None = None

    def talk(self) -> Talk:
        return Talk(shown(self.kept.values()), dict(self.tended))

    def put(self, *notes: Note) -> None:
        self.kept |= {one.id: one for one in notes}

    def tend(self, care: Care) -> None:
        self.tended[care.incident] = care

    def find(self, wanted: Wanted) -> Notes:
        return listed(self.kept.values(), wanted, self.trouble)

    def one(self, name: str) -> Note | None:
        found = self.kept.get(name)
        return None if found is None or found.gone else found

    def cares(self, incidents: list[str]) -> dict[str, Care]:
        return {n: self.tended[n] for n in incidents if n in self.tended}


class Filmed:
    """A timeline that a test tells; all of it, whatever the span."""

    def __init__(self) -> None:
        self.told = Told()
        self.asked: list[tuple[datetime, datetime]] = []

    def turned(self, begin: datetime, end: datetime) -> Told:
        self.asked.append((begin, end))
        return self.told


class Kept:
    """Measurements that a test makes up, and what was asked of them."""

    def __init__(self) -> None:
        self.grown: Grown | None = None
        self.trouble: str | None = None
        self.asked: list[Ask] = []

    def of(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        if self.trouble is not None:
            raise Unreadable(self.trouble)
        return Answer(ask.step_s, None) if self.grown is None else self.grown.of(ask)


@dataclass
class Live:
    """A running server, the bus behind it, and a clock that a test can turn."""

    url: str
    bus: MemoryBus
    web: WebApp
    exposition: Exposition
    lately: Lately = field(default_factory=Lately)
    past: Moments = field(default_factory=lambda: Moments("test"))
    explained: dict[int, dict] = field(default_factory=dict)
    records: Remembered = field(default_factory=Remembered)
    plans: Planned = field(default_factory=Planned)
    planned: list[Window] = field(default_factory=list)
    room: Talked = field(default_factory=Talked)
    film: Filmed = field(default_factory=Filmed)
    kept: Kept = field(default_factory=Kept)
    ill: list[str] = field(default_factory=list)
    made_up: datetime | None = None
    inside: Inside = field(default_factory=Inside)
    own: dict = field(default_factory=dict)
    trusting: Callable = lambda scope: False  # noqa: E731
    now: list[datetime] = field(default_factory=lambda: [NOW + timedelta(seconds=2)])

    def get(self, path: str, **options) -> requests.Response:
        return self.ask("GET", path, **options)

    def ask(self, method: str, path: str, **options) -> requests.Response:
        return requests.request(
            method, self.url + path, timeout=30, allow_redirects=False, **options
        )

    def stream(self, deployment: str = "demo", **headers: str) -> requests.Response:
        path = f"/api/v1/deployments/{deployment}/stream"
        return self.get(path, stream=True, headers=headers)


def start(
    *ids: str,
    unheard: tuple[str, ...] = (),
    public_url: str | None = None,
    silent: bool = False,
    past: Callable[[Live], Past] = lambda live: live.past,
    bounds: Bounds = PATIENT,
    proxies: tuple[str, ...] = (),
    only_local: bool = False,
    access: Callable = lambda live: None,
) -> Iterator[Live]:
    bus = MemoryBus("test", heartbeat_s=0.2)
    exposition = Exposition("0.0.0")
    live = Live("", bus, None, exposition)
    watched = [
        Watched(
            one,
            one.title(),
            standard(),
            lambda: unheard,
            live.lately.of,
            live.explained.get,
            live.records,
            live.plans,
            lambda: tuple(live.planned),
            past=past(live),
            room=NoRoom() if silent else live.room,
            turned=live.film.turned,
            measured=live.kept.of,
            made_up=lambda: live.made_up,
            inside=lambda: live.inside,
        )
        for one in ids
    ]
    live.web = create_app(
        watched,
        bus,
        lambda: live.now[0],
        exposition,
        version="0.0.0",
        public_url=public_url,
        ill=lambda: live.ill,
        bounds=bounds,
        only_local=only_local,
        **told.of(live),
        access=access(live),
    )
    listening = listen("127.0.0.1", 0)
    live.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = Server(live.web.server, bus, bounds, proxies)
    (thread := threading.Thread(target=server.run, args=([listening],))).start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    yield live
    server.end()
    thread.join(30)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """One deployment, `demo`, with a picture."""
    for running in start("demo"):
        running.bus.publish(picture(), None)
        running.past.note(picture(), None)
        yield running


@pytest.fixture
def empty() -> Iterator[Live]:
    yield from start("east", "west", unheard=("consul", "kubernetes"))
