"""From the answers of the stores' exporters to facts about the stores. Pure.

An exporter knows how many clients a store has and never who they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.facts import Fact
from app.domain.facts_stores import UNREACHABLE, StoreFact
from app.domain.subject import NodeId
from collectors.boxes_read import box_of, target_of
from collectors.telemetry import Answers, Asked

Values = Mapping[str, float]


def read_redis(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    return _stores(NodeId("redis"), "redis_exporter", answers, asked)


def read_postgresql(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    return _stores(NodeId("postgresql"), "postgres_exporter", answers, asked)


def read_elasticsearch(answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    return _stores(NodeId("elasticsearch"), "elasticsearch_exporter", answers, asked)


def _stores(node: NodeId, by: str, answers: Answers, asked: Asked) -> tuple[Fact, ...]:
    """One fact for every exporter whose newest sample is within the window."""
    values: dict[str, dict[str, float]] = {}
    colours: dict[str, str] = {}
    for name, series in answers.items():
        for one in series:
            if _is_ours(one.labels, node, asked):
                target = target_of(one.labels)
                values.setdefault(target, {})[name] = one.value
                colours |= {target: one.labels["color"]} if name == "state" else {}
    return tuple(
        _fact(node, target, by, told, colours.get(target, ""))
        for target, told in sorted(values.items())
        if told.get("age", 0.0) <= asked.window_s
    )


def _is_ours(labels: Mapping[str, str], node: NodeId, asked: Asked) -> bool:
    """What the labels name, or, of an exporter that stands apart, what it exports."""
    found = box_of(labels, asked.names)
    if found is not None:
        return found == node
    space = labels.get("namespace")
    return not space or space in asked.names.topology.watched_namespaces()


def _fact(node: NodeId, target: str, by: str, told: Values, colour: str) -> StoreFact:
    return StoreFact(
        node,
        target,
        version="",
        role=f"told by {by}",
        clients=_whole(told.get("clients")),
        most_clients=_whole(told.get("most_clients")) or None,
        memory=_whole(told.get("memory")),
        most_memory=_whole(told.get("most_memory")) or None,
        evicts=True,  # an exporter does not tell, and most that have a limit do
        state=UNREACHABLE if told.get("up") == 0 else colour,
        missing=_whole(told.get("missing")) or 0,
        rejected=_whole(told.get("rejected")),
        names_callers=False,
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
