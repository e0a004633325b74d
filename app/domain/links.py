"""Links out of the panel: addresses with named fields, such as

    https://grafana.example/d/gws?var-ns={namespace}&from={from_ms}&to={to_ms}

A field's value is percent-encoded, and fields stand behind the host alone, so that no
value can turn an address into another one, or into a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Final
from urllib.parse import quote

from app.domain.instants import instant
from app.domain.subject import NodeId
from app.domain.topology import Topology, Workload

FIELDS: Final[Mapping[str, str]] = {
    "deployment": "the deployment's `id`",
    "connection": "the number; links with it stand at connections alone",
    "source": "id of the box that calls; at connections alone",
    "destination": "id of the box that answers; at connections alone",
    "node": "id of the box; at a connection, of the one that answers",
    "namespace": "where that box lives",
    "workload": "that box's workload: one that runs, else its usual name",
    "service": "that box's Service in Kubernetes",
    "consul_name": "that box's name in Consul's catalog",
    "context": "`kubernetes.context`, which then must be set",
    "datacenter": "`consul.datacenter`, likewise",
    "from_ms": "an hour before what is shown, in milliseconds since 1970",
    "to_ms": "the moment that is shown, likewise",
    "from": "an hour before what is shown, as `2026-11-24T09:00:00.000Z`",
    "to": "the moment that is shown, likewise",
}
"""What may stand in braces."""

Template = tuple[tuple[str, str | None], ...]
"""Text, and the field behind it; the last text may have none."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What leads out of the panel: templates by their names, and what the fields take
    from the configuration. `kubernetes`: there is a cluster to give a command for."""

    templates: Mapping[str, str] = field(default_factory=dict)
    kubernetes: bool = False
    context: str | None = None
    datacenter: str | None = None


def parsed(text: str) -> Template:
    """Raises `ValueError` for braces that are not those of a plain field."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValueError(
            "has a brace that stands alone; {{ and }} are braces that are meant"
        ) from None
    for _, name, form, conversion in parts:
        if name is not None and (not name or form or conversion):
            raise ValueError("has braces without a plain name of a field in them")
    return tuple((literal, name) for literal, name, _, _ in parts)


def names(template: Template) -> tuple[str, ...]:
    """The fields that it needs, in order."""
    return tuple(name for _, name in template if name is not None)


def address(template: Template, known: Mapping[str, str | None]) -> str | None:
    """The address with its values; `None` where one that it needs is not known."""
    if not all(known.get(name) for name in names(template)):
        return None
    return "".join(
        literal + ("" if name is None else _encoded(known[name] or ""))
        for literal, name in template
    )


def known_of(
    topology: Topology,
    subject: int | NodeId,
    running: Iterable[str],
    span: tuple[datetime, datetime],
) -> dict[str, str | None]:
    """The values for a connection or a box; of `running`, the workloads whose pods are
    seen, the first is meant."""
    begin, end = span
    called: dict[str, str | None] = {}
    node = subject
    if isinstance(subject, int):
        connection = topology.connection(subject)
        node = connection.destination
        called = {
            "connection": str(subject),
            "source": connection.source,
            "destination": connection.destination,
        }
    box = topology.box(NodeId(str(node)))
    work = box.workloads[0] if box.workloads else None
    return called | {
        "node": box.id,
        **_of_workload(topology, work, next(iter(running), None)),
        "from_ms": str(_milliseconds(begin)),
        "to_ms": str(_milliseconds(end)),
        "from": instant(begin),
        "to": instant(end),
    }


def _of_workload(
    topology: Topology, work: Workload | None, runs: str | None
) -> dict[str, str | None]:
    if work is None:
        return {}
    return {
        "namespace": topology.namespace_of(work.role),
        "workload": runs or work.names[0],
        "service": next(iter(work.services), None),
        "consul_name": next(iter(work.consul), None),
    }


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _encoded(value: str) -> str:
    return quote(value, safe="", errors="replace")
