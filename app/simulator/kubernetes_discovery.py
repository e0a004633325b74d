"""What the API server says it has: version, groups, resources. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from app.simulator.cluster_store import RESOURCES, Resource

VERSION: Final = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "8e16b12fda5b1dccc41a6de48b3e356cc7d5048b",
    "gitTreeState": "clean",
    "buildDate": "2026-08-21T00:00:00Z",
    "goVersion": "go1.27.3",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def prefix(resource: Resource) -> str:
    """The path under which a resource's version is served."""
    root = f"/apis/{resource.group}" if resource.group else "/api"
    return f"{root}/{resource.version}"


def by_prefix() -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in RESOURCES:
        found.setdefault(prefix(resource), []).append(resource)
    return found


def core() -> dict[str, Any]:
    return {
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [],
    }


def groups() -> dict[str, Any]:
    named = {one.group: one.version for one in RESOURCES if one.group}
    return {
        "kind": "APIGroupList",
        "apiVersion": "v1",
        "groups": [_group(name, version) for name, version in named.items()],
    }


def _group(name: str, version: str) -> dict[str, Any]:
    served = {"groupVersion": f"{name}/{version}", "version": version}
    return {"name": name, "versions": [served], "preferredVersion": served}


def resource_list(resources: Iterable[Resource]) -> dict[str, Any]:
    found = list(resources)
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": found[0].api_version,
        "resources": [
            {
                "name": resource.plural,
                "singularName": resource.kind.lower(),
                "namespaced": resource.namespaced,
                "kind": resource.kind,
                "verbs": ["get", "list", "watch"],
                **({"shortNames": [resource.short]} if resource.short else {}),
            }
            for resource in found
        ],
    }
