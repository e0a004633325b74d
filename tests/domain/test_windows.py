"""Maintenance windows: inside of one it is said so, outside of it nothing is otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import wire
from app.domain.facts_alerts import AlertFact, Silence, SilenceFact
from app.domain.reading import Feed
from app.domain.subject import NodeId, Subject
from app.domain.topology import standard
from app.domain.windows import Window, covered, decode, encode, is_line
from tests.domain.scene import NOW, Scene
from tests.domain.test_properties import stories
from tests.examples import dear

ALERTS = Feed("alertmanager", "alerts", 45)
PICTURE = standard()
NUMBERS = [connection.number for connection in PICTURE.connections]
BOXES = [box.id for box in PICTURE.boxes]
REDIS = NodeId("redis")


def window(begins: float = 0, ends: float = 3600, *about: Subject, **more) -> Window:
    """Seconds from the scene's beginning; over `about`, or over everything."""
    return Window(
        more.pop("id", "w"),
        NOW + timedelta(seconds=begins),
        NOW + timedelta(seconds=ends),
        more.pop("why", "Redis upgrade"),
        more.pop("by", "ops"),
        tuple(one for one in about if not isinstance(one, int)),
        tuple(one for one in about if isinstance(one, int)),
        **more,
    )


def told(scene: Scene, number: int) -> list[str]:
    return [reason.text for reason in scene.connection(number).reasons]


def test_a_box_in_maintenance_takes_the_connections_that_end_at_it_along(
    scene: Scene,
) -> None:
    scene.windows = (window(0, 3600, REDIS),)
    scene.crash("redis")
    assert scene.off() == dict.fromkeys((12, 18, 24, 25), "maintenance")
    node = scene.node("redis")
    assert node.status == "maintenance"
    assert node.reasons[0].text == (
        "in maintenance until 2026-11-24 11:00 UTC by ops: Redis upgrade"
    )
    assert node.reasons[0].witness is None
    assert len(node.reasons) > 1, "what is said against it stays to be read"
    assert scene.snapshot is not None
    assert scene.snapshot.suspects == ()


def test_a_group_in_maintenance_means_its_parts_too(scene: Scene) -> None:
    scene.windows = (window(0, 60, NodeId("platform-services")),)
    assert scene.node("platform-services").status == "maintenance"
    assert scene.node("voice").status == "maintenance"
    assert scene.node("redis").status == "ok"


def test_a_connection_in_maintenance_leaves_the_others_alone(scene: Scene) -> None:
    scene.windows = (window(0, 3600, 24),)
    scene.crash("redis")
    assert scene.statuses()[24] == "maintenance"
    assert scene.statuses()[25] == "failing"
    assert told(scene, 24)[0].startswith("in maintenance until 2026-11-24 11:00 UTC")


def test_a_window_that_names_nothing_is_over_all_that_is_installed(
    scene: Scene,
) -> None:
    absent = frozenset({NodeId("iwd")})
    scene.topology = replace(PICTURE, absent=absent)
    scene.windows = (window(),)
    found = scene.look()
    assert found.status == "maintenance"
    assert {c.status for c in found.connections} == {"maintenance", "absent"}
    assert {n.id for n in found.nodes if n.status != "maintenance"} == absent


def test_maintenance_is_shown_although_nobody_is_heard() -> None:
    blind = Scene(windows=(window(),))
    assert set(blind.statuses().values()) == {"maintenance"}


def test_it_begins_and_ends_at_its_moments_though_nothing_happens(
    scene: Scene,
) -> None:
    scene.windows = (window(10, 20, 24),)
    assert scene.connection(24).status == "ok"
    assert scene.wake_at == NOW + timedelta(seconds=10)
    assert scene.connection(24, after=10).status == "maintenance"
    assert scene.snapshot is not None
    assert scene.snapshot.maintenance == scene.windows
    assert scene.wake_at == NOW + timedelta(seconds=20)
    assert scene.connection(24, after=10).status == "ok"
    assert scene.snapshot.maintenance == ()


def test_one_that_was_ended_early_is_over(scene: Scene) -> None:
    scene.windows = (window(0, 3600, 24),)
    scene.look()
    scene.windows = (scene.windows[0].ended(NOW, "jane"),)
    assert scene.connection(24).status == "ok"
    assert scene.wake_at is None or scene.wake_at < NOW + timedelta(seconds=3600)


def test_of_two_the_one_that_lasts_longer_is_told(scene: Scene) -> None:
    longer = window(0, 7200, 24, id="x", by="jane", why="new switch")
    scene.windows = (window(0, 3600, 24), longer)
    assert told(scene, 24) == [
        "in maintenance until 2026-11-24 12:00 UTC by jane: new switch"
    ]


def test_one_about_what_the_picture_no_longer_has_is_harmless(scene: Scene) -> None:
    scene.windows = (window(0, 60, NodeId("fax"), 99),)
    assert scene.off() == {}


def test_a_window_goes_before_a_silence_of_single_alerts(scene: Scene) -> None:
    later = NOW + timedelta(hours=9)
    muted = Silence("jane", "known", later)
    scene.hear(ALERTS, AlertFact(24, "f", "Slow", "critical", "", muted=muted))
    scene.windows = (window(0, 3600, 24),)
    assert told(scene, 24)[0].startswith("in maintenance until 2026-11-24 11:00")
    scene.hear(ALERTS, SilenceFact(24, "s", muted))
    assert told(scene, 24)[0].startswith("silenced until 2026-11-24 19:00")


abouts = st.sets(st.sampled_from([*NUMBERS, *BOXES]), max_size=4)
spans = st.tuples(st.floats(0, 400), st.floats(1, 400))


def drawn(about: set[Subject], span: tuple[float, float]) -> Window:
    return window(span[0], span[0] + span[1], *sorted(about, key=str))


@dear()
@given(stories, st.lists(st.builds(drawn, abouts, spans), max_size=3))
def test_inside_always_maintenance_and_outside_as_without_it(
    story: list, windows: list[Window]
) -> None:
    """Whatever is heard; a subject that never was in one has what it would have had."""
    scene, without = Scene(windows=tuple(windows)), Scene()
    ever: set[Subject] = set()
    for (feed, fact), pause in story:
        for one in (scene, without):
            one.news(feed, fact)
            one.look(after=pause)
        now, found = within(scene)
        ever |= now
        assert found, "inside, it is said"
        assert outside(scene, ever) == outside(without, ever)


def within(scene: Scene) -> tuple[set[Subject], bool]:
    """Whom a window is over now, and whether all of them are shown so."""
    assert scene.snapshot is not None
    about: set[Subject] = set()
    for one in scene.windows:
        if one.in_force(scene.now):
            about |= {*covered(one, scene.topology)}
    about |= {c.number for c in scene.topology.connections if c.destination in about}
    shown = {c.number: c.status for c in scene.snapshot.connections}
    shown |= {n.id: n.status for n in scene.snapshot.nodes}
    kinds = {shown[one] for one in about if one in shown}
    return about, kinds <= {"maintenance", "absent"}


def outside(scene: Scene, but: set[Subject]) -> dict[Subject, object]:
    assert scene.snapshot is not None
    states: dict[Subject, object] = {c.number: c for c in scene.snapshot.connections}
    states |= {n.id: n for n in scene.snapshot.nodes}
    return {one: state for one, state in states.items() if one not in but}


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("Redis upgrade", True),
        ("ü · 更新", True),
        ("", False),
        ("  ", False),
        ("two\nlines", False),
        ("bell\x07", False),
        ("turned \u202e round", False),
        ("half \ud800", False),
    ],
)
def test_a_reason_is_one_line_of_words(text: str, fine: bool) -> None:
    assert is_line(text) is fine


def test_a_window_is_told_with_who_ended_it() -> None:
    one = window(0, 60, REDIS, 24, configured=True).ended(NOW, "jane")
    assert encode(one) == {
        "id": "w",
        "from": "2026-11-24T10:00:00.000Z",
        "to": "2026-11-24T10:01:00.000Z",
        "nodes": ["redis"],
        "connections": [24],
        "why": "Redis upgrade",
        "by": "ops",
        "origin": "configuration",
        "ended_at": "2026-11-24T10:00:00.000Z",
        "ended_by": "jane",
    }


def test_a_reader_of_the_stream_learns_that_one_began_and_ended(scene: Scene) -> None:
    before = wire.encode(scene.look(), scene.topology)
    scene.windows = (window(0, 60, 24),)
    during = wire.encode(scene.look(), scene.topology)
    news = wire.delta(before, during)
    assert news is not None
    assert news["maintenance"] == [encode(scene.windows[0])]
    assert [item["number"] for item in news["connections"]] == [24]
    assert wire.apply(before, news) == during
    after = wire.encode(scene.look(after=60), scene.topology)
    assert after["maintenance"] == []


@given(
    st.lists(st.sampled_from([*NUMBERS, *BOXES]), unique=True),
    st.booleans(),
    st.sampled_from([None, NOW]),
)
def test_what_is_told_of_a_window_is_all_of_it(about, configured, early):
    by = None if early is None else "Ann"
    one = window(0, 60, *about, configured=configured, ended_at=early, ended_by=by)
    assert decode(encode(one)) == one
