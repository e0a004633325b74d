"""A deployment in which all is well, and the means to break it: values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.evaluate import Deployment, Made, Memory, evaluate
from app.domain.expected import Calendar
from app.domain.facts import EndpointsFact, Fact, PodFact, WorkloadFact
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT, Limits
from app.domain.reading import Feed, Reading, Trouble
from app.domain.snapshot import ConnectionState, NodeState, Snapshot
from app.domain.subject import FactKey, NodeId
from app.domain.topology import Topology, standard
from app.domain.windows import Window

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REPLICAS = 2


@dataclass
class Scene:
    """Knowledge that grows, a clock that is moved by hand, and the last outcome."""

    topology: Topology = field(default_factory=standard)
    limits: Limits = DEFAULT
    now: datetime = NOW
    knowledge: Knowledge = field(default_factory=Knowledge)
    memory: Memory = field(default_factory=Memory)
    sources: tuple[str, ...] = ("kubernetes", "consul", "scrape", "probe")
    calendar: Calendar = field(default_factory=Calendar)
    windows: tuple[Window, ...] = ()
    snapshot: Snapshot | None = None
    wake_at: datetime | None = None

    def hear(self, feed: Feed, *facts: Fact, **more: object) -> None:
        self.knowledge = learn(self.knowledge, Reading(feed, self.now, facts, **more))

    def news(self, feed: Feed, *facts: Fact, gone: tuple[FactKey, ...] = ()) -> None:
        self.hear(feed, *facts, complete=False, gone=gone)

    def trouble(
        self, feed: Feed, kind: str = "unreachable", text: str = "gone"
    ) -> None:
        self.hear(feed, trouble=Trouble(kind, text))

    def look(self, after: float = 0.0) -> Snapshot:
        self.now += timedelta(seconds=after)
        deployment = self.deployment
        outcome = evaluate(deployment, self.knowledge, self.memory, self.now)
        anew = replace(self.memory, made=Made())
        again = evaluate(deployment, self.knowledge, anew, self.now)
        assert outcome.snapshot == again.snapshot, "what is taken over changes nothing"
        assert outcome.memory.tracks == again.memory.tracks
        assert outcome.wake_at == again.wake_at
        self.memory, self.wake_at = outcome.memory, outcome.wake_at
        self.snapshot = outcome.snapshot
        return outcome.snapshot

    @property
    def deployment(self) -> Deployment:
        return Deployment(
            "demo",
            self.topology,
            self.limits,
            self.sources,
            self.calendar,
            self.windows,
        )

    def connection(self, number: int, after: float = 0.0) -> ConnectionState:
        return next(c for c in self.look(after).connections if c.number == number)

    def node(self, node: str, after: float = 0.0) -> NodeState:
        return next(n for n in self.look(after).nodes if n.id == node)

    def statuses(self, after: float = 0.0) -> dict[int, str]:
        return {c.number: c.status.value for c in self.look(after).connections}

    def off(self, after: float = 0.0) -> dict[int, str]:
        """The connections that are not ok."""
        return {n: s for n, s in self.statuses(after).items() if s != "ok"}

    def sight_kept(self) -> None:
        """Every watch is heard again a minute later, with nothing new."""
        later = self.now + timedelta(seconds=60)
        watches = [s for s in self.knowledge.feeds.values() if s.feed.continuous]
        for state in watches:
            sign = Reading(state.feed, later, complete=False)
            self.knowledge = learn(self.knowledge, sign)

    # -- Kubernetes -----------------------------------------------------------------

    def pods(self, node: str) -> list[PodFact]:
        return [
            held.fact
            for held in self.knowledge.held.values()
            if isinstance(held.fact, PodFact) and held.fact.node == node
        ]

    def crash(
        self, node: str, count: int = 99, reason: str = "CrashLoopBackOff"
    ) -> None:
        for pod in self.pods(node)[:count]:
            broken = replace(pod, ready=False, waiting_reason=reason)
            self.news(k8s(f"pods/{pod.namespace}"), broken)

    def heal(self, node: str) -> None:
        for pod in self.pods(node):
            well = replace(pod, ready=True, waiting_reason=None)
            self.news(k8s(f"pods/{pod.namespace}"), well)

    def staff(self, *, without: tuple[str, ...] = ()) -> None:
        """Everything of the picture runs, with two pods each."""
        made = [
            fact
            for box in self.topology.boxes
            for work in box.workloads
            if box.id not in without
            for fact in workload(
                box.id, work.names[0], self.topology.namespace_of(work.role)
            )
        ]
        kinds = {
            "pods": PodFact,
            "deployments": WorkloadFact,
            "statefulsets": (),
            "endpointslices": EndpointsFact,
        }
        for space in self.topology.watched_namespaces():
            for plural, kind in kinds.items():
                there = [
                    f for f in made if isinstance(f, kind) and f.namespace == space
                ]
                self.hear(k8s(f"{plural}/{space}"), *there)


def k8s(name: str) -> Feed:
    return Feed("kubernetes", name, 90, continuous=True, expects_some=True)


def workload(
    node: NodeId, name: str, namespace: str, replicas: int = REPLICAS
) -> list[PodFact | WorkloadFact | EndpointsFact]:
    pods = [
        PodFact(
            node,
            name,
            namespace,
            f"{name}-{i}",
            "Running",
            True,
            0,
            False,
            f"10.1.0.{i}",
        )
        for i in range(replicas)
    ]
    work = WorkloadFact(node, name, namespace, "Deployment", name, replicas, replicas)
    slice_ = EndpointsFact(node, name, namespace, name, f"{name}-x", replicas, replicas)
    return [*pods, work, slice_]
