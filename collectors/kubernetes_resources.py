"""Which kinds are watched, where the API serves them, and what may be asked of them.

`VERBS` and `RESOURCES` are all that the dashboard ever asks of a cluster: the Role in
the documentation grants these and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

VERBS: Final = ("list", "watch")


@dataclass(frozen=True, slots=True)
class Resource:
    """`always`: where there were some, an empty list is doubted. `lost`: of what the
    dashboard can do without, what is unknown where it may not be asked for."""

    kind: str
    plural: str
    group: str = ""
    version: str = "v1"
    always: bool = False
    lost: str = ""

    def path(self, namespace: str) -> str:
        root = f"/apis/{self.group}" if self.group else "/api"
        space = quote(namespace, safe="")
        return f"{root}/{self.version}/namespaces/{space}/{self.plural}"


RESOURCES: Final = (
    Resource("Pod", "pods"),
    Resource("Deployment", "deployments", "apps", always=True),
    Resource("StatefulSet", "statefulsets", "apps", always=True),
    Resource("ReplicaSet", "replicasets", "apps"),
    Resource("Service", "services", always=True),
    Resource("EndpointSlice", "endpointslices", "discovery.k8s.io"),
    Resource("Event", "events"),
    Resource(
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "autoscaling",
        "v2",
        lost="how many replicas autoscalers may make is unknown",
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `str()` of it is how a sentence names it."""

    verb: str
    resource: Resource
    namespace: str

    def __str__(self) -> str:
        return f"{self.verb} {self.resource.plural} in namespace {self.namespace}"
