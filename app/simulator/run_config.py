"""What is written for whoever watches: the configuration and what it signs in with.

Pure texts; `run` writes them. The kubeconfig holds a token and the connection string a
password, so they are readable by their owner alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.simulator.exposition_stores import DATABASES
from app.simulator.stores_postgresql import ROLE
from app.simulator.world import WORKLOADS


@dataclass(frozen=True, slots=True)
class Served:
    """The addresses of everything that the simulation serves."""

    control: str
    kubernetes: str
    consul: str
    ingress: str
    redis: str
    postgresql: str
    elasticsearch: str
    alertmanager: str
    token: str
    password: str
    ca_file: Path


@dataclass(frozen=True, slots=True)
class Access:
    """The files that the configuration names: a kubeconfig, a connection string."""

    kubeconfig: Path
    dsn: Path


def configuration(served: Served, access: Access, scenario: str, seed: int) -> str:
    """The YAML with which `serve` watches the simulation."""
    namespaces = {name: name for name in dict.fromkeys(w.namespace for w in WORKLOADS)}
    deployment = {
        "id": "demo",
        "name": "Simulated deployment",
        "kubernetes": {"kubeconfig": str(access.kubeconfig), "namespaces": namespaces},
        "consul": {"url": served.consul},
        "scrape": {"enabled": True, "interval": "5s"},
        "probes": {
            "enabled": True,
            "interval": "5s",
            "ca_file": str(served.ca_file),
            "targets": [{"node": "service-proxy", "url": f"{served.ingress}/health"}],
        },
        "backends": {
            "redis": {"url": served.redis, "interval": "5s"},
            # One server holds both databases, and tells of the sessions of both.
            "postgresql": {"dsn_file": str(access.dsn), "interval": "5s"},
            "elasticsearch": {"url": served.elasticsearch, "interval": "5s"},
        },
        "alertmanager": {"url": served.alertmanager, "interval": "5s"},
    }
    body = yaml.safe_dump(
        {"server": {"host": "127.0.0.1", "port": 8050}, "deployments": [deployment]},
        sort_keys=False,
    )
    return f"{_comments(served, scenario, seed)}\n{body}"


def _comments(served: Served, scenario: str, seed: int) -> str:
    said = (
        f"Fault control: {served.control}/sim/kinds",
        f"Simulated deployment, scenario {scenario}, seed {seed}",
        f"Kubernetes API: {served.kubernetes}",
        f"Consul API: {served.consul}",
        f"Ingress: {served.ingress}",
        f"Alertmanager: {served.alertmanager}",
    )
    return "\n".join(f"# {line}" for line in said)


def dsn(served: Served) -> str:
    """How PostgreSQL is reached, as libpq takes it."""
    place = served.postgresql.removeprefix("postgresql://")
    return f"postgresql://{ROLE}:{served.password}@{place}/{DATABASES[0]}\n"


def kubeconfig(served: Served) -> str:
    """As `kubectl --kubeconfig` takes it."""
    cluster: dict[str, Any] = {"server": served.kubernetes}
    if served.kubernetes.startswith("https://"):
        cluster["certificate-authority"] = str(served.ca_file)
    name = "gws-simulation"
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": "viewer", "user": {"token": served.token}}],
            "contexts": [
                {"name": name, "context": {"cluster": name, "user": "viewer"}}
            ],
            "current-context": name,
        },
        sort_keys=False,
    )
