"""What a box's pods use, and what they may: users, processor, memory, replicas."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import PodFact, WorkloadFact
from app.domain.facts_traffic import MeasureFact
from app.domain.facts_usage import AutoscalerFact, UsageFact
from app.domain.knowledge import urgent
from app.domain.limits import DEFAULT, customise
from app.domain.reading import Feed, Reading
from app.domain.snapshot import NodeState, SourceState
from app.domain.subject import NodeId
from app.domain.usage import Usage, usage
from app.domain.view import Seen, View
from tests.domain.scene import NOW, Scene, k8s

MIB = 2**20
WORKSPACE, VOICE = NodeId("workspace"), NodeId("voice")
PODS = ("gws-app-workspace-0", "gws-app-workspace-1")
SCALERS = Feed(
    "kubernetes", "horizontalpodautoscalers/gws", 90, continuous=True, optional=True
)


def users(scene: Scene, pod: str, count: float, port: str = ":48051") -> None:
    fact = MeasureFact(WORKSPACE, f"{pod}{port}", "workspace_users", count)
    scene.hear(Feed("scrape", f"{pod}{port}", 45), fact)


def used(scene: Scene, pod: str, node: NodeId = WORKSPACE, **more: object) -> None:
    fact = UsageFact(node, f"{pod}:1", **more)  # type: ignore[arg-type]
    scene.hear(Feed("scrape", f"{pod}:usage{more.get('by')}", 45), fact)


def allow(scene: Scene, node: str, cpu: float | None, memory: int | None) -> None:
    for pod in scene.pods(node):
        told = replace(pod, cpu_limit=cpu, memory_limit=memory)
        scene.news(k8s(f"pods/{pod.namespace}"), told)


def workspace(scene: Scene, after: float = 0.0) -> NodeState:
    return scene.node("workspace", after)


def told_users(scene: Scene) -> tuple[int | None, int | None, tuple[float, ...]]:
    node = workspace(scene)
    return node.users, node.users_most, node.users_marks


def test_users_are_added_up_and_the_fullest_pod_is_told_with_the_vendors_marks(
    scene: Scene,
) -> None:
    for pod, count in zip(PODS, (212, 130), strict=True):
        users(scene, pod, count)
    assert told_users(scene) == (342, 212, (450, 900))


def test_users_are_not_told_while_a_ready_pod_does_not_tell(scene: Scene) -> None:
    users(scene, PODS[0], 212)
    assert told_users(scene) == (None, None, ())
    users(scene, PODS[1], 0)
    assert told_users(scene)[:2] == (212, 212)
    assert workspace(scene, after=60).users is None, "an old number is none"


def test_nobody_is_a_number_too(scene: Scene) -> None:
    lag = MeasureFact(WORKSPACE, f"{PODS[0]}:48051", "event_loop_lag_s", 0.01)
    scene.hear(Feed("scrape", "lag", 45), lag)
    for pod in PODS:
        users(scene, pod, 0)
    assert told_users(scene) == (0, 0, (450, 900))


def test_a_pod_that_is_overloaded_and_not_ready_has_its_users_still(
    scene: Scene,
) -> None:
    for pod, count in zip(PODS, (930, 130), strict=True):
        users(scene, pod, count)
    scene.crash("workspace", count=1)
    assert told_users(scene)[:2] == (1060, 930)


def test_users_of_a_pod_that_is_gone_are_no_longer_there(scene: Scene) -> None:
    for pod, count in zip(PODS, (212, 130), strict=True):
        users(scene, pod, count)
    scene.news(k8s("pods/gws"), gone=(("pod", "gws", PODS[0]),))
    assert told_users(scene)[:2] == (130, 130)


def test_a_page_that_a_prometheus_reads_too_is_counted_once(scene: Scene) -> None:
    for pod in PODS:
        users(scene, pod, 100)
        users(scene, pod, 90, port="")
    assert told_users(scene)[:2] == (200, 100)


def test_without_kubernetes_everybody_who_tells_is_counted() -> None:
    scene = Scene()
    users(scene, PODS[0], 212)
    used(scene, PODS[0], cpu=0.31)
    node = workspace(scene)
    assert (node.users, node.cpu) == (212, pytest.approx(0.35))


def test_marks_are_those_of_the_configuration(scene: Scene) -> None:
    scene.limits, problems = customise(DEFAULT, {"workspace_users": {"degraded": 300}})
    assert not problems
    for pod in PODS:
        users(scene, pod, 1)
    assert told_users(scene)[2] == (300, 900)


def test_what_the_ready_pods_use_is_added_up_in_hundredths_of_their_limit(
    scene: Scene,
) -> None:
    allow(scene, "workspace", 0.8, 700 * MIB)
    for pod in PODS:
        used(scene, pod, cpu=0.1601, memory=300.5 * MIB)
    node = workspace(scene)
    assert (node.cpu, node.cpu_limit) == (0.336, 1.6)
    assert (node.pods_memory, node.pods_memory_limit) == (602 * MIB, 1400 * MIB)


def test_what_only_wobbles_is_no_news(scene: Scene) -> None:
    allow(scene, "workspace", 0.8, 700 * MIB)
    for pod in PODS:
        used(scene, pod, cpu=0.161, memory=300 * MIB)
    before = workspace(scene)
    used(scene, PODS[0], cpu=0.163, memory=300.7 * MIB)
    assert workspace(scene) is before or workspace(scene) == before


def test_without_a_limit_there_is_none_to_add_up(scene: Scene) -> None:
    allow(scene, "workspace", 0.8, 700 * MIB)
    (first, _) = scene.pods("workspace")
    boundless = replace(first, cpu_limit=None, memory_limit=None)
    scene.news(k8s("pods/gws"), boundless)
    for pod in PODS:
        used(scene, pod, cpu=0.16, memory=300 * MIB)
    node = workspace(scene)
    assert (node.cpu, node.cpu_limit) == (pytest.approx(0.35), None)
    assert (node.pods_memory, node.pods_memory_limit) == (608 * MIB, None)


def test_one_ready_pod_that_is_not_measured_leaves_no_sum(scene: Scene) -> None:
    used(scene, PODS[0], cpu=0.16, memory=300 * MIB)
    assert (workspace(scene).cpu, workspace(scene).pods_memory) == (None, None)
    used(scene, PODS[1], cpu=0.16)
    assert workspace(scene).cpu is not None
    assert workspace(scene).pods_memory is None


def test_a_pod_that_is_not_ready_is_not_added(scene: Scene) -> None:
    for pod in PODS:
        used(scene, pod, cpu=0.2)
    scene.crash("workspace", count=1)
    assert workspace(scene).cpu == pytest.approx(0.2)


def test_who_measures_the_container_goes_before_its_process(scene: Scene) -> None:
    for pod in PODS:
        used(scene, pod, cpu=0.5, memory=320 * MIB, by="cadvisor")
        used(scene, pod, cpu=0.1)
    assert workspace(scene).cpu == pytest.approx(1.0)
    assert workspace(scene).pods_memory == 640 * MIB


def test_a_group_is_the_sum_of_its_own_and_its_members(scene: Scene) -> None:
    box = next(box for box in scene.topology.boxes if box.members)
    for node in (box.id, *box.members):
        for pod in scene.pods(node):
            used(scene, pod.name, node, cpu=0.05)
    count = sum(len(scene.pods(node)) for node in (box.id, *box.members))
    assert scene.node(box.id).cpu == pytest.approx(0.05 * count)


def test_what_pods_use_is_never_judged_and_never_urgent(scene: Scene) -> None:
    before = workspace(scene)
    used(scene, PODS[0], cpu=99.0)
    after = workspace(scene)
    assert (after.status, after.witnesses) == (before.status, before.witnesses)
    fact = UsageFact(WORKSPACE, f"{PODS[0]}:1", cpu=1.0)
    feed = Feed("scrape", f"{PODS[0]}:usageNone", 45)
    assert not urgent(scene.knowledge, Reading(feed, scene.now, (fact,)))


def scaler(name: str, most: int, node: NodeId = WORKSPACE) -> AutoscalerFact:
    return AutoscalerFact(node, name, "gws", name, "Deployment", name, most)


def test_an_autoscaler_tells_how_many_there_may_be(scene: Scene) -> None:
    assert workspace(scene).replicas_max is None
    scene.hear(SCALERS, scaler("gws-app-workspace", 6))
    assert workspace(scene).replicas_max == 6
    scene.hear(SCALERS)
    assert workspace(scene).replicas_max is None


def test_a_workload_beside_one_that_is_scaled_stays_as_it_is(scene: Scene) -> None:
    box = next(b for b in scene.topology.boxes if b.id == "authentication")
    first, second = (work.names[0] for work in box.workloads)
    space = scene.topology.namespace_of(box.workloads[0].role)
    fact = AutoscalerFact(box.id, first, space, first, "Deployment", first, 5)
    scene.hear(SCALERS, fact)
    assert scene.node(box.id).replicas_max == 5 + 2, second


def test_an_autoscaler_of_something_else_says_nothing(scene: Scene) -> None:
    scene.hear(SCALERS, replace(scaler("gws-app-workspace", 6), kind="StatefulSet"))
    assert workspace(scene).replicas_max is None


def kubernetes(scene: Scene, after: float = 0.0) -> SourceState:
    return next(s for s in scene.look(after).sources if s.name == "kubernetes")


def test_a_source_that_lacks_only_what_is_optional_is_well_and_says_so(
    scene: Scene,
) -> None:
    scene.trouble(SCALERS, "refused", "how many replicas there may be is unknown: no")
    state = kubernetes(scene)
    assert (state.status, state.troubled) == ("ok", 1)
    assert state.error == "how many replicas there may be is unknown: no"


def test_what_is_needed_is_told_before_what_is_optional(scene: Scene) -> None:
    scene.trouble(SCALERS, "refused", "a: optional")
    scene.trouble(k8s("pods/gws"), "refused", "not allowed to list pods")
    state = kubernetes(scene)
    assert (state.status, state.error) == ("degraded", "not allowed to list pods")


def test_what_is_optional_alone_is_not_sight_enough() -> None:
    scene = Scene()
    scene.hear(SCALERS)
    assert kubernetes(scene).status == "no_data"
    scene.trouble(k8s("pods/gws"), "unreachable", "gone")
    assert kubernetes(scene).status == "failing"


def test_replicas_that_were_allowed_once_are_not_told_for_ever(scene: Scene) -> None:
    scene.hear(SCALERS, scaler("gws-app-workspace", 6))
    assert workspace(scene).replicas_max == 6
    scene.sight_kept()
    scene.trouble(SCALERS, "refused", "no")
    assert workspace(scene, after=160).replicas_max is None


def view(*facts: object) -> View:
    made = View()
    for fact in facts:
        made.seen[type(fact)].append(Seen(fact, NOW, True))  # type: ignore[arg-type]
    return made


@given(
    cores=st.floats(0, 64),
    limit=st.none() | st.floats(0.001, 64),
    desired=st.integers(0, 9),
)
def test_what_is_shown_is_never_less_than_what_is_used_and_a_step_more_at_most(
    cores: float, limit: float | None, desired: int
) -> None:
    pod = PodFact(
        VOICE, "w", "gws", "p", "Running", True, 0, False, cpu_limit=limit
    )  # fmt: skip
    work = WorkloadFact(VOICE, "w", "gws", "Deployment", "w", desired, 1)
    found = usage([view(pod, work, UsageFact(VOICE, "p:1", cores))], DEFAULT)
    step = limit / 100 if limit else 0.05
    assert found.cpu is not None
    assert cores - 1e-3 <= found.cpu <= cores + step + 1e-3
    assert found.cpu > 0 or cores < 1e-3
    assert found.users is found.replicas_max is None


def test_of_nothing_nothing_is_known() -> None:
    assert usage([], DEFAULT) == Usage()
