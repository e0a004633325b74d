"""A pod that is taken off its cluster node says why."""

import pytest

from app.domain.locate import locator
from app.domain.topology import standard
from collectors.kubernetes_read import read_object

BY_API = "EvictionByEvictionAPI"


def disrupted(reason, status="True"):
    """The condition as Kubernetes 1.26 and later write it."""
    return {
        "type": "DisruptionTarget",
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": "2026-11-24T11:21:28Z",
        "reason": reason,
        "message": "Eviction API: evicting",
    }


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"phase": "Running"}, None),
        ({"conditions": [disrupted(BY_API)]}, BY_API),
        ({"conditions": [disrupted(BY_API, "False")]}, None),
        ({"phase": "Failed", "reason": "Evicted"}, "Evicted"),
        (
            {
                "phase": "Failed",
                "reason": "Evicted",
                "conditions": [disrupted("TerminationByKubelet")],
            },
            "Evicted",
        ),
        ({"phase": "Failed", "reason": "Error"}, None),
    ],
)
def test_why_a_pod_is_taken_off_its_node(status, why):
    labels = {"gws": "gws-app-workspace"}
    obj = {
        "metadata": {"name": "p", "namespace": "gws", "labels": labels},
        "spec": {"containers": [{"name": "main"}]},
        "status": status,
    }
    assert read_object("Pod", obj, locator(standard())).evicted == why
