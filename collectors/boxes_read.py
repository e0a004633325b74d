"""From the answers about pods and what runs to facts of the boxes. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from app.domain.facts import Fact, ProbeFact, ProbeOutcome, WorkloadFact
from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.facts_usage import UsageFact
from app.domain.loads import SAME_AS_PAGES
from app.domain.named import Names
from app.domain.subject import NodeId
from collectors.exposition import Page, Sample
from collectors.exposition import Series as Key
from collectors.rates import Increases
from collectors.telemetry import Answers, Asked, Series
from collectors.vendor_facts import measures_of, traffic_of

PROXY: Final = NodeId("service-proxy")
SAYING: Final = ("consul_service", "deployment", "service", "container", "app", "job")
"""Labels that may name what a target is, after its pod."""
OUTCOMES: Final = 3
DAY_S: Final = 86_400
CADVISOR: Final = "cadvisor"


def box_of(labels: Mapping[str, str], names: Names) -> NodeId | None:
    """The box that the labels of a scraped target name; `None`: none of ours."""
    space = labels.get("namespace") or None
    if space is not None and space not in names.topology.watched_namespaces():
        return None
    pod = labels.get("pod", "")
    found = names.pod(pod, space) if pod else None
    for label in SAYING:
        if found is None and labels.get(label):
            found = names.box(labels[label], space)
    return found or names.box(labels.get("instance", ""))


def target_of(labels: Mapping[str, str]) -> str:
    """What one target is called among others."""
    return labels.get("pod") or labels.get("instance") or labels.get("job") or "?"


def by_target(
    series: Sequence[Series], names: Names
) -> dict[tuple[NodeId, str], list[Series]]:
    found: dict[tuple[NodeId, str], list[Series]] = defaultdict(list)
    for one in series:
        node = box_of(one.labels, names)
        if node is not None and math.isfinite(one.value):
            found[node, target_of(one.labels)].append(one)
    return found


def read_vendor(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """What a page says when we read it ourselves, read from a Prometheus."""
    gauges = by_target(answers["gauges"], asked.names)
    counters = by_target(answers["counters"], asked.names)
    facts: list[Fact] = []
    for node, target in sorted({*gauges, *counters}):
        page = Page({_key(s): Sample(s.value) for s in gauges.get((node, target), ())})
        grew = {_key(s): s.value for s in counters.get((node, target), ())}
        facts += measures_of(node, target, page)
        traffic = traffic_of(node, target, page, Increases(asked.window_s, grew))
        facts += (replace(fact, by=SAME_AS_PAGES) for fact in traffic if grew)
    return tuple(facts)


def _key(series: Series) -> Key:
    """As a page would give it: names without `_total`, labels in order."""
    labels = dict(series.labels)
    name = labels.pop("metric", "") or labels.pop("__name__", "")
    labels.pop("__name__", None)
    return name.removesuffix("_total"), tuple(sorted(labels.items()))


def read_nginx(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """All that the proxy answers: this telemetry knows neither whom it asks nor how it
    went."""
    requests = by_target(answers["requests"], asked.names)
    active = by_target(answers["active"], asked.names)
    ages = by_target(answers["age"], asked.names)
    return tuple(
        TrafficFact(
            node,
            target,
            asked.window_s,
            requests=_sum(requests.get((node, target))),
            active=_sum(open_),
            by="nginx",
            age_s=_sum(ages.get((node, target))) or 0.0,
        )
        for (node, target), open_ in sorted(active.items())
        if node == PROXY
    )


def _sum(series: Sequence[Series] | None) -> float | None:
    return None if series is None else math.fsum(one.value for one in series)


def read_probes(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """The newest outcomes of each target that blackbox_exporter probes."""
    days = {
        one.labels.get("instance", ""): one.value / DAY_S for one in answers["expiry"]
    }
    facts = []
    for one in answers["success"]:
        target = one.labels.get("instance", "")
        node = asked.names.box(target) or asked.names.box(one.labels.get("target", ""))
        if node is not None and one.samples:
            outcomes = tuple(_outcome(*s) for s in one.samples[-OUTCOMES:])
            facts.append(
                ProbeFact(node, "blackbox", target, outcomes, days.get(target))
            )
    return tuple(facts)


def _outcome(at: float, value: float) -> ProbeOutcome:
    told = "answered blackbox_exporter" if value == 1 else "blackbox_exporter failed"
    return ProbeOutcome(datetime.fromtimestamp(at, UTC), value == 1, told)


def read_cluster(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """Deployments and StatefulSets, where Kubernetes itself is not asked."""
    ready = {_identity(one.labels): one.value for one in answers["ready"]}
    facts = []
    for one in answers["desired"]:
        kind, space, name = _identity(one.labels)
        found = asked.names.locator.workload(space, name, {})
        if found is not None:
            count = int(ready.get((kind, space, name), 0))
            desired = int(one.value)
            facts.append(WorkloadFact(*found, space, kind, name, desired, count))
    return tuple(facts)


def _identity(labels: Mapping[str, str]) -> tuple[str, str, str]:
    name = labels.get("deployment")
    kind = "StatefulSet" if name is None else "Deployment"
    return kind, labels.get("namespace", ""), name or labels.get("statefulset", "")


def read_containers(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """How near a pod is to its memory limit, how often its processor is withheld, and
    what it uses of both.

    cAdvisor tells of a whole pod, never of a connection.
    """
    shares = by_target(answers["memory_share"], asked.names)
    throttled = by_target(answers["throttled"], asked.names)
    periods = by_target(answers["periods"], asked.names)
    facts: list[Fact] = [
        MeasureFact(node, target, "memory_share", series[0].value)
        for (node, target), series in sorted(shares.items())
    ]
    for (node, target), series in sorted(periods.items()):
        withheld = throttled.get((node, target))
        if series[0].value > 0 and withheld is not None:
            share = withheld[0].value / series[0].value
            facts.append(MeasureFact(node, target, "cpu_throttled", share))
    return (*facts, *_usage(answers, asked))


def _usage(answers: Answers, asked: Asked) -> Iterator[UsageFact]:
    spent = by_target(answers["cpu"], asked.names)
    memory = by_target(answers["memory"], asked.names)
    for node, target in sorted({*spent, *memory}):
        seconds, bytes_ = spent.get((node, target)), memory.get((node, target))
        cores = None if seconds is None else seconds[0].value / asked.window_s
        used = None if bytes_ is None else bytes_[0].value
        yield UsageFact(node, target, cores, used, by=CADVISOR)
