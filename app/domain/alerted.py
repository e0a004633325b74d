"""Whom an alert or a silence is about: from labels to boxes and connections. Pure.

Labels are whatever the author of a rule and the scrape configuration made them. In this
order they are asked for: our own words (`connection`, `box`), two ends of a connection,
Consul's name of a service, Kubernetes' names of what runs. The vendor's rules are known
by name where their labels tell nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.locate import Locator
from app.domain.named import Names
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology

Labels = Mapping[str, str]
ENDS: Final = (
    ("source_workload", "destination_workload", "destination_workload_namespace"),
    ("source_workload", "destination_service_name", "destination_service_namespace"),
    ("deployment", "dst_deployment", "dst_namespace"),
    ("client", "server", ""),
)
"""Labels of the two ends, and of the second one's namespace, as meshes name them."""
RUNNING: Final = ("workload", "statefulset", "daemonset", "deployment", "pod")
"""Labels that name what runs, the surest first: the first that is there decides."""
LOOSE: Final = ("app_kubernetes_io_name", "app", "service", "container", "job")
"""Labels that anything may carry, a sidecar or an exporter too: asked only where
nothing says what runs."""
SCRAPERS: Final = ("kube-state-metrics", "exporter")
"""Pods that tell about others; an alert that carries theirs is about somebody else."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is known of one of the vendor's rules by its name.

    `node`: the box it is about where its labels name none. `felt`: by callers, too.
    `lacks`: a label that it filters by and that a PodMonitor does not give: scraped
    that way it never fires.
    """

    node: str | None = None
    felt: bool = False
    lacks: str | None = None


VENDOR: Final[Mapping[str, Rule]] = {
    "netstat_Tcp_RetransSegs": Rule(),
    "gws_high_cpu_usage": Rule(),
    "gws_app_workspace_incoming_requests": Rule("workspace"),
    "gws_jvm_threads_deadlocked": Rule(felt=True),
    "gws_high_jvm_gc_pause_seconds_count": Rule(),
    "gws_high_5xx_responces_count": Rule(felt=True),
    "gws_high_500_responces_java": Rule(felt=True),
    "gws_high_500_responces_workspace": Rule("workspace", felt=True),
    "gws_high_nodejs_eventloop_lag_seconds": Rule(),
    "total_count_of_errors_in_PSDK_connections": Rule(
        "configuration", lacks="consul_service"
    ),
    "total_count_of_errors_during_context_initialization": Rule(lacks="consul_service"),
    "GES_GWS_AUTH_DOWN": Rule("authentication", felt=True),
    "GES_GWS_ENVIRONMENT_DOWN": Rule("authentication", felt=True),
    "GES_GWS_CONFIG_DOWN": Rule("configuration", felt=True),
}
"""The eleven rules of the vendor's chart, and three that watch GWS from outside, in the
vendor's spelling."""
UNKNOWN: Final = Rule()


@dataclass(frozen=True, slots=True)
class Directory:
    """`deployment`: our own id, in the labels of our own metrics. `only`: labels that
    an alert must have to be about this deployment at all, where one Alertmanager serves
    several."""

    deployment: str
    topology: Topology
    locator: Locator
    only: Labels = field(default_factory=dict)

    @property
    def _names(self) -> Names:
        return Names(self.topology, self.locator)

    def about(self, labels: Labels) -> Subject | None:
        """The box or connection that labels name; `None`: none of this picture."""
        if any(labels.get(name) != value for name, value in self.only.items()):
            return None
        for find in (self._ours, self._between, self._in_consul, self._running):
            subject = find(labels)
            if subject is not None:
                return subject
        node = rule_of(labels).node if self._near(labels) else None
        return None if node is None else NodeId(node)

    def is_our_own(self, labels: Labels) -> bool:
        """Made from our own metrics: the verdict that raised it would keep it alive."""
        return "connection" in labels and labels.get("deployment") == self.deployment

    def _near(self, labels: Labels) -> bool:
        """In a namespace that is watched, or in none that is named."""
        namespace = labels.get("namespace")
        return namespace is None or namespace in self.topology.watched_namespaces()

    def _ours(self, labels: Labels) -> Subject | None:
        owner = labels.get("deployment", self.deployment)
        if owner != self.deployment and not self._names.runs(
            owner, labels.get("namespace")
        ):
            return None
        numbers = {str(c.number): c.number for c in self.topology.connections}
        boxes = {str(box.id): box.id for box in self.topology.boxes}
        number = numbers.get(labels.get("connection", ""))
        return number or boxes.get(labels.get("box", ""))

    def _between(self, labels: Labels) -> Subject | None:
        for source, destination, namespace in ENDS:
            if source in labels and destination in labels:
                to = self._names.runs(labels[destination], labels.get(namespace))
                if to is not None:
                    caller = self._names.runs(labels[source], None)
                    return (caller and self._names.connection(caller, to)) or to
        return None

    def _in_consul(self, labels: Labels) -> Subject | None:
        name = labels.get("consul_service") or labels.get("service_name", "")
        return self._names.in_consul(name, labels.get("namespace"))

    def _running(self, labels: Labels) -> Subject | None:
        namespace = labels.get("namespace")
        if "gws" in labels:
            found = self._names.runs("", namespace, {"gws": labels["gws"]})
            if found is not None:
                return found
        surest = next((name for name in RUNNING if _tells(labels, name)), None)
        if surest is not None:
            name = labels[surest]
            find = self._names.pod if surest == "pod" else self._names.runs
            return find(name, namespace)
        for label in LOOSE:
            found = self._names.runs(labels.get(label, ""), namespace)
            if found is not None:
                return found
        return None


def _tells(labels: Labels, name: str) -> bool:
    """Whether the label is there, and is not that of who only told."""
    value = labels.get(name, "")
    return bool(value) and not any(scraper in value for scraper in SCRAPERS)


def rule_of(labels: Labels) -> Rule:
    """What is known of the rule behind an alert."""
    return VENDOR.get(labels.get("alertname", ""), UNKNOWN)
