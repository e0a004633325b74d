"""The cluster's objects, their growing resourceVersion, and the history watches read.

Like etcd behind the API server: every write gets the next version, a window of changes
is kept, and what is older is compacted away. Objects are JSON values that nobody
changes once they are written; a write replaces.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.simulator.cluster_fields import managed_fields

Object = dict[str, Any]
Key = tuple[str, str]
"""Namespace ("" for none) and name."""

WINDOW: Final = 5000


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object, as the API names it."""

    plural: str
    kind: str
    group: str = ""
    version: str = "v1"
    namespaced: bool = True
    short: str = ""

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """As messages name it: `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


PODS: Final = Resource("pods", "Pod", short="po")
SERVICES: Final = Resource("services", "Service", short="svc")
EVENTS: Final = Resource("events", "Event", short="ev")
NODES: Final = Resource("nodes", "Node", namespaced=False, short="no")
NAMESPACES: Final = Resource("namespaces", "Namespace", namespaced=False, short="ns")
DEPLOYMENTS: Final = Resource("deployments", "Deployment", "apps", short="deploy")
REPLICASETS: Final = Resource("replicasets", "ReplicaSet", "apps", short="rs")
STATEFULSETS: Final = Resource("statefulsets", "StatefulSet", "apps", short="sts")
SLICES: Final = Resource("endpointslices", "EndpointSlice", "discovery.k8s.io")
AUTOSCALERS: Final = Resource(
    "horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling", "v2",
    short="hpa",
)  # fmt: skip
RESOURCES: Final = (
    PODS, SERVICES, EVENTS, NODES, NAMESPACES, DEPLOYMENTS, REPLICASETS, STATEFULSETS,
    SLICES, AUTOSCALERS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One write. `old` is `None` when it made the object, `new` holds the last state
    of one that it deleted."""

    version: int
    type: str
    resource: Resource
    key: Key
    new: Object
    old: Object | None


class Compacted(Exception):
    """The version asked for is no longer kept. `oldest` still is."""

    def __init__(self, asked: int, oldest: int) -> None:
        super().__init__(f"too old resource version: {asked} ({oldest})")


class Store:
    """All objects, and the newest `window` changes."""

    def __init__(self, window: int = WINDOW) -> None:
        self.version = 1
        self.compacted = 1
        self._objects: dict[Resource, dict[Key, Object]] = {
            one: {} for one in RESOURCES
        }
        self._history: deque[Change] = deque()
        self._window = window
        self._listeners: list[Callable[[Change], None]] = []

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Be told of every change at once; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def get(self, resource: Resource, key: Key) -> Object | None:
        return self._objects[resource].get(key)

    def put(self, resource: Resource, obj: Object, manager: str, time: str) -> bool:
        """Write an object if it differs from what is there; whether it did."""
        metadata = obj["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        old = self._objects[resource].get(key)
        if old is not None and _same(old, obj):
            return False
        self.version += 1
        new = _versioned(resource, obj, self.version, manager, time)
        self._objects[resource][key] = new
        type_ = "MODIFIED" if old else "ADDED"
        self._record(Change(self.version, type_, resource, key, new, old))
        return True

    def delete(self, resource: Resource, key: Key) -> None:
        """Remove an object, if it is there."""
        old = self._objects[resource].pop(key, None)
        if old is None:
            return
        self.version += 1
        metadata = {**old["metadata"], "resourceVersion": str(self.version)}
        last = {**old, "metadata": metadata}
        self._record(Change(self.version, "DELETED", resource, key, last, old))

    def advance(self, versions: int) -> None:
        """Let versions go by, as writes to objects that nobody here watches do."""
        self.version += versions

    def compact(self) -> None:
        """Forget all history: only the present version can be read or resumed from."""
        self._history.clear()
        self.compacted = self.version

    def since(self, version: int) -> list[Change]:
        """What was written after `version`. Raises `Compacted`."""
        if version < self.compacted:
            raise Compacted(version, self.compacted)
        newer: list[Change] = []
        for change in reversed(self._history):
            if change.version <= version:
                break
            newer.append(change)
        return newer[::-1]

    def at(self, resource: Resource, version: int) -> dict[Key, Object]:
        """The objects as they were at `version`, by key, sorted. Raises `Compacted`."""
        objects = dict(self._objects[resource])
        for change in reversed(self.since(version)):
            if change.resource is not resource:
                continue
            if change.old is None:
                objects.pop(change.key, None)
            else:
                objects[change.key] = change.old
        return dict(sorted(objects.items()))

    def _record(self, change: Change) -> None:
        self._history.append(change)
        if len(self._history) > self._window:
            self.compacted = self._history.popleft().version
        for listener in tuple(self._listeners):
            listener(change)


NOT_COMPARED: Final = ("resourceVersion", "managedFields")


def _same(old: Object, new: Object) -> bool:
    return _bare(old) == _bare(new)


def _bare(obj: Object) -> Object:
    metadata = {
        name: value
        for name, value in obj["metadata"].items()
        if name not in NOT_COMPARED
    }
    return {**obj, "metadata": metadata}


def _versioned(
    resource: Resource, obj: Object, version: int, manager: str, time: str
) -> Object:
    metadata = {
        **obj["metadata"],
        "resourceVersion": str(version),
        "managedFields": managed_fields(resource.api_version, obj, manager, time),
    }
    return {**obj, "metadata": metadata}
