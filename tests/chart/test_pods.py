"""How the pods are run: as whom, with what, one or several, and how they are replaced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chart.helm import (
    LEAST,
    RELEASE,
    chart,
    configuration,
    merged,
    named,
    of,
    pods,
    rendered,
    values_of,
)
from tests.chart.sites import ALL_REPLICATED, EAST, EVERYTHING, REPLICATED, SITES

Json = dict[str, Any]
LIMITS = {"limits": {"error_ratio": {"degraded": 0.5}}}
each_site = pytest.mark.parametrize("site", SITES)


def containers(site: str) -> list[tuple[Json, Json]]:
    """The chart's own, each with its pod."""
    return [(pod, pod["containers"][0]) for _, pod in pods(rendered(SITES[site]))]


def deployment(objects: tuple[Json, ...], component: str = "") -> Json:
    name = f"{RELEASE}-{component}" if component else RELEASE
    return named(objects, "Deployment", name)["spec"]


@each_site
def test_every_container_is_confined(site: str) -> None:
    for pod, container in containers(site):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for word in ("hostNetwork", "hostPID", "hostIPC"):
            assert word not in pod


@each_site
def test_openshift_chooses_the_ids_itself_and_nobody_else_is_root(site: str) -> None:
    for pod, _ in containers(site):
        ids = {
            pod["securityContext"].get(key)
            for key in ("runAsUser", "runAsGroup", "fsGroup")
        }
        assert ids == ({None} if "openshift" in site else {10001})


@each_site
def test_what_is_written_is_written_to_volumes(site: str) -> None:
    for component, pod in pods(rendered(SITES[site])):
        if component not in ("check", "test"):
            mounts = pod["containers"][0]["volumeMounts"]
            writable = {one["mountPath"] for one in mounts if not one.get("readOnly")}
            assert writable - {"/more"} == {"/tmp", "/var/lib/gws-observatory"}


@each_site
def test_every_container_says_what_it_needs_and_none_is_throttled(site: str) -> None:
    for _, container in containers(site):
        resources = container["resources"]
        assert {"cpu", "memory"} <= set(resources["requests"])
        assert set(resources["limits"]) == {"memory"}


@each_site
def test_probes_ask_what_does_not_depend_on_what_is_watched(site: str) -> None:
    for component, pod in pods(rendered(SITES[site])):
        if component in ("check", "test"):
            continue
        container = pod["containers"][0]
        asked = {
            kind: container[f"{kind}Probe"]["httpGet"]
            for kind in ("startup", "liveness", "readiness")
        }
        assert asked["readiness"] == {"path": "/readyz", "port": "http"}
        assert (
            asked["startup"]
            == asked["liveness"]
            == {"path": "/healthz", "port": "http"}
        )


def test_only_one_process_at_a_time_owns_the_files() -> None:
    objects = rendered(SITES["single"])
    one = deployment(objects)
    assert (one["replicas"], one["strategy"]) == (1, {"type": "Recreate"})
    (claim,) = of(objects, "PersistentVolumeClaim")
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    volumes = {v["name"]: v for v in one["template"]["spec"]["volumes"]}
    claimed = volumes["data"]["persistentVolumeClaim"]["claimName"]
    assert claimed == claim["metadata"]["name"]
    for kind in ("PodDisruptionBudget", "HorizontalPodAutoscaler"):
        assert of(objects, kind) == []


def test_a_claim_that_is_there_is_used_and_without_a_volume_nothing_is_claimed() -> (
    None
):
    own = rendered({"persistence": {"existingClaim": "mine"}})
    none = rendered({"persistence": {"enabled": False}})
    assert of(own, "PersistentVolumeClaim") == of(none, "PersistentVolumeClaim") == []
    data = [deployment(one)["template"]["spec"]["volumes"][-1] for one in (own, none)]
    assert data[0] == {"name": "data", "persistentVolumeClaim": {"claimName": "mine"}}
    assert "emptyDir" in data[1]


def arguments(spec: Json) -> list[str]:
    return spec["template"]["spec"]["containers"][0]["args"]


def test_several_are_two_roles_over_the_same_engines() -> None:
    objects = rendered(REPLICATED)
    collect, web = (deployment(objects, role) for role in ("collect", "web"))
    assert arguments(collect)[-2:] == ["--role", "collect"]
    assert arguments(web)[-2:] == ["--role", "web"]
    assert (collect["replicas"], web["replicas"]) == (2, 3)
    for one in (collect, web):
        assert one["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert of(objects, "PersistentVolumeClaim") == []
    assert "--role" not in arguments(deployment(rendered()))


def test_viewers_are_led_to_those_who_serve() -> None:
    for site, component in ((EAST, "observatory"), (REPLICATED, "web")):
        selected = named(rendered(site), "Service")["spec"]["selector"]
        assert selected["app.kubernetes.io/component"] == component


def test_only_the_web_is_made_larger_by_an_autoscaler() -> None:
    objects = rendered(ALL_REPLICATED)
    (one,) = of(objects, "HorizontalPodAutoscaler")
    assert one["spec"]["scaleTargetRef"]["name"] == f"{RELEASE}-web"
    assert "replicas" not in deployment(objects, "web")
    assert deployment(objects, "collect")["replicas"] == 2


def test_each_part_of_several_may_lose_one_pod_at_a_time() -> None:
    budgets = of(rendered(REPLICATED), "PodDisruptionBudget")
    parts = {
        one["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"]
        for one in budgets
    }
    assert parts == {"collect", "web"}
    assert {one["spec"]["maxUnavailable"] for one in budgets} == {1}


def test_those_of_one_part_are_kept_apart() -> None:
    for part in ("collect", "web"):
        spread = deployment(rendered(REPLICATED), part)["template"]["spec"][
            "topologySpreadConstraints"
        ]
        assert [one["topologyKey"] for one in spread] == [
            "topology.kubernetes.io/zone", "kubernetes.io/hostname",
        ]  # fmt: skip
        for one in spread:
            assert (
                one["labelSelector"]["matchLabels"]["app.kubernetes.io/component"]
                == part
            )


def test_who_serves_holds_nothing_that_opens_a_source() -> None:
    objects = rendered(REPLICATED)
    web = deployment(objects, "web")["template"]["spec"]
    folders = {one["name"] for one in web["volumes"]}
    assert {name for name in folders if name.startswith("secret-")} == {
        "secret-sign-in", "secret-storage",
    }  # fmt: skip
    assert web["automountServiceAccountToken"] is False
    text = named(objects, "ConfigMap", f"{RELEASE}-web")["data"]["config.yaml"]
    for name in ("consul", "redis", "postgresql"):
        assert f"secrets/{name}" not in text
    for word in ("limits:", "topology:", "links:"):
        assert word in text


def test_who_serves_may_sign_in_as_somebody_who_may_do_less() -> None:
    password = "/etc/gws-observatory/secrets/reader/password"
    less = {"records_password_file": password, "bus_password_file": password}
    values = {"web": {"storage": less}, "secrets": {"reader": {"secretName": "reader"}}}
    objects = rendered(REPLICATED, values)
    mounted = {
        part: {
            one["secret"]["secretName"]
            for one in deployment(objects, part)["template"]["spec"]["volumes"]
            if "secret" in one
        }
        for part in ("collect", "web")
    }
    assert mounted["web"] == {"reader", "observatory-sign-in"}
    assert "observatory-storage" in mounted["collect"] - mounted["web"]
    assert "reader" not in mounted["collect"]
    stored = configuration(objects, f"{RELEASE}-web")["storage"]
    assert stored.items() >= less.items()
    assert (
        stored["bus"] == configuration(objects, f"{RELEASE}-collect")["storage"]["bus"]
    )


def started(values: Json) -> str:
    """What makes Kubernetes replace the pods."""
    notes = deployment(rendered(values))["template"]["metadata"]["annotations"]
    return notes["checksum/config"]


def test_a_limit_is_changed_without_a_restart_and_a_source_is_not() -> None:
    (east,) = EAST["config"]["deployments"]
    kept = merged(EAST, {"config": {"deployments": [{**east, **LIMITS}]}})
    moved = {
        "config": {
            "deployments": [{**east, "consul": {"url": "http://consul.infra:8500"}}]
        }
    }
    assert started(kept) == started(EAST)
    assert started(merged(EAST, moved)) != started(EAST)
    config = [named(rendered(one), "ConfigMap")["data"] for one in (EAST, kept)]
    assert config[0] != config[1]
    (mount,) = [
        m for m in deployment(rendered(EAST))["template"]["spec"]["containers"][0]["volumeMounts"]
        if m["name"] == "config"
    ]  # fmt: skip
    assert "subPath" not in mount, "a change would never arrive"


def test_the_image_is_one_exactly() -> None:
    (_, container), *_ = containers("everything")
    assert container["image"].startswith("registry.example.com/gws-observatory@sha256:")
    tagged = deployment(rendered({"image": {"tag": "0.2.0"}}))["template"]["spec"]
    assert tagged["containers"][0]["image"] == "gws-observatory:0.2.0"
    assert tagged["containers"][0]["image"] != "gws-observatory:latest"


def test_what_a_site_adds_is_there() -> None:
    spec = deployment(rendered(EVERYTHING))["template"]["spec"]
    collect = deployment(rendered(ALL_REPLICATED), "collect")["template"]["spec"]
    container, proxy = spec["containers"]
    assert proxy["name"] == "proxy"
    assert len(collect["containers"]) == 1, "nobody looks at a pod that watches"
    assert {"name": "HTTPS_PROXY", "value": "http://proxy:3128"} in container["env"]
    assert container["envFrom"] == [{"secretRef": {"name": "more"}}]
    assert spec["priorityClassName"] == "monitoring"
    assert spec["imagePullSecrets"] == [{"name": "registry"}]
    assert spec["nodeSelector"] and spec["tolerations"] and spec["affinity"]


def test_the_port_of_the_configuration_is_the_containers() -> None:
    objects = rendered({"config": {"server": {"port": 9000, "host": "::"}}})
    container = deployment(objects)["template"]["spec"]["containers"][0]
    assert container["ports"][0]["containerPort"] == 9000
    env = {one["name"]: one["value"] for one in container["env"]}
    assert env["GWS_OBSERVATORY__SERVER__PORT"] == "9000"
    assert env["GWS_OBSERVATORY__SERVER__HOST"] == "::"


def test_values_of_a_cloud_only_name_what_is_there() -> None:
    for name in ("openshift", "gke", "aks", "single", "replicated"):
        assert values_of(name)


def test_the_notes_say_where_it_is_and_what_to_do_next() -> None:
    notes = {
        site: chart().render(
            merged(LEAST, SITES[site]), name=RELEASE, namespace="watching"
        )
        for site in ("minimal", "everything", "replicated", "openshift")
    }
    told = {
        site: next(text for name, text in found.items() if name.endswith("NOTES.txt"))
        for site, found in notes.items()
    }
    assert "port-forward service/gws-observatory 8050:80" in told["minimal"]
    assert "https://observatory.example.com/" in told["everything"]
    assert "exec deploy/gws-observatory-collect --" in told["replicated"]
    assert "get route gws-observatory" in told["openshift"]
    for text in told.values():
        assert "helm test gws-observatory -n watching" in text
        assert "<no value>" not in text and "%!" not in text
