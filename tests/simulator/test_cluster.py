"""What the simulated controllers do, and what they never do on the way."""

from __future__ import annotations

import pytest

from app.simulator.cluster_store import (
    DEPLOYMENTS,
    PODS,
    SLICES,
    STATEFULSETS,
    Compacted,
    Object,
    Resource,
)
from app.simulator.world import WORKLOADS, WorkloadSpec
from tests.simulator.cluster_at import Still


def the(still: Still, resource: Resource, spec: WorkloadSpec) -> Object:
    found = still.cluster.store.get(resource, (spec.namespace, spec.object_name))
    assert found is not None
    return found


def ready_endpoints(still: Still, service: str) -> int:
    store = still.cluster.store
    return sum(
        endpoint["conditions"]["ready"]
        for found in store.at(SLICES, store.version).values()
        if found["metadata"]["labels"]["kubernetes.io/service-name"] == service
        for endpoint in found["endpoints"] or ()
    )


ROLLABLE = [
    spec for spec in WORKLOADS if spec.kind == "Deployment" or spec.replicas > 1
]


@pytest.mark.parametrize("spec", ROLLABLE, ids=lambda spec: spec.name)
def test_a_rolling_update_replaces_every_pod_and_never_takes_the_last(
    spec: WorkloadSpec,
) -> None:
    still = Still()
    work = still.cluster.works[spec.name]
    before = {pod.uid for pod in work.living()}
    lowest = spec.replicas
    for _pause in still.rollouts.roll(work, "9.9.9", 0):
        lowest = min(lowest, ready_endpoints(still, spec.service_name))
    assert lowest >= 1
    assert {pod.version for pod in work.living()} == {"9.9.9"}
    assert before.isdisjoint(pod.uid for pod in work.living())
    assert ready_endpoints(still, spec.service_name) == spec.replicas


@pytest.mark.parametrize(
    "spec", [spec for spec in WORKLOADS if spec.replicas > 1], ids=lambda s: s.name
)
def test_an_evicted_pod_says_so_and_another_comes(spec: WorkloadSpec) -> None:
    still = Still()
    work = still.cluster.works[spec.name]
    before = {pod.uid for pod in work.living()}
    still.take(still.rollouts.evict(work, 0))
    after = {pod.uid for pod in work.living()}
    assert len(after - before) == len(before - after) == 1
    assert ready_endpoints(still, spec.service_name) == spec.replicas
    written = still.written()
    said = [
        condition["reason"]
        for change in written
        if change.resource is PODS
        for condition in change.new["status"].get("conditions", ())
        if condition["type"] == "DisruptionTarget"
    ]
    assert set(said) == {"EvictionByEvictionAPI"}
    events = [change.new for change in written if change.resource.kind == "Event"]
    assert "SuccessfulDelete" not in {event["reason"] for event in events}


def test_scaling_to_zero_and_back_ends_where_it_began() -> None:
    still = Still()
    for spec in WORKLOADS:
        work = still.cluster.works[spec.name]
        resource = DEPLOYMENTS if spec.kind == "Deployment" else STATEFULSETS
        still.take(still.rollouts.scale(work, 0))
        assert ready_endpoints(still, spec.service_name) == 0
        assert "readyReplicas" not in the(still, resource, spec)["status"]
        still.take(still.rollouts.scale(work, spec.replicas))
        assert the(still, resource, spec)["status"]["readyReplicas"] == spec.replicas


def test_a_stalled_rollout_that_recreates_leaves_nothing_ready() -> None:
    still = Still()
    work = still.cluster.works["gws-platform-voice"]
    still.take(still.rollouts.stall(work, "9.9.9", recreate=True))
    assert ready_endpoints(still, work.spec.service_name) == 0
    reasons = {pod.waiting[0] for pod in work.living() if pod.waiting}
    assert reasons == {"ImagePullBackOff"}
    still.take(still.rollouts.roll_back(work))
    assert ready_endpoints(still, work.spec.service_name) == work.spec.replicas
    assert {pod.version for pod in work.living()} == {work.spec.version}


def test_a_stalled_rollout_that_rolls_keeps_the_old_pods() -> None:
    still = Still()
    work = still.cluster.works["gws-platform-voice"]
    still.take(still.rollouts.stall(work, "9.9.9", recreate=False))
    assert ready_endpoints(still, work.spec.service_name) == work.spec.replicas
    assert len(work.living()) == work.spec.replicas + 1
    still.take(still.rollouts.roll_back(work))
    assert len(work.living()) == work.spec.replicas


def test_a_crash_is_counted_and_says_how_the_container_ended() -> None:
    still = Still()
    pod = still.cluster.works["tenant"].living()[0]
    still.cluster.crash(pod, "OOMKilled")
    found = still.cluster.store.get(PODS, ("voice", pod.name))
    assert found is not None
    container = found["status"]["containerStatuses"][0]
    assert container["restartCount"] == 1
    assert container["lastState"]["terminated"]["exitCode"] == 137
    still.cluster.recover(pod)
    after = still.cluster.store.get(PODS, ("voice", pod.name))
    assert after is not None
    assert after["status"]["containerStatuses"][0]["state"].keys() == {"running"}


def test_versions_only_grow_and_every_write_is_kept_in_order() -> None:
    still = Still()
    still.take(still.rollouts.roll(still.cluster.works["nexus"], "2", 0))
    versions = [change.version for change in still.written()]
    assert versions == sorted(set(versions))
    assert versions[-1] == still.cluster.store.version


def test_writing_what_is_there_already_is_no_change() -> None:
    still = Still()
    for work in still.cluster.works.values():
        still.cluster.settle(work)
    assert still.written() == []


def test_the_past_can_be_read_until_it_is_compacted() -> None:
    still = Still()
    store = still.cluster.store
    before, then = store.version, store.at(PODS, store.version)
    still.cluster.crash(still.cluster.works["iwd"].living()[0], "Error")
    assert store.at(PODS, before) == then
    assert store.at(PODS, store.version) != then
    store.compact()
    with pytest.raises(Compacted):
        store.at(PODS, before)


def test_only_a_window_of_history_is_kept() -> None:
    still = Still(window=10)
    with pytest.raises(Compacted):
        still.cluster.store.since(1)
    assert len(still.cluster.store.since(still.cluster.store.compacted)) == 10


def test_pods_on_one_address_have_a_slice_for_each_port() -> None:
    """As real Kubernetes has, where a named port differs from pod to pod."""
    still = Still()
    work = still.cluster.works["gws-app-workspace"]
    pods = work.living()
    for number, pod in enumerate(pods):
        pod.ports = tuple((name, 20_000 + 10 * number) for name, _ in pod.ports)
    still.cluster.settle(work)
    store = still.cluster.store
    slices = [
        found
        for found in store.at(SLICES, store.version).values()
        if found["metadata"]["labels"]["gws"] == "gws-app-workspace"
    ]
    told = {
        (found["ports"][0]["port"], len(found["endpoints"]))
        for found in slices
        if found["endpoints"]
    }
    assert told == {(20_000, 1), (20_010, 1), (20_020, 1)}
