"""A mistake in the values is refused by Helm itself, with its place."""

from __future__ import annotations

from typing import Any

import pytest
from helm_python.errors import HelmError

from tests.chart.helm import chart, rendered
from tests.chart.sites import DEPLOYMENT, EAST, REPLICATED

Json = dict[str, Any]


def config(**keys: Any) -> Json:
    return {"config": keys}


def deployment(**keys: Any) -> Json:
    return config(deployments=[{"id": "east", **keys}])


MISTAKES: dict[str, tuple[Json, str]] = {
    "a key of the chart": ({"persistense": {}}, "persistense"),
    "a key below": ({"web": {"replica": 2}}, "/web"),
    "a word for a number": ({"web": {"replicas": "two"}}, "/web/replicas"),
    "a mode": ({"mode": "ha"}, "/mode"),
    "a digest": ({"image": {"digest": "sha256:abc"}}, "/image/digest"),
    "a pull policy": ({"image": {"pullPolicy": "Sometimes"}}, "/image/pullPolicy"),
    "a size": ({"persistence": {"size": "10 GB"}}, "/persistence/size"),
    "a scope": ({"rbac": {"scope": "everything"}}, "/rbac/scope"),
    "a peer": ({"networkPolicy": {"viewers": [{}]}}, "/networkPolicy/viewers/0"),
    "a group of alerts": ({"prometheusRule": {"groups": {"gws-reddis": True}}}, "gws-reddis"),
    "a probe": ({"livenessProbe": {"httpGet": {"path": "/"}}}, "/livenessProbe"),
    "a folder": ({"secrets": {"Consul": {"secretName": "x"}}}, "/secrets"),
    "a secret without a name": ({"secrets": {"consul": {}}}, "/secrets/consul"),
    "a secret's value": ({"secrets": {"consul": {"value": "s3cret"}}}, "/secrets/consul"),
    "an ingress without a host": ({"ingress": {"enabled": True}}, "/ingress/hosts"),
    "an HTTPRoute without a gateway": ({"httpRoute": {"enabled": True}}, "/httpRoute/parentRefs"),
    "a key of the product": (deployment(prometeus={}), "/config/deployments/0"),
    "a section of the product": (config(storrage={}), "/config"),
    "a key deep in it": (
        deployment(backends={"redis": {"url": "redis://r", "pasword_file": "x"}}),
        "/config/deployments/0/backends/redis",
    ),
    "a deployment without an id": (config(deployments=[{}]), "/config/deployments/0"),
    "no deployment": (config(deployments=[]), "/config/deployments"),
    "a switch": (deployment(scrape={"enabled": "yes"}), "/config/deployments/0/scrape/enabled"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place(mistake: str) -> None:
    values, place = MISTAKES[mistake]
    with pytest.raises(HelmError) as refused:
        chart().render(values)
    assert place in str(refused.value)


SENSELESS: dict[str, tuple[Json, str]] = {
    "several without a Redis": (
        {"config": {"storage": {"bus": "memory"}}},
        "config.storage.bus: mode replicated needs a Redis",
    ),
    "several with a file of records": (
        {"config": {"storage": {"records": "sqlite:///var/lib/r.db"}}},
        "config.storage.records: mode replicated needs a PostgreSQL",
    ),
    "several with a file of history": (
        {"config": {"storage": {"history": "sqlite:///var/lib/h.db"}}},
        "config.storage.history: mode replicated needs an engine",
    ),
}


@pytest.mark.parametrize("which", SENSELESS)
def test_several_need_what_they_share(which: str) -> None:
    values, said = SENSELESS[which]
    with pytest.raises(HelmError, match=said):
        rendered(REPLICATED, values)


def test_a_single_process_is_not_multiplied() -> None:
    with pytest.raises(
        HelmError, match="web.autoscaling.enabled: only web pods are many"
    ):
        rendered({"web": {"autoscaling": {"enabled": True}}})


def test_a_file_that_nothing_mounts_is_refused_with_the_key_that_names_it() -> None:
    fewer = {name: one for name, one in EAST["secrets"].items() if name != "redis"}
    with pytest.raises(HelmError) as refused:
        rendered({**EAST, "secrets": fewer})
    said = str(refused.value)
    assert (
        "config.deployments[0].backends.redis.password_file: nothing is mounted at"
        in said
    )
    assert "/etc/gws-observatory/secrets/redis/password" in said


def test_a_file_may_come_from_a_volume_of_ones_own() -> None:
    consul = {**DEPLOYMENT["consul"], "token_file": "/vault/consul"}
    one = {"config": {"deployments": [{**DEPLOYMENT, "consul": consul}]}}
    mount = {"extraVolumeMounts": [{"name": "vault", "mountPath": "/vault"}]}
    volume = {"extraVolumes": [{"name": "vault", "emptyDir": {}}]}
    assert rendered(EAST, one, mount, volume)
    with pytest.raises(HelmError, match="nothing is mounted at /vault/consul"):
        rendered(EAST, one)


def test_an_alert_that_there_is_not_cannot_be_switched_off() -> None:
    wrong = {"prometheusRule": {"enabled": True, "disabled": ["GwsRedisDwn"]}}
    with pytest.raises(
        HelmError, match="there is no alert GwsRedisDwn; there are GwsObs"
    ):
        rendered(wrong)


def test_nobody_is_let_in_by_accident() -> None:
    with pytest.raises(HelmError, match="config.server.auth: say who may come in"):
        chart().render({})


def test_a_scraper_that_would_be_turned_away_is_told_of() -> None:
    on = {"serviceMonitor": {"enabled": True}}
    with pytest.raises(
        HelmError, match="serviceMonitor.authorization: /metrics is guarded"
    ):
        rendered(EAST, on)
    token = {
        "serviceMonitor": {"authorization": {"credentials": {"name": "a", "key": "b"}}}
    }
    assert rendered(EAST, on, token)
    assert rendered(on), "where everybody may look, a scraper may too"
