"""How much a pod may use at most, and how many of them there may be, case by case."""

import pytest

from app.domain.facts_usage import AutoscalerFact
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.errors import SourceMisread
from collectors.kubernetes_read import read_object
from collectors.kubernetes_read_limits import cpu_limit, memory_limit

LOCATOR = locator(standard())
MIB = 2**20
NAME = "gws-app-workspace-blue"


def limited(**limits):
    return {"name": "c", "resources": {"limits": limits}}


@pytest.mark.parametrize(
    ("written", "cores"),
    [("800m", 0.8), ("2", 2.0), ("0.5", 0.5), (1, 1.0), ("100u", 0.0001)],
)
def test_cores_are_read_as_kubernetes_writes_them(written, cores):
    assert cpu_limit({"containers": [limited(cpu=written)]}) == cores


@pytest.mark.parametrize(
    ("written", "size"),
    [("700Mi", 700 * MIB), ("2Gi", 2048 * MIB), ("734003200", 700 * MIB),
     ("1G", 10**9), ("1e3", 1000)],
)  # fmt: skip
def test_bytes_are_read_as_kubernetes_writes_them(written, size):
    assert memory_limit({"containers": [limited(memory=written)]}) == size


def test_limits_of_all_containers_are_added_up():
    spec = {"containers": [limited(cpu="800m"), limited(cpu="200m", memory="1Gi")]}
    assert cpu_limit(spec) == 1.0
    assert memory_limit(spec) is None, "one container may take what it likes"


def test_a_sidecar_counts_and_what_only_prepares_does_not():
    sidecar = limited(cpu="100m") | {"restartPolicy": "Always"}
    spec = {"containers": [limited(cpu="800m")],
            "initContainers": [sidecar, limited(cpu="4")]}  # fmt: skip
    assert cpu_limit(spec) == 0.9


def test_a_limit_of_the_whole_pod_goes_before_those_of_its_containers():
    whole = {"resources": {"limits": {"cpu": "3"}}}
    assert cpu_limit(whole | {"containers": [limited(cpu="800m"), {}]}) == 3.0


def test_without_containers_or_limits_there_is_none():
    assert cpu_limit({}) is None
    assert cpu_limit({"containers": [{"name": "c", "resources": {}}]}) is None


@pytest.mark.parametrize("written", ["many", "3Zi", [], {}])
def test_what_is_no_quantity_is_told(written):
    with pytest.raises(SourceMisread, match=r"limits.cpu is not a quantity"):
        cpu_limit({"containers": [limited(cpu=written)]})


def test_a_pod_carries_its_limits_and_its_zone():
    pod = read_object(
        "Pod",
        {
            "metadata": {"name": "p", "namespace": "gws",
                         "labels": {"gws": "gws-app-workspace",
                                    "topology.kubernetes.io/zone": "east-1"}},
            "spec": {"containers": [limited(cpu="800m", memory="700Mi")]},
        },
        LOCATOR,
    )  # fmt: skip
    assert (pod.cpu_limit, pod.memory_limit) == (0.8, 700 * MIB)
    assert pod.zone == "east-1"


def autoscaler(*, spec=None, name=NAME, target=NAME):
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    plain = {"scaleTargetRef": scaled, "minReplicas": 3, "maxReplicas": 6}
    obj = {
        "metadata": {"name": name, "namespace": "gws"},
        "spec": plain | (spec or {}),
        "status": {"currentReplicas": 3, "desiredReplicas": 3, "currentMetrics": None},
    }
    return read_object("HorizontalPodAutoscaler", obj, LOCATOR)


def test_an_autoscaler_is_whose_workload_it_scales():
    assert autoscaler(name="keda-hpa-x") == AutoscalerFact(
        "workspace", "gws-app-workspace", "gws", "keda-hpa-x", "Deployment", NAME, 6
    )
    assert autoscaler(target="somebody-elses") is None


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ({"maxReplicas": None}, "maxReplicas is missing"),
        ({"maxReplicas": "6"}, "maxReplicas is not a whole number but str"),
        ({"scaleTargetRef": {"name": NAME}}, "kind is missing"),
        ({"scaleTargetRef": {"kind": "Deployment"}}, "name is missing"),
    ],
)
def test_an_autoscaler_that_is_not_shaped_as_one_is_told(spec, what):
    with pytest.raises(SourceMisread, match=what):
        autoscaler(spec=spec)
