"""Who speaks for each connection, who does not, why, and what to enable. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.cli.found import offers_found, stores_found
from app.domain.alerted import VENDOR
from app.domain.evaluate import Deployment
from app.domain.facts import KeysFact
from app.domain.facts_settings import SettingFact
from app.domain.facts_stores import UnreadFact
from app.domain.facts_traffic import UndrawnFact
from app.domain.knowledge import CONSUL, Knowledge
from app.domain.locate import locator
from app.domain.named import Names, addresses
from app.domain.rules_consul import key_rule
from app.domain.snapshot import ConnectionState, Snapshot, SourceState
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.telemetry import TITLES
from app.domain.topology import Connection, Topology

SOURCES_OF: Final = {
    Witness.KUBERNETES: ("kubernetes",),
    Witness.CONSUL: ("consul",),
    Witness.TRAFFIC: ("scrape", "prometheus"),
    Witness.PROBE: ("probe",),
}
"""The sources through which a witness speaks about any connection."""
STORES: Final = {
    NodeId("redis"): "redis",
    NodeId("postgresql"): "postgresql",
    NodeId("elasticsearch"): "elasticsearch",
}
"""The sources of the stores' own views, each about the connections into it."""
CONFIGURE: Final = {
    Witness.KUBERNETES: "add kubernetes: (kubeconfig, or in_cluster: true)",
    Witness.CONSUL: "add consul: {{url: ...}}",
    Witness.TRAFFIC: "add kubernetes: and leave scrape.enabled on, or add "
    "prometheus: {{url: ...}}",
    Witness.PROBE: "add kubernetes: or probes.targets, and leave probes.enabled on",
    Witness.BACKEND: "add backends: {{{node}: ...}}",
}
NAME: Final = {
    Witness.KUBERNETES: "name the workload in topology.nodes.{node}.workloads, or list "
    "{node} in topology.absent",
    Witness.CONSUL: "name its service in topology.nodes.{node}.consul",
    Witness.TRAFFIC: "annotate its pods with prometheus.io/scrape, or add a rule for "
    "{node} to scrape.rules, or ask a Prometheus that has a mesh's telemetry",
    Witness.PROBE: "add the address of {node} to probes.targets",
    Witness.BACKEND: "give an address of {node} in backends.{node}",
}
OFF: Final = ("off", "false", "no", "0")
PROXY: Final = NodeId("service-proxy")
CONFIGURATION: Final = NodeId("configuration")
VOICEMAIL: Final = NodeId("voicemail")
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
    notes: tuple[str, ...] = ()
    """What an operator should know besides."""

    @property
    def covered(self) -> bool:
        return all(connection.covered for connection in self.connections)


def diagnose(
    deployment: Deployment, name: str, snapshot: Snapshot, knowledge: Knowledge
) -> DeploymentReport:
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
        (
            *_differences(deployment.topology, knowledge),
            *_set_otherwise(deployment.topology, knowledge),
            *_unread(knowledge),
            *stores_found(deployment.topology, knowledge, deployment.sources),
            *offers_found(knowledge, deployment.sources),
            *(_mute_rules() if "alertmanager" in heard else ()),
        ),
    )


def _differences(topology: Topology, knowledge: Knowledge) -> Iterator[str]:
    """What is found and not drawn."""
    undrawn = {(fact.node, fact.to, fact.by) for fact, _ in knowledge.of(UndrawnFact)}
    for node, to, by in sorted(undrawn):
        yield (
            f"{TITLES[by]} sees calls from {topology.box(node).label} to "
            f"{topology.box(to).label}, which the picture does not have"
        )


def _set_otherwise(topology: Topology, knowledge: Knowledge) -> Iterator[str]:
    """What is set up otherwise than the picture has it."""
    names = Names(topology, locator(topology), addresses(knowledge))
    told = sorted(knowledge.of(SettingFact), key=lambda pair: pair[0].key)
    notes = [note for fact, _ in told for note in _set(fact, names)]
    yield from dict.fromkeys(notes)


def _set(fact: SettingFact, names: Names) -> Iterator[str]:
    caller = names.topology.box(fact.node).label
    match fact.variable:
        case "GWS_NGINX_CONSUL_ENABLED" if fact.value.lower() in OFF:
            yield (
                f"{_row(names, fact.node, CONSUL)}{caller} is set to find services by "
                f"DNS ({fact.variable}={fact.value}), not through Consul"
            )
        case "GWS_SERVICE_CONF_URL" if names.box(fact.value, fact.namespace) == PROXY:
            through = names.topology.box(PROXY).label
            to = names.topology.box(CONFIGURATION).label
            yield (
                f"{_row(names, fact.node, CONFIGURATION)}{caller} reaches {to} through "
                f"{through} ({fact.variable}={fact.value})"
            )
        case "GWS_SERVICE_VOICEMAIL_URL" if not _row(names, fact.node, VOICEMAIL):
            to = names.topology.box(VOICEMAIL).label
            yield (
                f"{caller} is set to call {to} ({fact.variable}={fact.value}), and no "
                "row says so"
            )


def _row(names: Names, source: NodeId, to: NodeId) -> str:
    number = names.connection(source, to)
    return "" if number is None else f"row {number}: "


def _unread(knowledge: Knowledge) -> Iterator[str]:
    """What of Consul the token may not see."""
    for unread, _ in knowledge.of(UnreadFact):
        yield f"{unread.what} is unknown: {unread.why}"
    for fact, _ in knowledge.of(KeysFact):
        if fact.count is None:
            yield (
                f"whether Consul's keys under {fact.prefix} are there is unknown: the "
                f"token lacks {key_rule(fact.prefix)}"
            )


def _mute_rules() -> tuple[str, ...]:
    """The vendor's rules that can't fire where pods are scraped by a PodMonitor."""
    return tuple(
        f"the vendor's alert {name} asks for the label {rule.lacks}, which a "
        "PodMonitor does not give: scraped that way it never fires"
        for name, rule in VENDOR.items()
        if rule.lacks
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
            for witness in _asked_about(row)
            if witness not in speaking
        ),
    )


def _asked_about(row: Connection) -> tuple[Witness, ...]:
    own = (Witness.BACKEND,) if row.destination in STORES else ()
    return (*SOURCES_OF, *own)


def _silence(
    witness: Witness, node: NodeId, heard: Mapping[str, SourceState]
) -> Silence:
    asked = SOURCES_OF.get(witness) or (STORES[node],)
    source = next((heard[name] for name in asked if name in heard), None)
    if source is None:
        enable = CONFIGURE[witness].format(node=node)
        return Silence(witness.value, "not configured", enable)
    if source.error is not None and source.status is not Status.OK:
        return Silence(witness.value, source.error, "make the source answer")
    why = f"says nothing about {node}"
    return Silence(witness.value, why, NAME[witness].format(node=node))
