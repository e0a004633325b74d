"""Names that Consul's catalog no longer lists: whose pods are there to be found?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.domain.customise import customise
from app.domain.facts import CheckFact, RegistrationFact
from app.domain.locate import locator
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.topology import standard
from tests.domain.scene import Scene, k8s
from tests.domain.test_kubernetes_verdicts import work_of

CATALOG = Feed("consul", "catalog", 90, continuous=True, expects_some=True)
CHECKS = Feed("consul", "checks", 90, continuous=True, expects_some=True)
OCS = ("gws-platform-ocs-blue", "gws-platform-ocs-management")
OTHERS = (
    "consul", "gws-platform-chat-blue", "gws-platform-setting", "gws-core-auth",
    "gws-core-environment", "gws-core-auth-management", "iwd",
)  # fmt: skip
NOT_LISTED = "no longer registered in Consul"


def lists(scene: Scene, *names: str, checked: bool = False) -> None:
    """Consul lists these names and no others; `checked`: each with a passing check."""
    boxes = {name: locator(scene.topology).consul_service(name) for name in names}
    told = [RegistrationFact(found[0], n) for n, found in boxes.items() if found]
    checks = [
        CheckFact(fact.node, fact.service, fact.service, "n1", fact.service, "passing")
        for fact in told
    ]
    scene.hear(CATALOG, *told)
    scene.hear(CHECKS, *(checks if checked else checks[:1]))
    scene.look()


def a_minute_later(scene: Scene) -> Scene:
    scene.sight_kept()
    scene.look(after=scene.limits.unregistered)
    return scene


def texts(scene: Scene, number: int) -> list[str]:
    reasons = scene.connection(number).reasons
    return [reason.text for reason in reasons if NOT_LISTED in reason.text]


@pytest.mark.parametrize("checked", [True, False])
def test_one_workload_of_several_is_missed_and_named(
    scene: Scene, *, checked: bool
) -> None:
    lists(scene, *OCS, *OTHERS, checked=checked)
    lists(scene, *OTHERS, checked=checked)
    assert scene.off() == {}
    assert texts(scene, 2) == [
        "Platform services: gws-platform-ocs, gws-platform-ocs-management: "
        "no longer registered in Consul, its pods are ready"
    ]
    assert a_minute_later(scene).off() == {2: "degraded"}
    assert scene.node("platform-services").status is Status.DEGRADED
    (suspect,) = scene.look().suspects
    assert suspect.node == "platform-services"
    lists(scene, *OCS, *OTHERS, checked=checked)
    scene.sight_kept()
    assert scene.off(after=scene.limits.leave) == {}


def test_one_of_two_that_are_both_needed_is_missed(scene: Scene) -> None:
    lists(scene, *OTHERS)
    lists(scene, *(name for name in OTHERS if name != "gws-core-environment"))
    assert a_minute_later(scene).off() == dict.fromkeys((11, 14, 20), "degraded")
    (text,) = texts(scene, 14)
    assert text.startswith("gws-core-environment: ")


def test_the_name_for_management_alone_is_missed_too(scene: Scene) -> None:
    lists(scene, *OTHERS)
    lists(scene, *(name for name in OTHERS if "management" not in name))
    (text,) = texts(a_minute_later(scene), 14)
    assert text.startswith("gws-core-auth-management: ")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([name.replace("blue", "green") for name in OCS], id="colour"),
        pytest.param([name.replace("-blue", "") for name in OCS], id="none"),
    ],
)
def test_a_change_of_colour_is_no_loss(scene: Scene, after: Iterable[str]) -> None:
    lists(scene, *OCS, *OTHERS)
    lists(scene, *after, *OTHERS)
    assert a_minute_later(scene).off() == {}
    assert texts(scene, 2) == []


def test_another_of_the_names_that_a_workload_may_have_will_do(scene: Scene) -> None:
    lists(scene, *OTHERS)
    lists(scene, *(name.replace("gws-core-auth", "gauth-auth") for name in OTHERS))
    assert a_minute_later(scene).off() == {}


def test_what_a_site_never_registers_is_not_missed(scene: Scene) -> None:
    lists(scene, *OTHERS)
    assert a_minute_later(scene).off() == {}


def test_scaled_to_zero_is_told_once_and_not_as_a_loss_of_its_name(
    scene: Scene,
) -> None:
    lists(scene, *OCS, *OTHERS)
    work = work_of(scene, "iwd")
    scene.news(k8s(f"deployments/{work.namespace}"), replace(work, desired=0, ready=0))
    for pod in scene.pods("iwd"):
        scene.news(k8s(f"pods/{pod.namespace}"), gone=(pod.key,))
    lists(scene, *OCS, *(name for name in OTHERS if name != "iwd"))
    assert [reason.text for reason in scene.connection(26).reasons] == [
        "scaled to zero"
    ]


def test_who_has_no_ready_pod_is_not_missed(scene: Scene) -> None:
    lists(scene, *OCS, *OTHERS)
    for pod in scene.pods("platform-services"):
        if pod.workload == "gws-platform-ocs":
            scene.news(k8s(f"pods/{pod.namespace}"), replace(pod, ready=False))
    lists(scene, *OTHERS)
    assert texts(scene, 2) == []
    scene.heal("platform-services")
    assert len(texts(scene, 2)) == 1


def test_when_nothing_of_several_boxes_is_left_we_may_no_longer_look(
    scene: Scene,
) -> None:
    lists(scene, *OCS, *OTHERS, checked=True)
    lists(scene, "consul", checked=True)
    assert a_minute_later(scene).off() == {}
    assert texts(scene, 2) == texts(scene, 26) == []


def test_a_catalog_that_is_not_heard_misses_nothing(scene: Scene) -> None:
    lists(scene, *OCS, *OTHERS)
    lists(scene, *OTHERS)
    assert len(texts(scene, 2)) == 1
    scene.trouble(CATALOG, "empty", "the ACL token lacks service:read")
    assert texts(scene, 2) == []


def test_names_that_a_site_gave_for_consul_are_each_a_service_of_their_own() -> None:
    own = {"nodes": {"authentication": {"consul": ["auth", "environment"]}}}
    topology, problems = customise(standard(), own)
    assert problems == ()
    scene = Scene(topology)
    scene.staff()
    lists(scene, "auth", "environment", "iwd")
    lists(scene, "auth", "iwd")
    (text,) = texts(a_minute_later(scene), 14)
    assert text == ("environment: no longer registered in Consul, its pods are ready")


def test_where_kubernetes_is_not_asked_the_catalog_alone_tells() -> None:
    scene = Scene()
    lists(scene, "iwd", "gws-platform-setting")
    lists(scene, "gws-platform-setting")
    assert texts(a_minute_later(scene), 26) == ["iwd: no longer registered in Consul"]
    assert scene.connection(26).status is Status.DEGRADED
