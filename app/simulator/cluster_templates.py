"""Pod templates and pod specs, as the API server defaults them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.simulator.cluster_records import PodRecord, Stage
from app.simulator.world import WorkloadSpec
from app.simulator.world_room import room

Object = dict[str, Any]
ENVIRONMENT: Final[Mapping[str, Mapping[str, str]]] = {
    "gws-service-proxy": {"GWS_NGINX_CONSUL_ENABLED": "off"},
    "gws-app-provisioning": {
        "GWS_SERVICE_CONF_URL": "http://gws-service-proxy.gws:80",
        "GWS_SERVICE_VOICEMAIL_URL": "http://voice-voicemail-service.voice.svc:8081/fs",
    },
}
"""As the vendor's published sample sets them."""


def pod_template(
    spec: WorkloadSpec,
    labels: Mapping[str, str],
    image: str,
    ports: Mapping[str, int] | None = None,
) -> Object:
    """`ports`: where this one pod listens, if not on the workload's own ports."""
    numbers = dict(spec.ports) | dict(ports or {})
    about: Object = {"labels": dict(labels)}
    if spec.scrape:
        about["annotations"] = {
            "prometheus.io/path": spec.scrape.path,
            "prometheus.io/port": str(numbers[spec.scrape.port]),
            "prometheus.io/scrape": "true",
        }
    return {"metadata": about, "spec": _containers(spec, image, numbers)}


def _containers(spec: WorkloadSpec, image: str, numbers: Mapping[str, int]) -> Object:
    container = {
        "name": spec.object_name,
        "image": image,
        "ports": [
            {"name": name, "containerPort": number, "protocol": "TCP"}
            for name, number in numbers.items()
        ],
        **_environment(spec),
        "resources": room(spec.name).resources(),
        "readinessProbe": _readiness(spec, numbers),
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }
    return {
        "containers": [container],
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }


def _environment(spec: WorkloadSpec) -> Object:
    told = ENVIRONMENT.get(spec.name, {})
    env = [{"name": name, "value": value} for name, value in told.items()]
    return {"env": env} if env else {}


def _readiness(spec: WorkloadSpec, numbers: Mapping[str, int]) -> Object:
    port = numbers[spec.health.port]
    asks: Object = {"tcpSocket": {"port": port}}
    if spec.health.path:
        asks = {"httpGet": {"path": spec.health.path, "port": port, "scheme": "HTTP"}}
    return asks | {
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def _sources() -> list[Object]:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    return [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        _from_config_map("kube-root-ca.crt", "ca.crt"),
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
        _from_config_map("openshift-service-ca.crt", "service-ca.crt"),
    ]


def _from_config_map(name: str, key: str) -> Object:
    return {"configMap": {"name": name, "items": [{"key": key, "path": key}]}}


def _toleration(of: str) -> Object:
    return {
        "key": f"node.kubernetes.io/{of}",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 300,
    }


def pod_spec(record: PodRecord, template: Object) -> Object:
    """A pod's spec: its template's, and what admission and the scheduler add."""
    volume = f"kube-api-access-{record.token}"
    mount = {
        "name": volume,
        "readOnly": True,
        "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
    }
    container = template["containers"][0]
    before = {
        part: value
        for part, value in container.items()
        if part in ("name", "image", "ports", "env", "resources")
    }
    container = before | {"volumeMounts": [mount]} | container
    projected = {"sources": _sources(), "defaultMode": 420}
    spec: Object = {
        "volumes": [{"name": volume, "projected": projected}],
        "containers": [container],
        "restartPolicy": "Always",
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "default",
        "serviceAccount": "default",
    }
    if record.stage is not Stage.PENDING:
        spec["nodeName"] = record.host
    return spec | {
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "tolerations": [_toleration("not-ready"), _toleration("unreachable")],
        "priority": 0,
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }
