"""When we cannot see: stale, no data, absent, and sources told apart from boxes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.facts import ProbeFact, ProbeOutcome
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import standard
from tests.domain.scene import NOW, Scene, k8s

PROBE = "probe"


def probe_of(scene: Scene, node: str, *oks: bool, target: str = "") -> None:
    outcomes = tuple(
        ProbeOutcome(scene.now, ok, "connected" if ok else "connection refused", 0.001)
        for ok in oks
    )
    where = target or f"{node}:80"
    fact = ProbeFact(NodeId(node), "tcp", where, outcomes)
    scene.hear(Feed(PROBE, where, 30), fact)


def source(scene: Scene, name: str) -> tuple[str, str | None]:
    state = next(s for s in scene.look().sources if s.name == name)
    return state.status.value, state.error


def test_a_cut_api_turns_nothing_red_and_then_everything_stale(scene: Scene) -> None:
    for state in list(scene.knowledge.feeds.values()):
        scene.trouble(state.feed, text="cannot reach 127.0.0.1:6443")
    assert scene.off(after=89) == {}
    assert source(scene, "kubernetes") == ("failing", "cannot reach 127.0.0.1:6443")
    assert set(scene.off(after=3).values()) == {"stale"}
    assert scene.connection(18).reasons[0].text == (
        "every witness is older than its source allows"
    )
    assert scene.look().suspects == ()


def test_the_last_picture_is_kept_while_blind(scene: Scene) -> None:
    scene.crash("redis")
    scene.look(after=200)
    assert scene.node("redis").status is Status.STALE
    assert (scene.node("redis").ready, scene.node("redis").desired) == (0, 2)


def test_the_pipeline_is_woken_when_facts_become_old(scene: Scene) -> None:
    scene.look()
    assert scene.wake_at == NOW + timedelta(seconds=90, milliseconds=1)
    assert scene.statuses(after=90.001)[1] == "stale"


def test_a_watch_that_is_heard_keeps_old_facts_fresh(scene: Scene) -> None:
    for _ in range(5):
        scene.sight_kept()
        assert scene.off(after=60) == {}


def test_one_denied_feed_degrades_its_source_and_is_named(scene: Scene) -> None:
    text = "not allowed to list pods in namespace iwd"
    scene.trouble(k8s("pods/iwd"), "refused", text)
    assert source(scene, "kubernetes") == ("degraded", text)


def test_many_troubles_are_counted_not_listed(scene: Scene) -> None:
    scene.trouble(k8s("pods/iwd"), text="a")
    scene.trouble(k8s("pods/gws"), text="b")
    assert source(scene, "kubernetes")[1] == "a (and 1 more like it)"


def test_a_silent_feed_is_trouble(scene: Scene) -> None:
    scene.look(after=91)
    assert "silent for 91 s" in (source(scene, "kubernetes")[1] or "")


def test_a_feed_that_never_answered_is_no_data_until_it_fails() -> None:
    scene = Scene()
    assert source(scene, "kubernetes") == ("no_data", None)
    scene.trouble(k8s("pods/gws"), text="refused")
    assert source(scene, "kubernetes") == ("failing", "refused")
    assert scene.statuses()[1] == "no_data"


def test_scrape_targets_may_be_gone_without_blinding_the_source() -> None:
    scene = Scene()
    for i in range(4):
        scene.hear(Feed("scrape", f"pod-{i}", 45))
    scene.trouble(Feed("scrape", "pod-0", 45))
    scene.trouble(Feed("scrape", "pod-1", 45))
    assert source(scene, "scrape")[0] == "ok"
    scene.trouble(Feed("scrape", "pod-2", 45))
    assert source(scene, "scrape")[0] == "degraded"


def page_of(scene: Scene, pod: str) -> Feed:
    """The metrics page of a pod, heard once among many others."""
    for number in range(4):
        scene.hear(Feed("scrape", f"gone-{number}:8080", 900))
    page = Feed("scrape", f"{pod}:9121", 45)
    scene.hear(page)
    return page


def test_a_page_that_was_read_and_fails_at_a_ready_pod_is_told_once_it_is_old(
    scene: Scene,
) -> None:
    page = page_of(scene, "infra/infra-redis-redis-cluster-0")
    text = "infra-redis-redis-cluster-0:9121: HTTP 404 from /metrics"
    scene.trouble(page, "misread", text)
    scene.trouble(Feed("scrape", "gone-0:8080", 900), text="a: nobody is there")
    scene.look(after=45)
    assert source(scene, "scrape")[0] == "ok"
    scene.look(after=1)
    assert source(scene, "scrape") == ("degraded", text)
    assert scene.off() == {}


@pytest.mark.parametrize(
    "more", [{"ready": False}, {"terminating": True}, {"name": "another"}], ids=str
)
def test_a_page_of_a_pod_that_is_not_ready_or_gone_is_no_blindness(
    scene: Scene, more: dict[str, Any]
) -> None:
    page = page_of(scene, "infra-redis-redis-cluster-0")
    known = next(
        pod for pod in scene.pods("redis") if pod.name == "infra-redis-redis-cluster-0"
    )
    now = replace(known, **more)
    gone = () if now.key == known.key else (known.key,)
    scene.news(k8s("pods/infra"), now, gone=gone)
    scene.trouble(page)
    scene.look(after=60)
    assert source(scene, "scrape")[0] == "ok"


def test_a_page_that_never_was_is_no_loss(scene: Scene) -> None:
    page_of(scene, "someone")
    scene.trouble(Feed("scrape", "infra-redis-redis-cluster-0:9121", 45))
    scene.look(after=60)
    assert source(scene, "scrape")[0] == "ok"


def test_while_kubernetes_is_not_heard_nobody_knows_whether_a_pod_is_there(
    scene: Scene,
) -> None:
    page = page_of(scene, "infra-redis-redis-cluster-0")
    scene.trouble(page)
    scene.trouble(k8s("pods/infra"))
    scene.look(after=60)
    assert source(scene, "scrape")[0] == "ok"


def test_an_empty_answer_where_there_were_things_is_not_believed(scene: Scene) -> None:
    scene.hear(k8s("pods/infra"))
    assert scene.off() == {}
    assert "an empty answer where there were" in (source(scene, "kubernetes")[1] or "")


def test_an_optional_box_without_a_trace_is_absent() -> None:
    scene = Scene()
    scene.staff(without=("iwd", "gplus-adapter"))
    assert scene.off() == {4: "absent", 26: "absent"}
    assert "not installed" in scene.connection(26).reasons[0].text
    assert scene.node("iwd").status is Status.ABSENT


def test_an_optional_box_is_not_called_absent_while_blind() -> None:
    scene = Scene()
    scene.staff(without=("iwd",))
    scene.trouble(k8s("pods/iwd"))
    assert scene.connection(26).status is Status.NO_DATA


def test_a_box_that_must_be_there_has_no_data_and_says_where_we_looked() -> None:
    scene = Scene()
    scene.staff(without=("redis",))
    state = scene.node("redis")
    assert state.status is Status.NO_DATA
    assert state.reasons[0].text == (
        "no witness has ever spoken "
        "(looked for infra-redis-redis-cluster in namespace infra)"
    )


def test_configuration_can_say_that_a_box_is_absent(scene: Scene) -> None:
    scene.topology = replace(standard(), absent=frozenset({NodeId("redis")}))
    assert set(scene.off()) == {12, 18, 24, 25}
    assert set(scene.off().values()) == {"absent"}


def test_the_clients_have_no_witness_and_say_so(scene: Scene) -> None:
    state = scene.node("clients")
    assert state.status is Status.NO_DATA
    assert state.reasons[0].text == "no witness has ever spoken"


def test_three_of_three_failed_probes_fail_at_once(scene: Scene) -> None:
    probe_of(scene, "redis", True)
    scene.look()
    probe_of(scene, "redis", False, False, False)
    state = scene.connection(18)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == (
        "connection refused, 3 of 3 (tcp redis:80, from the dashboard)"
    )


def test_a_single_failed_probe_never_colours(scene: Scene) -> None:
    probe_of(scene, "redis", True, True, False)
    failed_at = scene.now
    scene.look()
    scene.now += timedelta(seconds=12)
    outcomes = (
        ProbeOutcome(failed_at, False, "connection refused"),
        *(ProbeOutcome(scene.now, True, "connected") for _ in range(2)),
    )
    fact = ProbeFact(NodeId("redis"), "tcp", "redis:80", outcomes)
    scene.hear(Feed(PROBE, "redis:80", 30), fact)
    assert scene.connection(18).status is Status.OK


def test_a_second_failed_probe_degrades(scene: Scene) -> None:
    probe_of(scene, "redis", True, True, False)
    scene.look()
    scene.now += timedelta(seconds=10)
    probe_of(scene, "redis", True, False, False)
    assert scene.connection(18).status is Status.DEGRADED


def test_a_target_never_reached_is_our_blindness_where_others_say_well(
    scene: Scene,
) -> None:
    probe_of(scene, "redis", False, False, False)
    state = scene.connection(18)
    assert state.status is Status.OK
    mark = next(m for m in state.witnesses if m.witness == "probe")
    assert mark.status is Status.NO_DATA
    assert "never been reached" in mark.text


def test_a_target_never_reached_is_believed_where_nobody_else_speaks() -> None:
    scene = Scene()
    probe_of(scene, "redis", False, False, False)
    assert scene.connection(18).status is Status.FAILING


def test_one_target_of_several_that_is_lost_only_degrades(scene: Scene) -> None:
    for target in ("a:1", "b:1"):
        probe_of(scene, "redis", True, target=target)
    scene.look()
    probe_of(scene, "redis", False, False, False, target="a:1")
    scene.look()
    scene.now += timedelta(seconds=10)
    probe_of(scene, "redis", False, False, False, target="a:1")
    assert scene.connection(18).status is Status.DEGRADED


def test_all_targets_lost_count_the_others(scene: Scene) -> None:
    for target in ("a:1", "b:1"):
        probe_of(scene, "redis", True, target=target)
    scene.look()
    for target in ("a:1", "b:1"):
        probe_of(scene, "redis", False, False, False, target=target)
    assert "likewise 1 more" in scene.connection(18).reasons[0].text


def test_when_nothing_can_be_reached_it_is_our_place_that_is_cut(scene: Scene) -> None:
    nodes = ("redis", "voice", "iwd", "postgresql")
    for node in nodes:
        probe_of(scene, node, True)
    scene.look()
    for node in nodes:
        probe_of(scene, node, False, False, False)
    assert scene.off() == {}
    assert source(scene, "probe") == (
        "failing",
        "nothing can be reached from where the dashboard runs",
    )
    assert source(scene, "kubernetes")[0] == "ok"
