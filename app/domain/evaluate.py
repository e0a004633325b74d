"""From knowledge to a snapshot: the one function that the pipeline asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.knowledge import Knowledge
from app.domain.limits import Limits
from app.domain.snapshot import Snapshot
from app.domain.topology import Topology


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is watched: its id, its picture, and the limits it is held to."""

    id: str
    topology: Topology
    limits: Limits


@dataclass(frozen=True, slots=True)
class Memory:
    """What must be remembered between two evaluations (holds, changes); opaque."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wake_at`: the earliest moment at which the verdict changes by time alone."""

    snapshot: Snapshot
    memory: Memory
    wake_at: datetime | None


def evaluate(
    deployment: Deployment, knowledge: Knowledge, memory: Memory, now: datetime
) -> Outcome:
    """Judge everything at `now`. `snapshot.version` is 0: the pipeline numbers it."""
    raise NotImplementedError
