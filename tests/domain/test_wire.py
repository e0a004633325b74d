"""The JSON of the contract, and deltas that give back exactly what they stand for."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import wire
from app.domain.facts import EventFact
from app.domain.subject import NodeId
from tests.domain.scene import NOW, Scene, k8s
from tests.examples import dear


def encoded(scene: Scene, after: float = 0.0) -> wire.Json:
    return wire.encode(scene.look(after), scene.topology)


def without_ages(snapshot: wire.Json) -> wire.Json:
    sources = [
        {k: v for k, v in source.items() if k != "age_s"}
        for source in snapshot["sources"]
    ]
    return snapshot | {"sources": sources}


def test_a_snapshot_is_what_the_contract_says(scene: Scene) -> None:
    scene.crash("voicemail")
    snapshot = encoded(scene)
    assert list(snapshot) == [
        "deployment", "version", "at", "status", "connections", "nodes", "sources",
        "suspects", "incident", "incidents", "maintenance", "notes",
    ]  # fmt: skip
    row = snapshot["connections"][16]
    assert (row["number"], row["source"], row["destination"]) == (
        17,
        "workspace",
        "voicemail",
    )
    assert (row["protocol"], row["port"], row["classification"]) == (
        "HTTP",
        None,
        "egress",
    )
    assert row["status"] == "failing"
    assert row["since"] == "2026-11-24T10:00:00.000Z"
    assert row["witnesses"] == {
        "kubernetes": "failing",
        "consul": "no_data",
        "traffic": "no_data",
        "probe": "no_data",
    }
    assert set(row["metrics"].values()) == {None}
    assert [s["name"] for s in snapshot["sources"]] == list(scene.sources)
    assert snapshot["suspects"][0]["node"] == "voicemail"
    json.dumps(snapshot)


def test_what_did_not_change_is_taken_over_from_before(scene: Scene) -> None:
    calm = scene.look(0.0)
    before = (calm, wire.encode(calm, scene.topology))
    scene.crash("voicemail")
    after = scene.look(1.0)
    again = wire.encode(after, scene.topology, before)
    assert again == wire.encode(after, scene.topology)
    taken = [
        row["number"]
        for row, old in zip(again["connections"], before[1]["connections"], strict=True)
        if row is old
    ]
    assert len(taken) > 20
    assert 17 not in taken


def test_pods_and_events_of_a_box_are_told(scene: Scene) -> None:
    event = EventFact(
        NodeId("iwd"), "iwd", "iwd.1", "iwd-0", "Warning", "BackOff", "restarting", 3,
        NOW - timedelta(minutes=5),
    )  # fmt: skip
    scene.hear(k8s("events/iwd"), event)
    node = next(n for n in encoded(scene)["nodes"] if n["id"] == "iwd")
    assert [pod["name"] for pod in node["pods"]] == ["iwd-0", "iwd-1"]
    assert node["events"] == [
        {
            "at": "2026-11-24T09:55:00.000Z",
            "reason": "BackOff",
            "message": "iwd-0: restarting",
        }
    ]


def test_time_alone_is_no_news(scene: Scene) -> None:
    assert wire.delta(encoded(scene), encoded(scene, after=1)) is None


def test_only_what_changed_is_sent(scene: Scene) -> None:
    before = encoded(scene)
    scene.crash("iwd")
    news = wire.delta(before, encoded(scene))
    assert news is not None
    assert [c["number"] for c in news["connections"]] == [26]
    assert [n["id"] for n in news["nodes"]] == ["iwd"]
    assert "protocol" not in news["connections"][0]
    assert news["status"] == "failing"
    assert "sources" not in news


def test_a_source_that_was_never_heard_has_no_age() -> None:
    assert {s["age_s"] for s in encoded(Scene())["sources"]} == {None}
    assert wire.instant(None) is None


@dear()
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["redis", "voice", "iwd", "consul", "service-proxy"]),
            st.sampled_from(["crash", "heal", "wait"]),
        ),
        max_size=12,
    )
)
def test_deltas_in_order_give_the_newest_snapshot(
    story: list[tuple[str, str]],
) -> None:
    scene = Scene()
    scene.staff()
    shown = before = encoded(scene)
    for node, act in story:
        if act != "wait":
            getattr(scene, act)(node)
        after = encoded(scene, after=7 if act == "wait" else 0.5)
        news = wire.delta(before, after)
        if news is None:
            assert without_ages(after) == without_ages(before | {"at": after["at"]})
            after = before
        else:
            shown = wire.apply(shown, news)
        before = after
        assert without_ages(shown) == without_ages(before)
