"""A deployment in small says what its snapshot says, and only what is news is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import fleet, wire
from app.domain.fleet import BLIND, BOXES, CLEAR, LETTERS, NUMBERS, PARTIAL, WAITING
from app.domain.instants import instant
from app.domain.status import Status
from tests.domain.scene import NOW, Scene
from tests.examples import dear

EAST = fleet.Member("east", "East", "eu", "pair")
REST = "waiting for the first answer of consul"


def snapshot(scene: Scene, after: float = 0.0) -> wire.Json:
    return wire.encode(scene.look(after), scene.topology)


def card(scene: Scene, after: float = 0.0) -> wire.Json:
    return fleet.card(EAST, snapshot(scene, after), REST)


def source(name: str, status: str, heard: str | None = None, error: str | None = None):
    return {"name": name, "status": status, "last_success": heard, "error": error}


def seen(*sources) -> wire.Json:
    """The card of a deployment whose sources are these."""
    blank = {
        "status": "ok",
        "connections": [],
        "nodes": [],
        "suspects": [],
        "incidents": [],
    }
    return fleet.card(EAST, blank | {"sources": list(sources)}, REST)


def test_every_status_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(Status)
    assert all(status.startswith(letter) for status, letter in LETTERS.items())


def test_a_card_says_what_its_snapshot_says(scene: Scene) -> None:
    scene.crash("voicemail")
    whole, small = snapshot(scene), card(scene)
    assert (small["id"], small["name"], small["region"], small["group"]) == (
        "east",
        "East",
        "eu",
        "pair",
    )
    assert small["status"] == whole["status"] == "failing"
    told = {c["number"]: c["status"][0] for c in whole["connections"]}
    assert small["connections"] == "".join(told[number] for number in NUMBERS)
    assert small["connections"][16] == "f"
    told = {n["id"]: n["status"][0] for n in whole["nodes"]}
    assert small["nodes"] == "".join(told[box] for box in BOXES)
    assert sum(small["counts"].values()) == 31
    assert small["counts"]["failing"] == small["connections"].count("f")
    assert small["suspect"] == whole["suspects"][0]["text"]
    assert small["heard_at"] == instant(NOW)


def test_before_the_first_picture_nothing_is_known_but_what_is_waited_for() -> None:
    small = fleet.card(EAST, None, REST)
    assert (small["status"], small["sight"], small["waiting"]) == (
        "no_data",
        WAITING,
        REST,
    )
    assert set(small["connections"]) == set(small["nodes"]) == {"n"}
    assert (len(small["connections"]), len(small["nodes"])) == (31, 23)
    assert small["counts"] == {"no_data": 31}
    assert small["since"] is small["heard_at"] is None
    assert set(small) == set(seen())


def test_what_a_snapshot_does_not_hold_is_not_known() -> None:
    assert seen()["connections"] == "n" * 31


@pytest.mark.parametrize(
    ("sources", "sight", "waiting"),
    [
        ([source("kubernetes", "ok")], CLEAR, None),
        ([source("kubernetes", "ok"), source("consul", "no_data")], CLEAR, None),
        ([source("kubernetes", "ok"), source("consul", "failing")], PARTIAL, None),
        ([source("kubernetes", "degraded")], PARTIAL, None),
        ([source("kubernetes", "ok"), source("config", "failing")], PARTIAL, None),
        ([source("kubernetes", "failing"), source("consul", "no_data")], BLIND, None),
        ([source("kubernetes", "failing"), source("records", "ok")], BLIND, None),
        (
            [source("kubernetes", "no_data"), source("consul", "no_data")],
            WAITING,
            "waiting for the first answer of kubernetes, consul",
        ),
        ([source("records", "ok")], WAITING, fleet.UNASKED),
        ([], WAITING, fleet.UNASKED),
    ],
)
def test_how_well_a_deployment_is_seen(sources, sight, waiting) -> None:
    small = seen(*sources)
    assert (small["sight"], small["waiting"]) == (sight, waiting)


def test_sources_in_trouble_are_told_the_worst_first() -> None:
    small = seen(
        source("scrape", "degraded", error="half of it"),
        source("probe", "ok"),
        source("consul", "failing", error="403"),
    )
    assert small["sources"] == [
        {"name": "consul", "status": "failing", "error": "403"},
        {"name": "scrape", "status": "degraded", "error": "half of it"},
    ]


def test_the_age_is_that_of_the_newest_word_about_the_deployment() -> None:
    old, new, newest = (instant(NOW + timedelta(seconds=n)) for n in (0, 5, 9))
    heard = source("kubernetes", "ok", old), source("consul", "ok", new)
    assert seen(*heard, source("config", "ok", newest))["heard_at"] == new
    assert seen(source("kubernetes", "no_data"))["heard_at"] is None


def test_the_gravest_incident_is_told_in_short() -> None:
    incident = {"id": "i-1", "worst": "failing", "text": "Since ...", "cascade": []}
    blank = {"status": "ok", "connections": [], "nodes": [], "suspects": []}
    whole = blank | {"sources": [], "incidents": [incident, incident | {"id": "i-2"}]}
    small = fleet.card(EAST, whole, REST)
    assert small["incident"] == {"id": "i-1", "worst": "failing", "text": "Since ..."}


@pytest.mark.parametrize(
    ("status", "times", "since"),
    [
        ("failing", ["10:01", "10:00"], "10:00"),
        ("ok", ["10:01", "10:00"], "10:01"),
        ("idle", ["10:01"], None),
        ("ok", [None], None),
    ],
)
def test_the_whole_is_as_it_is_since_its_parts_are(status, times, since) -> None:
    shown = "ok" if status == "idle" else status
    parts = [{"status": shown, "since": at} for at in times]
    whole = {"status": status, "connections": parts, "nodes": []}
    assert fleet.since(whole) == since


def test_only_what_changed_is_news(scene: Scene) -> None:
    before = card(scene)
    assert fleet.news(None, before) == before
    assert fleet.news(before, before) is None
    scene.crash("iwd")
    told = fleet.news(before, card(scene))
    assert told is not None
    assert told["id"] == "east"
    assert told["status"] == "failing"
    assert "nodes" in told
    assert not {"name", "region", "group", "sight"} & set(told)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0, 1, False),
        (0, 5, True),
        (0, -1, False),
        (0, -60, True),
        (None, 1, True),
        (0, None, True),
    ],
)
def test_that_a_source_spoke_again_is_told_now_and_then(before, after, told) -> None:
    def heard(seconds: float | None) -> wire.Json:
        at = None if seconds is None else instant(NOW + timedelta(seconds=seconds))
        return seen(source("kubernetes", "ok", at))

    assert (fleet.news(heard(before), heard(after)) is not None) == told


@dear()
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["east", "west"]),
            st.sampled_from(["redis", "voice", "iwd", "consul"]),
            st.sampled_from(["crash", "heal", "wait"]),
        ),
        max_size=10,
    )
)
def test_deltas_in_order_give_the_newest_fleet(story) -> None:
    scenes = {name: Scene() for name in ("east", "west")}
    for scene in scenes.values():
        scene.staff()
    members = {name: fleet.Member(name, name.title()) for name in scenes}
    cards = {name: fleet.card(m, None, REST) for name, m in members.items()}
    shown = fleet.whole(1, "t1", cards.values(), "*")
    for version, (name, node, act) in enumerate(story, 2):
        if act != "wait":
            getattr(scenes[name], act)(node)
        new = fleet.card(members[name], snapshot(scenes[name], 2), REST)
        told = fleet.news(cards[name], new)
        if told is None:
            continue
        cards[name] = new
        whole = fleet.whole(version, f"t{version}", cards.values(), "*")
        shown = fleet.apply(shown, fleet.delta(whole, [told]))
        assert shown == whole


def test_a_reader_may_be_told_of_one_that_it_never_heard_of() -> None:
    shown = fleet.whole(1, "t1", [], "*")
    told = fleet.delta(shown | {"version": 2}, [seen()])
    assert fleet.apply(shown, told)["deployments"] == [seen()]
