"""Any one part dies while people watch: they keep the picture, and it is right again by
itself. With real engines, and load all the while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from benchmarks.stage import wait_for
from tests.real.engines import empty_victoria_metrics
from tests.replicas.delaying import Delaying
from tests.replicas.stage import API, Part, Scene, leader, scene, wait_snapshot
from tests.replicas.viewers import Viewer, shown

pytestmark = [pytest.mark.real, pytest.mark.thorough, pytest.mark.timeout(900)]
VIEWERS = 20
ROOM = ("--maxmemory-policy", "noeviction")


@pytest.fixture(scope="module")
def slow() -> Iterator[list[Delaying]]:
    made: list[Delaying] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def begun(
    tmp_path_factory: pytest.TempPathFactory, slow: list[Delaying]
) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("dying")
    (folder / "vm").mkdir()
    with ExitStack() as stack:
        engine = stack.enter_context(empty_victoria_metrics(folder / "vm"))
        history = {"history": f"prometheus+{engine}", "history_push": engine}
        one = stack.enter_context(scene(folder, *ROOM, **history))
        slow.append(Delaying(one.postgresql.port))
        records = f"postgresql://admin@127.0.0.1:{slow[0].port}/gws"
        one.config["storage"]["records"] = records
        one.begin(collectors=2, webs=2)
        yield one


@contextmanager
def watched(scene: Scene) -> Iterator[list[Viewer]]:
    """Half of them at each replica; afterwards they agree with it, and lost nothing."""
    webs = scene.of("web")
    viewers = [Viewer(webs[n % len(webs)].url) for n in range(VIEWERS)]
    for one in viewers:
        one.start()
    try:
        wait_for("all watch", lambda: all(one.picture for one in viewers))
        yield viewers
        wait_for("all agree", lambda: agree(scene, viewers), 60)
        assert [one.lost for one in viewers if one.lost] == []
    finally:
        for one in viewers:
            one.stop()


def agree(scene: Scene, viewers: list[Viewer]) -> bool:
    told = shown(scene.of("web")[0].snapshot())
    names = {one["name"] for one in told["sources"]}
    return "collector" not in names and all(shown(v.picture) == told for v in viewers)


def news(scene: Scene, box: str = "iwd") -> None:
    """Something turns, and is seen at all replicas. One that turned five times of late
    is shown as failing for ten minutes, whoever leads."""
    scene.simulation.inject("scale_zero", box)
    for web in scene.of("web"):
        wait_snapshot(web, lambda s: node(s, box) == "failing", "what turned")
    scene.simulation.end_faults()
    for web in scene.of("web"):
        wait_snapshot(web, lambda s: node(s, box) == "ok", "what turned back")


def node(picture: dict, name: str) -> str:
    (found,) = [one["status"] for one in picture["nodes"] if one["id"] == name]
    return str(found)


def source(part: Part, name: str) -> dict:
    sources = {one["name"]: one for one in part.snapshot()["sources"]}
    return sources.get(name, {})


def test_redis_dies_and_comes_back_empty(begun):
    first = leader(*begun.of("collect"))
    web = begun.of("web")[0]
    with watched(begun) as viewers:
        before = shown(web.snapshot())["connections"]
        begun.redis.kill()
        wait_for("it is said", lambda: source(web, "collector") != {}, 40)
        told = source(web, "collector")
        assert told["status"] == "failing" and "Redis at" in told["error"]
        assert told["last_success"]
        numbers = {one["number"] for one in before}
        assert {one["number"] for one in web.snapshot()["connections"]} == numbers
        assert web.get("/readyz").ok and web.get("/map/demo").ok
        refused = requests.post(
            f"{web.url}{API}/notes", json={"text": "x", "by": "Ann"}, timeout=20
        )
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            503,
            "no_collector",
        )
        wait_for("all were told", lambda: all(v.wholes > 1 for v in viewers))
        begun.redis.start()
        wait_for("it leads again", first.leads)
        news(begun)
    assert first.process.running()


def test_a_full_redis_deposes_nobody(begun):
    first = leader(*begun.of("collect"))
    web = begun.of("web")[0]
    with watched(begun), begun.redis.client() as client:
        client.config_set("maxmemory", 1)
        begun.simulation.inject("scale_zero", "voicemail")
        wait_for(
            "it is said", lambda: "full" in source(web, "collector").get("error", "")
        )
        assert first.leads()
        client.config_set("maxmemory", 0)
        wait_snapshot(web, lambda s: node(s, "voicemail") == "failing", "the news")
        begun.simulation.end_faults()


def test_both_collectors_die_and_one_comes_back(begun):
    collectors, web = begun.of("collect"), begun.of("web")[0]
    leader(*collectors)
    with watched(begun):
        for one in collectors:
            one.kill()
        stale = lambda s: {"stale"} <= {c["status"] for c in s["connections"]}  # noqa: E731
        picture = wait_snapshot(web, lambda s: s["status"] == "stale", "all is stale")
        assert stale(picture)
        reasons = [
            c["reasons"][0]["text"] for c in picture["connections"] if c["reasons"]
        ]
        assert any("nobody has looked since" in one for one in reasons)
        for one in collectors:
            one.start()
        news(begun, "ucs")


def test_postgresql_dies_and_what_was_said_meanwhile_is_kept(begun):
    web, other = begun.of("web")
    with watched(begun):
        begun.postgresql.stop()
        begun.simulation.inject("scale_zero", "voicemail")
        before = wait_snapshot(web, lambda s: bool(s["incident"]), "an incident")
        wait_snapshot(web, lambda s: source(web, "records") != {}, "it is said")
        assert web.get(f"{API}/incidents").json()["trouble"]
        begun.postgresql.start()
        name = before["incident"]

        def kept() -> bool:
            listed = other.get(f"{API}/incidents").json()["incidents"]
            return name in {one["id"] for one in listed}

        wait_for("it is written", kept, 60)
        begun.simulation.end_faults()


def test_a_slow_postgresql_delays_no_picture(begun, slow):
    web = begun.of("web")[0]
    with watched(begun):
        slow[0].delay_s = 1.0
        news(begun, "digital-channels")
        began = time.monotonic()
        assert web.get(f"{API}/snapshot").ok
        assert time.monotonic() - began < 5
        asked = {"text": "slow", "by": "Ann"}
        made = requests.post(f"{web.url}{API}/notes", json=asked, timeout=20)
        assert made.status_code == 201
        slow[0].delay_s = 0.0


def test_the_history_engine_is_what_all_replicas_ask(begun):
    web = begun.of("web")[1]
    wait_for(
        "looks were pushed",
        lambda: bool(web.get(f"{API}/moments?from=2026-01-01T00:00:00Z").ok),
    )
    web.process.stop()
    web.start()
    series = web.get(f"{API}/series?metrics=request_rate")
    assert series.status_code == 200, series.text


def test_a_web_replica_dies_and_its_viewers_come_back(begun):
    one = begun.of("web")[1]
    with watched(begun):
        one.kill()
        one.start()
        news(begun)
