"""What a simulated deployment answers, taken once and made as large as is wanted: the
crop from which `benchmarks.farm` feeds many."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import requests
import yaml

from benchmarks.stage import Json, StageError, simulated
from collectors.kubernetes_resources import RESOURCES

CONSUL: Final = (
    "/v1/health/state/any", "/v1/catalog/services", "/v1/status/leader",
    "/v1/status/peers", "/v1/operator/autopilot/health", "/v1/agent/self",
    "/v1/agent/metrics",
)  # fmt: skip
KEYS: Final = "/v1/kv/settings/"
LISTED: Final = {"keys": ""}


@dataclass(frozen=True)
class Crop:
    """`lists`: of Kubernetes by path, as JSON; `consul`: bodies by path;
    `namespaces`: as a configuration names them."""

    lists: dict[str, Json]
    consul: dict[str, bytes]
    namespaces: dict[str, str]

    def pods(self) -> int:
        return sum(len(found["items"]) for path, found in self._pods())

    def _pods(self) -> list[tuple[str, Json]]:
        return [(p, one) for p, one in self.lists.items() if p.endswith("/pods")]

    def grown(self, pods: int) -> Crop:
        """With so many pods: those of Deployments have more replicas, in turn. What is
        smaller already stays as it is."""
        lists = copy.deepcopy(self.lists)
        grown = Crop(lists, self.consul, self.namespaces)
        missing, turns = pods - grown.pods(), cycle(_grow_from(lists))
        for number in range(max(0, missing)):
            next(turns).grow(number)
        return grown


@dataclass
class _Replicas:
    """A Deployment, the ReplicaSet of its pods, one of these, and the list of all."""

    deployment: Json
    replica_set: Json
    pod: Json
    items: list[Json]

    def grow(self, number: int) -> None:
        more = copy.deepcopy(self.pod)
        meta = more["metadata"]
        meta["name"] = f"{self.replica_set['metadata']['name']}-{number:05x}"
        meta["uid"] = f"00000000-0000-4000-8000-{number:012x}"
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        more["status"] |= {"podIP": address, "podIPs": [{"ip": address}]}
        self.items.append(more)
        for owner in (self.deployment, self.replica_set):
            owner["spec"]["replicas"] += 1
            for name, count in owner["status"].items():
                if name.lower().endswith("replicas") and count:
                    owner["status"][name] = count + 1


Owned = Mapping[str, list[tuple[Json, list[Json]]]]
"""By the owner's uid: objects, each with the list that it is in."""


def _grow_from(lists: dict[str, Json]) -> list[_Replicas]:
    """Every Deployment that has pods."""
    owned = _owned(lists)
    made = [
        _Replicas(deployment, replica_set, pod, items)
        for deployment in _of(lists, "deployments")
        for replica_set, _ in owned.get(deployment["metadata"]["uid"], ())
        for pod, items in owned.get(replica_set["metadata"]["uid"], ())[:1]
    ]
    if not made:
        raise StageError("no Deployment with pods was found")
    return made


def _owned(lists: dict[str, Json]) -> Owned:
    found: defaultdict[str, list[tuple[Json, list[Json]]]] = defaultdict(list)
    for kind in ("pods", "replicasets"):
        for path in (path for path in lists if path.endswith(f"/{kind}")):
            items = lists[path]["items"]
            for item in items:
                for owner in item["metadata"].get("ownerReferences", ()):
                    found[owner["uid"]].append((item, items))
    return found


def _of(lists: dict[str, Json], kind: str) -> Iterator[Json]:
    for path, found in lists.items():
        if path.endswith(f"/{kind}"):
            yield from found["items"]


def harvest(folder: Path) -> Crop:
    """Starts a simulated deployment, and ends it."""
    with simulated(folder) as (_, written):
        (told,) = yaml.safe_load(written.read_text())["deployments"]
        kubeconfig = yaml.safe_load(Path(told["kubernetes"]["kubeconfig"]).read_text())
        namespaces = told["kubernetes"]["namespaces"]
        lists = _lists(kubeconfig, sorted(set(namespaces.values())))
        return Crop(lists, _consul(told["consul"]["url"]), namespaces)


def _lists(kubeconfig: Json, namespaces: list[str]) -> dict[str, Json]:
    cluster = kubeconfig["clusters"][0]["cluster"]
    token = kubeconfig["users"][0]["user"]["token"]
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        session.verify = cluster.get("certificate-authority", True)
        paths = [one.path(quote(name)) for name in namespaces for one in RESOURCES]
        return {path: _got(session, cluster["server"] + path).json() for path in paths}


def _consul(url: str) -> dict[str, bytes]:
    with requests.Session() as session:
        session.trust_env = False
        found = {path: _got(session, url + path).content for path in CONSUL}
        return found | {KEYS: _got(session, url + KEYS, **LISTED).content}


def _got(session: requests.Session, url: str, **params: Any) -> requests.Response:
    answer = session.get(url, params=params, timeout=10)
    answer.raise_for_status()
    return answer
