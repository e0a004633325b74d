"""What is installed is what the product knows how to find."""

from __future__ import annotations

import pytest

from app.domain.locate import locator
from app.simulator.cluster_store import (
    DEPLOYMENTS,
    PODS,
    REPLICASETS,
    SERVICES,
    SLICES,
    STATEFULSETS,
    Resource,
)
from app.simulator.world import KUBERNETES_NODES, TOPOLOGY, WORKLOADS, behind
from tests.simulator.cluster_at import Still

LOCATOR = locator(TOPOLOGY)
STILL = Still()
BOX_OF = {spec.name: spec.box for spec in WORKLOADS}


def objects(resource: Resource) -> list[dict[str, object]]:
    store = STILL.cluster.store
    return list(store.at(resource, store.version).values())


def test_every_box_but_the_clients_is_installed() -> None:
    assert {spec.box for spec in WORKLOADS} == {
        box.id for box in TOPOLOGY.boxes if box.id != "clients"
    }


def test_the_fourteen_gws_workloads_are_there_with_their_colour() -> None:
    gws = [spec for spec in WORKLOADS if spec.namespace == "gws"]
    uncoloured = [spec.name for spec in gws if not spec.object_name.endswith("-blue")]
    assert (len(gws), uncoloured) == (14, ["gws-service-proxy"])


@pytest.mark.parametrize("resource", [DEPLOYMENTS, STATEFULSETS, REPLICASETS, PODS])
def test_every_workload_object_locates_to_its_box(resource: Resource) -> None:
    for found in objects(resource):
        about = found["metadata"]
        owners = about.get("ownerReferences")
        name = owners[0]["name"] if owners else about["name"]
        if owners and owners[0]["kind"] == "ReplicaSet":
            name = name.rpartition("-")[0]
        spec_name = about["labels"]["gws"]
        located = LOCATOR.workload(about["namespace"], name, about["labels"])
        assert located is not None
        assert located[0] == BOX_OF[spec_name]
        by_name = LOCATOR.workload(about["namespace"], name, {})
        assert by_name == located


@pytest.mark.parametrize("resource", [SERVICES, SLICES])
def test_every_service_object_locates_to_its_box(resource: Resource) -> None:
    for found in objects(resource):
        about = found["metadata"]
        name = about["labels"].get("kubernetes.io/service-name", about["name"])
        located = LOCATOR.service(about["namespace"], name, {})
        assert located is not None
        assert located[0] == BOX_OF[about["labels"]["gws"]]


def test_every_consul_service_locates_to_its_box() -> None:
    for spec in WORKLOADS:
        for service, port in spec.consul:
            located = LOCATOR.consul_service(service)
            assert located is not None
            assert located[0] == spec.box
            assert spec.port(port) > 1024


def test_no_port_needs_a_privileged_user() -> None:
    assert all(number > 1024 for spec in WORKLOADS for _, number in spec.ports)


def test_a_group_stands_for_its_own_workloads_and_its_members() -> None:
    assert {spec.name for spec in behind("platform-services")} == {
        "gws-platform-ocs", "gws-platform-chat", "gws-platform-ucs",
        "gws-platform-statistics", "gws-platform-voice", "gws-platform-ixn",
        "gws-platform-datacollector", "gws-platform-setting",
        "gws-platform-configuration",
    }  # fmt: skip
    assert [spec.name for spec in behind("gauth-auth")] == ["gauth-auth"]
    assert behind("nothing") == ()


def test_a_seed_gives_the_same_cluster_again_and_another_seed_another() -> None:
    def dump(seed: int) -> object:
        store = Still(seed).cluster.store
        return [store.at(resource, store.version) for resource in (PODS, SLICES)]

    assert dump(7) == dump(7)
    assert dump(7) != dump(8)


def test_pods_are_spread_over_all_nodes_and_have_an_address_each() -> None:
    pods = STILL.cluster.pods()
    assert {pod.host for pod in pods} == set(KUBERNETES_NODES)
    assert len({pod.ip for pod in pods}) == len(pods)
    assert all(pod.ready and pod.serving and not pod.leaving for pod in pods)
