"""A simulated cluster that stands still, for tests that read what it writes."""

from __future__ import annotations

from datetime import UTC, datetime

from app.simulator.cluster import Cluster
from app.simulator.cluster_rollout import Rollouts, Steps
from app.simulator.cluster_store import Change, Store
from app.simulator.world import WORKLOADS
from app.simulator.world_addresses import Block

NOW = datetime(2026, 11, 24, 11, 21, 28, tzinfo=UTC)


class Still:
    """The cluster, its rollouts, and what was written since one last asked."""

    def __init__(self, seed: int = 1, window: int = 5000) -> None:
        self.now = NOW
        self.cluster = Cluster(
            WORKLOADS, Block(10), lambda: self.now, seed, Store(window)
        )
        self.rollouts = Rollouts(self.cluster)
        self.cluster.install()
        self.seen = self.cluster.store.version

    def written(self) -> list[Change]:
        changes = self.cluster.store.since(self.seen)
        self.seen = self.cluster.store.version
        return changes

    def take(self, steps: Steps) -> None:
        """All steps of a procedure, without the pauses."""
        for _pause in steps:
            continue
