"""What one process shows, a web replica shows too: every page, every answer of the API.

Both serve the same moment: the deployment was watched until there was something of each
kind to tell, and then the clock stood still.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import yaml

from app.bus.memory import MemoryBus
from app.cli.collect import Collecting
from app.cli.main import World
from app.cli.replica import Replica
from app.config.load import load
from app.web.factory import create_app
from app.web.metrics import Exposition
from benchmarks.stage import wait_for
from tests.replicas.inside import serving
from tests.replicas.stage import API, Scene, scene

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]
BODY = {"json": {"by": "Ann"}}
OF_ONE_PROCESS = ("/metrics", "/stream", "/debug")
"""Paths that tell of the process, or never end."""
OF_ITS_START = ("/moments", "/pictures", "/replay", "/history", "/series")
"""Where no engine keeps a history, a process knows what it was told since its start."""


class Clock:
    def __init__(self) -> None:
        self.stopped: datetime | None = None

    def __call__(self) -> datetime:
        return self.stopped or datetime.now(UTC)  # noqa: TID251


@dataclass
class Both:
    """The addresses of the one process, and of the web replica."""

    whole: str
    replica: str
    incident: str
    at: str

    def get(self, path: str) -> tuple[requests.Response, requests.Response]:
        one, two = (
            requests.get(url + path, timeout=30, allow_redirects=False)
            for url in (self.whole, self.replica)
        )
        return one, two


@contextmanager
def watching(there: Scene, clock: Clock) -> Iterator[tuple[Collecting, str, str]]:
    file = there.folder / "same.yaml"
    file.write_text(yaml.safe_dump(there.config))
    configuration = load(file, {})
    world = World({}, clock, io.StringIO(), io.StringIO())
    collecting = Collecting(configuration, world, Exposition("1"), lambda: None)
    bus = MemoryBus("replica")
    replica = Replica(configuration, bus, clock)

    def app(of: Any, own: MemoryBus, **more: Any) -> Any:
        made = create_app(
            of.watched(), own, clock, Exposition("1"), version="1", **more
        )
        return made.server

    with ExitStack() as stack:
        stack.callback(collecting.stop)
        collecting.start()
        stack.callback(replica.stop)
        replica.start()
        whole = stack.enter_context(
            serving(app(collecting.watches, collecting.bus), collecting.bus)
        )
        other = stack.enter_context(
            serving(app(replica, bus, ask=replica.errands.ask), bus)
        )
        yield collecting, whole, other


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    clock = Clock()
    with (
        scene(tmp_path_factory.mktemp("same")) as there,
        watching(there, clock) as (collecting, whole, replica),
    ):
        seen = lambda url: requests.get(f"{url}{API}/snapshot", timeout=20)  # noqa: E731
        first = seen(replica).json()["version"]
        wait_for(
            "a picture before the incident that both have kept",
            lambda: seen(replica).json()["version"] > first + 1,
        )
        there.simulation.inject("scale_zero", "voicemail")
        wait_for("an incident", lambda: bool(seen(replica).json().get("incident")))
        incident = seen(replica).json()["incident"]
        said = f"{replica}{API}"
        for answer in (
            requests.put(
                f"{said}/incidents/{incident}/acknowledgement", timeout=20, **BODY
            ),
            requests.post(
                f"{said}/notes", json={"text": "*seen*", "by": "Ann"}, timeout=20
            ),
            requests.post(
                f"{said}/maintenance",
                json={"nodes": ["iwd"], "for": "1h", "why": "disk", "by": "Ann"},
                timeout=20,
            ),
        ):
            assert answer.ok, answer.text
        collecting.watches.stop()
        wait_for("all is published", lambda: not collecting.publisher.waiting)
        version = seen(whole).json()["version"]
        wait_for("the same", lambda: seen(replica).json()["version"] == version)
        at = seen(whole).json()["at"]
        clock.stopped = datetime.now(UTC)  # noqa: TID251
        yield Both(whole, replica, incident, at)


def described(both: Both) -> list[str]:
    """Every path that can be read, about something that is there."""
    paths = requests.get(f"{both.whole}/openapi.json", timeout=20).json()["paths"]
    reads = [path for path, of in paths.items() if "get" in of]
    meant = {
        "deployment": "demo", "number": "17", "node": "redis", "form": "csv",
        "incident": both.incident,
    }  # fmt: skip
    return [
        re.sub(r"{(\w+)}", lambda found: meant[found[1]], path)
        for path in reads
        if not path.endswith(OF_ONE_PROCESS)
    ]


def moment(path: str) -> Callable[[Both], str]:
    return lambda both: f"{path}?at={both.at}"


PAGES: list[Callable[[Both], str]] = [
    lambda _: "/",
    lambda _: "/map/demo",
    lambda _: "/connections/demo",
    lambda _: "/timeline/demo",
    lambda _: "/capacity/demo",
    lambda _: "/fleet",
    lambda _: "/wall/demo",
    lambda _: "/nothing",
    lambda both: f"/incident/demo/{both.incident}",
    lambda both: f"/compare/demo?at={both.at}&with={both.at}",
    moment("/map/demo"),
    moment("/connections/demo"),
    moment("/wall/demo"),
    moment("/fleet"),
    moment(f"{API}/snapshot"),
]


def same(page: str) -> str:
    """But for what each request is called, and for what Dash gives each page load for
    tasks in the background: none is."""
    return re.sub(r'"(end_id|request_id)":"[^"]*"', r'"\1":""', page)


def test_every_page_is_the_same(both):
    for path in PAGES:
        one, two = both.get(path(both))
        assert one.status_code == two.status_code, path(both)
        assert same(one.text) == same(two.text), path(both)


def test_every_answer_of_the_api_is_the_same(both):
    paths = described(both)
    assert len(paths) > 20
    different = []
    for path in paths:
        one, two = both.get(path)
        kinds = {each.headers["content-type"] for each in (one, two)}
        assert (one.status_code, len(kinds)) == (two.status_code, 1), path
        if one.text != two.text and not path.endswith(".pdf"):  # which tells when
            different.append(path)
    assert [path for path in different if not path.endswith(OF_ITS_START)] == []


def test_pictures_of_the_past_are_the_same_since_a_replica_began(both):
    """Where no engine keeps a history it knows no earlier ones."""
    one, two = (each.json() for each in both.get(f"{API}/moments"))
    first, *later = two["moments"]
    assert first["turned"]  # as the first one always has
    assert [each for each in one["moments"] if each["at"] > first["at"]] == later
    assert later
