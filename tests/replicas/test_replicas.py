"""One collector leads, one stands by, web replicas serve: what dies is taken over from,
and what is said at one is seen at all."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from benchmarks.stage import wait_for
from tests.replicas.stage import (
    API,
    WAIT_S,
    Part,
    Scene,
    leader,
    scene,
    wait_snapshot,
)
from tests.replicas.viewers import Viewer

pytestmark = [pytest.mark.real, pytest.mark.thorough, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("replicas")) as one:
        one.begin(collectors=2, webs=2)
        yield one


def test_one_leads_and_the_other_asks_nobody_anything(begun):
    first = leader(*begun.of("collect"))
    (second,) = [one for one in begun.of("collect") if one is not first]
    assert second.get("/readyz").ok
    assert second.metric("gws_observatory_leader") == 0
    assert "gws_connection_status{" in first.get("/metrics").text
    assert "gws_connection_status{" not in second.get("/metrics").text
    assert first.get("/map/demo").status_code == 404


def test_all_web_replicas_show_the_same_picture(begun):
    one, two = begun.of("web")

    def same() -> bool:
        a, b = one.snapshot(), two.snapshot()
        return bool(a) and a["version"] == b["version"]

    wait_for("the same version", same)
    assert {c["number"] for c in one.snapshot()["connections"]} == set(range(1, 32))
    assert "gws_connection_status{" not in one.get("/metrics").text
    assert one.metric("gws_observatory_bus_up") == 1


def test_a_note_made_at_one_is_seen_at_the_other(begun):
    one, two = begun.of("web")
    asked = {"text": "the pager is with Ann", "by": "Ann"}
    made = requests.post(f"{one.url}{API}/notes", json=asked, timeout=20)
    assert made.status_code == 201, made.text
    name = made.json()["id"]
    wait_snapshot(two, lambda s: name in {n["id"] for n in s["notes"]}, "the note")
    listed = two.get(f"{API}/notes").json()["notes"]
    assert [n["text"] for n in listed] == ["the pager is with Ann"]
    by_others = requests.delete(f"{two.url}{API}/notes/{name}?by=Bob", timeout=20)
    assert by_others.status_code == 403
    own = requests.delete(f"{two.url}{API}/notes/{name}?by=Ann", timeout=20)
    assert own.status_code == 200
    assert one.get(f"{API}/notes").json()["notes"] == []


def test_maintenance_set_at_one_silences_at_all(begun):
    one, two = begun.of("web")
    asked = {"nodes": ["iwd"], "for": "1h", "why": "a new disk", "by": "Ann"}
    made = requests.post(f"{one.url}{API}/maintenance", json=asked, timeout=20)
    assert made.status_code == 201, made.text
    name = made.json()["id"]
    shown = wait_snapshot(two, lambda s: bool(s["maintenance"]), "maintenance")
    assert [w["id"] for w in shown["maintenance"]] == [name]
    told = two.get(f"{API}/maintenance").json()["windows"]
    assert [w["id"] for w in told] == [name]
    gone = requests.delete(f"{two.url}{API}/maintenance/{name}?by=Ann", timeout=20)
    assert gone.status_code == 200
    wait_snapshot(one, lambda s: not s["maintenance"], "no maintenance")


def test_what_only_the_collector_knows_is_asked_of_it(begun):
    (one, _) = begun.of("web")
    told = one.get(f"{API}/connections/17/explain")
    assert told.status_code == 200
    assert told.json()["number"] == 17
    assert one.get(f"{API}/connections/99/explain").status_code == 404


def test_a_tv_that_waits_at_one_is_let_in_at_the_other(begun):
    one, two = begun.of("web")
    wall = "/api/v1/wall"
    came = requests.post(f"{one.url}{wall}/pairings", timeout=20)
    assert came.status_code == 200, came.text
    admitted = {"code": came.json()["code"], "deployments": ["demo"]}
    with one.get(
        f"{wall}/pairings/stream", cookies=came.cookies, stream=True
    ) as waiting:
        lines = waiting.iter_lines()
        assert next(lines).startswith(b"retry: ")
        let_in = requests.post(f"{two.url}{wall}/admissions", json=admitted, timeout=20)
        assert let_in.status_code == 201, let_in.text
        assert next(x for x in lines if x.startswith(b"event:")) == b"event: let-in"
    entered = requests.post(f"{two.url}{wall}/entry", cookies=came.cookies, timeout=20)
    assert entered.json()["path"].startswith("/wall/demo")


def test_a_stream_goes_on_at_another_replica_where_it_was(begun):
    one, two = begun.of("web")
    with requests.get(f"{one.url}{API}/stream", stream=True, timeout=20) as stream:
        last = next(
            line.split(b": ")[1] for line in stream.iter_lines() if line[:3] == b"id:"
        )
    version = int(last.rpartition(b"-")[2])
    wait_snapshot(two, lambda s: s["version"] >= version, "as new")
    resumed = {"Last-Event-ID": last.decode()}
    with requests.get(
        f"{two.url}{API}/stream", stream=True, timeout=20, headers=resumed
    ) as stream:
        first = next(
            line for line in stream.iter_lines() if line[:6] != b"retry:" and line
        )
    assert first in (b"event: delta", b": still here")


def taken_in_hand(web: Part, incident: str) -> None:
    path = f"{web.url}{API}/incidents/{incident}/acknowledgement"
    answer = requests.put(path, json={"by": "Ann"}, timeout=20)
    assert answer.ok, answer.text


def failing(picture: dict) -> dict[int, str]:
    """Since when."""
    bad = (c for c in picture["connections"] if c["status"] == "failing")
    return {c["number"]: c["since"] for c in bad}


def unseen(picture: dict) -> set[int]:
    blind = ("no_data", "stale")
    return {c["number"] for c in picture["connections"] if c["status"] in blind}


def counted(picture: dict) -> dict[int, str]:
    """When whoever counts calls last told of each connection that is well: two
    measurements are needed, so that it is the last to speak."""
    rows = [c for c in picture["connections"] if c["status"] == "ok"]
    told = {c["number"]: c["heard"]["traffic"]["at"] for c in rows}
    return {number: at for number, at in told.items() if at is not None}


@contextmanager
def watching(web: Part) -> Iterator[tuple[Viewer, list[dict]]]:
    """Somebody, and every picture that is seen."""
    seen: list[dict] = []
    viewer = Viewer(web.url, sees=seen.append)
    viewer.start()
    try:
        wait_for("somebody watches", lambda: bool(seen))
        yield viewer, seen
    finally:
        viewer.stop()


def killed(begun: Scene) -> Part:
    """The one that leads; another one has taken over."""
    first = leader(*begun.of("collect"))
    (second,) = [one for one in begun.of("collect") if one is not first]
    first.kill()
    wait_for("the other leads", second.leads)
    wait_for("its first picture", lambda: "gws_connection_status{" in second.metrics())
    return first


def test_an_incident_goes_on_when_the_leader_is_killed(begun):
    """The other one takes over; nothing opens twice, and nothing turns meanwhile."""
    web = begun.of("web")[0]
    begun.simulation.inject("scale_zero", "voicemail")
    begun_and_counted = lambda s: bool(s["incident"] and counted(s))  # noqa: E731
    before = wait_snapshot(web, begun_and_counted, "an incident")
    name = before["incident"]
    taken_in_hand(web, name)
    with watching(web) as (viewer, seen):
        last = counted(before)
        first = killed(begun)
        until = max(last.values(), default="")
        news = lambda: {n for n, at in counted(viewer.picture).items() if at > until}  # noqa: E731
        wait_for("all have spoken", lambda: news() >= last.keys(), WAIT_S)
    assert {one["incident"] for one in seen} == {name}
    assert all(failing(one).items() >= failing(before).items() for one in seen)
    assert all(unseen(one) <= unseen(before) for one in seen)
    (told,) = [one for one in seen[-1]["incidents"] if one["id"] == name]
    assert told["acknowledged"]["by"] == "Ann"
    listed = web.get(f"{API}/incidents").json()["incidents"]
    assert [one["id"] for one in listed if one["end"] is None] == [name]
    first.start()
    begun.simulation.end_faults()


def test_a_leader_that_was_frozen_is_refused_and_ends(begun):
    first = leader(*begun.of("collect"))
    (second,) = [one for one in begun.of("collect") if one is not first]
    wait_for("it stands by", second.answers)
    first.process.signal(signal.SIGSTOP)
    wait_for("the other leads", second.leads)
    first.process.signal(signal.SIGCONT)
    assert first.gone() == 1
    assert first.told("leader")[-1]["problem"]
    assert second.leads()
    web = begun.of("web")[0]
    sources = {one["name"]: one for one in web.snapshot()["sources"]}
    assert "collector" not in sources


def test_a_leader_that_leaves_in_order_is_followed_at_once(begun):
    (there,) = [one for one in begun.of("collect") if one.process.running()]
    other = begun.part("collect")
    wait_for("it leads", there.leads)
    assert there.process.stop() == 0
    wait_for("the other leads", other.leads)
