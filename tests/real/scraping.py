"""What a Prometheus is told, to scrape the simulated deployment as an operator's would.

Debian's build has no service discovery of Kubernetes or of Consul. So the targets are
what those would find in the simulated APIs, with the labels that they give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import yaml

from app.simulator.exporters_app import PATHS
from tests.simulator.living import Living

Json = dict[str, Any]
ANNOTATION = "prometheus.io"
MANAGEMENT = "-management"


def config(living: Living) -> str:
    """Everything once a second."""
    jobs = (*_pods(living), *_consul(living), *_exporters(living))
    turn = {"scrape_interval": "1s", "scrape_timeout": "1s"}
    return yaml.safe_dump({"global": turn, "scrape_configs": list(jobs)})


def annotated(living: Living) -> list[Json]:
    """The pods that ask to be scraped."""
    return [
        pod
        for pod in living.kubernetes("/api/v1/pods").json()["items"]
        if pod["metadata"].get("annotations", {}).get(f"{ANNOTATION}/scrape") == "true"
    ]


def _pods(living: Living) -> Iterator[Json]:
    """A job for each path, as of a PodMonitor, with the `service` of the vendor's."""
    by_path: dict[str, list[Json]] = {}
    for pod in annotated(living):
        about = pod["metadata"]
        address = (
            f"{pod['status']['podIP']}:{about['annotations'][f'{ANNOTATION}/port']}"
        )
        labels = {
            "job": f"{about['namespace']}/pods",
            "namespace": about["namespace"],
            "pod": about["name"],
            "container": pod["spec"]["containers"][0]["name"],
            "service": about["labels"]["gws"],
        }
        found = by_path.setdefault(about["annotations"][f"{ANNOTATION}/path"], [])
        found.append({"targets": [address], "labels": labels})
    for path, targets in by_path.items():
        yield _job(f"pods {path}", path, targets)


def _consul(living: Living) -> Iterator[Json]:
    """GWS's management ports as Consul lists them, which knows no namespace."""
    services = living.consul("/v1/catalog/services")
    targets = [
        {
            "targets": [f"{found['ServiceAddress']}:{found['ServicePort']}"],
            "labels": {
                "namespace": "gws",
                "consul_service": service,
                "consul_service_id": found["ServiceID"],
                "instance_ip": found["ServiceAddress"],
            },
        }
        for service in services
        if service.startswith("gws-") and service.endswith(MANAGEMENT)
        for found in living.consul(f"/v1/catalog/service/{service}")
    ]
    yield _job("consul", "/prometheus", targets)


def _exporters(living: Living) -> Iterator[Json]:
    """Each under its own name; the labels that it gives to pods are kept."""
    address = urlsplit(living.served.control).netloc
    for path in PATHS:
        kind, _, host = path.partition("/")
        labels = {"job": kind, "instance": host or kind}
        labels |= {"instance_ip": host} if host else {}
        target = {"targets": [address], "labels": labels}
        yield _job(path, f"/sim/exporters/{path}", [target])


def _job(name: str, path: str, targets: list[Json]) -> Json:
    return {
        "job_name": name,
        "honor_labels": True,
        "metrics_path": path,
        "static_configs": targets,
    }
