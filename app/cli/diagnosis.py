"""Who speaks for each connection, who does not, why, and what to enable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.evaluate import Deployment
from app.domain.facts import Witness
from app.domain.snapshot import ConnectionState, Snapshot, SourceState
from app.domain.status import Status
from app.domain.topology import Connection

SOURCE_OF: Final = {
    Witness.KUBERNETES: "kubernetes",
    Witness.CONSUL: "consul",
    Witness.TRAFFIC: "scrape",
    Witness.PROBE: "probe",
}
"""The source through which a witness speaks; the others come with later versions."""
CONFIGURE: Final = {
    Witness.KUBERNETES: "add kubernetes: (kubeconfig, or in_cluster: true)",
    Witness.CONSUL: "add consul: {url: ...}",
    Witness.TRAFFIC: "add kubernetes: and leave scrape.enabled on",
    Witness.PROBE: "add kubernetes: or probes.targets, and leave probes.enabled on",
}
NAME: Final = {
    Witness.KUBERNETES: "name the workload in topology.nodes.{node}.workloads, or list "
    "{node} in topology.absent",
    Witness.CONSUL: "name its service in topology.nodes.{node}.consul",
    Witness.TRAFFIC: "annotate its pods with prometheus.io/scrape, or add a rule for "
    "{node} to scrape.rules",
    Witness.PROBE: "add the address of {node} to probes.targets",
}
MUTE: Final = (Status.NO_DATA, Status.STALE)


@dataclass(frozen=True, slots=True)
class Silence:
    """A witness that says nothing: why, and what would make it speak."""

    witness: str
    why: str
    enable: str


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    number: int
    source: str
    destination: str
    installed: bool
    speaking: tuple[str, ...]
    silent: tuple[Silence, ...]

    @property
    def covered(self) -> bool:
        return not self.installed or bool(self.speaking)


@dataclass(frozen=True, slots=True)
class SourceReport:
    name: str
    status: str
    feeds: int
    troubled: int
    error: str | None


@dataclass(frozen=True, slots=True)
class DeploymentReport:
    id: str
    name: str
    sources: tuple[SourceReport, ...]
    connections: tuple[ConnectionReport, ...]

    @property
    def covered(self) -> bool:
        return all(connection.covered for connection in self.connections)


def diagnose(deployment: Deployment, name: str, snapshot: Snapshot) -> DeploymentReport:
    """What one round of asking has shown."""
    heard = {source.name: source for source in snapshot.sources}
    rows = {row.number: row for row in deployment.topology.connections}
    return DeploymentReport(
        deployment.id,
        name,
        tuple(map(_source, snapshot.sources)),
        tuple(
            _connection(rows[state.number], state, heard)
            for state in snapshot.connections
        ),
    )


def _source(state: SourceState) -> SourceReport:
    return SourceReport(
        state.name, state.status.value, state.feeds, state.troubled, state.error
    )


def _connection(
    row: Connection, state: ConnectionState, heard: Mapping[str, SourceState]
) -> ConnectionReport:
    speaking = {mark.witness for mark in state.witnesses if mark.status not in MUTE}
    return ConnectionReport(
        number=row.number,
        source=row.source,
        destination=row.destination,
        installed=state.status is not Status.ABSENT,
        speaking=tuple(w.value for w in Witness if w in speaking),
        silent=tuple(
            _silence(witness, row.destination, heard)
            for witness in SOURCE_OF
            if witness not in speaking
        ),
    )


def _silence(witness: Witness, node: str, heard: Mapping[str, SourceState]) -> Silence:
    source = heard.get(SOURCE_OF[witness])
    if source is None:
        return Silence(witness.value, "not configured", CONFIGURE[witness])
    if source.error is not None and source.status is not Status.OK:
        return Silence(witness.value, source.error, "make the source answer")
    why = f"says nothing about {node}"
    return Silence(witness.value, why, NAME[witness].format(node=node))
