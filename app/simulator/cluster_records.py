"""What the cluster knows about each of its parts; `cluster_objects` renders it.

Records change, objects don't: a controller changes a record and writes the object that
the record now renders to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.simulator.world import Pod, WorkloadSpec


class Stage(StrEnum):
    PENDING = "pending"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    """On its node, and its container can't start: the image does not come."""
    RUNNING = "running"


@dataclass(slots=True)
class Exit:
    """How a container last ended."""

    reason: str
    code: int
    started_at: datetime
    at: datetime


@dataclass(slots=True)
class PodRecord:
    spec: WorkloadSpec
    name: str
    uid: str
    token: str
    """The suffix of its service account's volume."""
    hash: str
    version: str
    host: str
    ip: str
    ports: tuple[tuple[str, int], ...]
    created: datetime
    stage: Stage = Stage.PENDING
    started_at: datetime | None = None
    ready: bool = False
    ready_changed: datetime | None = None
    serving: bool = False
    waiting: tuple[str, str] | None = None
    restarts: int = 0
    last_exit: Exit | None = None
    deletes_at: datetime | None = None
    grace_s: int = 30
    ordinal: int = 0
    evicted_at: datetime | None = None
    """When the API was asked to take it off its node."""

    def outside(self) -> Pod:
        """The pod as everything but the Kubernetes API sees it."""
        return Pod(
            self.spec, self.name, self.uid, self.ip, self.host, self.ports,
            self.version, self.started_at or self.created, self.serving, self.ready,
            self.deletes_at is not None, self.restarts,
        )  # fmt: skip


@dataclass(slots=True)
class RevisionRecord:
    """A ReplicaSet; for a StatefulSet, a revision of its template."""

    name: str
    uid: str
    hash: str
    number: int
    version: str
    created: datetime
    desired: int = 0
    generation: int = 1


@dataclass(slots=True)
class ConditionRecord:
    status: str
    reason: str
    message: str
    updated: datetime
    changed: datetime


@dataclass(slots=True)
class SliceRecord:
    """One EndpointSlice: of the pods that listen on these ports."""

    name: str
    uid: str
    created: datetime
    port: int
    generation: int = 1
    triggered: datetime | None = None


@dataclass(slots=True)
class WorkloadRecord:
    spec: WorkloadSpec
    uid: str
    service_uid: str
    cluster_ip: str
    created: datetime
    desired: int
    version: str
    generation: int = 1
    observed: int = 1
    revisions: list[RevisionRecord] = field(default_factory=list)
    pods: dict[str, PodRecord] = field(default_factory=dict)
    slices: list[SliceRecord] = field(default_factory=list)
    available: ConditionRecord | None = None
    progressing: ConditionRecord | None = None
    terminating: int = 0

    @property
    def newest(self) -> RevisionRecord:
        return self.revisions[-1]

    def of(self, revision: RevisionRecord) -> list[PodRecord]:
        """The revision's pods that are not on their way out."""
        return [
            pod
            for pod in self.pods.values()
            if pod.hash == revision.hash and pod.deletes_at is None
        ]

    def living(self) -> list[PodRecord]:
        """Every pod that is not on its way out, by name."""
        pods = [pod for pod in self.pods.values() if pod.deletes_at is None]
        return sorted(pods, key=lambda pod: pod.name)
