"""A site's own names over the vendor's picture: `topology:` in the configuration.

    absent: [iwd, gplus-adapter]          # parts that are not installed
    colours: [blue, green]                # suffixes of object names
    nodes:
      redis:
        workloads: [cache-redis]          # replaces the names we look for
        services: [cache-redis-master]
        namespace: data                   # where it lives, whatever its role
        label: my-redis                   # value of the pods' `gws` label
        port: 6380
        consul: [redis]                   # names in Consul's catalog
        optional: true

A place that names nothing is a problem with its dotted path; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Final

from app.domain.limits import Problem
from app.domain.subject import NodeId
from app.domain.topology import Box, Topology, Workload

KEYS: Final = ("absent", "colours", "nodes")
NODE_KEYS: Final = (
    "workloads", "services", "namespace", "label", "port", "consul", "optional",
)  # fmt: skip


@dataclass(slots=True)
class _Reader:
    """Reads values and gathers every problem."""

    problems: list[Problem] = field(default_factory=list)

    def mapping(self, value: Any, place: str) -> Mapping[str, Any]:
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.problems.append((place, "must be a mapping"))
        return {}

    def names(self, value: Any, place: str) -> tuple[str, ...]:
        one = [value] if isinstance(value, str) else value
        if isinstance(one, Sequence) and all(isinstance(n, str) and n for n in one):
            return tuple(one)
        self.problems.append((place, "must be a list of names"))
        return ()

    def known(self, name: str, among: Sequence[str], place: str) -> bool:
        if name in among:
            return True
        near = get_close_matches(str(name), among, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(among)}"
        self.problems.append((place, f"names nothing of the picture{hint}"))
        return False

    def port(self, value: Any, place: str) -> int | None:
        if type(value) is int and 0 < value < 65536:
            return value
        self.problems.append((place, "must be a port, 1 to 65535"))
        return None


def customise(
    topology: Topology, overrides: Mapping[str, Any]
) -> tuple[Topology, tuple[Problem, ...]]:
    """`topology` with a site's own names, and every problem with them."""
    reader = _Reader()
    ids = [str(box.id) for box in topology.boxes]
    for key in overrides:
        reader.known(key, KEYS, str(key))
    absent = {
        NodeId(name)
        for name in reader.names(overrides.get("absent", ()), "absent")
        if reader.known(name, ids, f"absent.{name}")
    }
    colours = reader.names(overrides.get("colours", topology.colours), "colours")
    own = reader.mapping(overrides.get("nodes"), "nodes")
    named = {
        NodeId(name): reader.mapping(value, f"nodes.{name}")
        for name, value in own.items()
        if reader.known(name, ids, f"nodes.{name}")
    }
    spaces = dict(topology.namespaces)
    boxes = tuple(
        _box(box, named.get(box.id), reader, spaces) for box in topology.boxes
    )
    changed = replace(
        topology,
        boxes=boxes,
        absent=topology.absent | absent,
        colours=colours,
        namespaces=tuple(spaces.items()),
    )
    return changed, tuple(reader.problems)


def _box(
    box: Box,
    own: Mapping[str, Any] | None,
    reader: _Reader,
    spaces: dict[str, str],
) -> Box:
    if not own:
        return box
    place = f"nodes.{box.id}"
    for key in own:
        reader.known(key, NODE_KEYS, f"{place}.{key}")
    optional = own.get("optional", box.optional)
    if not isinstance(optional, bool):
        reader.problems.append((f"{place}.optional", "must be true or false"))
        optional = box.optional
    if not set(own) - {"optional"}:
        return replace(box, optional=optional)
    workloads = _workloads(box, own, reader, spaces)
    return replace(box, workloads=workloads, optional=optional)


def _workloads(
    box: Box, own: Mapping[str, Any], reader: _Reader, spaces: dict[str, str]
) -> tuple[Workload, ...]:
    """Own names replace all the workloads; other keys change each of them."""
    place = f"nodes.{box.id}"
    first = box.workloads[0] if box.workloads else Workload((str(box.id),), "gws")
    base = box.workloads or (first,)
    if "workloads" in own:
        names = reader.names(own["workloads"], f"{place}.workloads")
        base = (
            (replace(first, names=names, services=names, label=None),)
            if names
            else base
        )
    changes: dict[str, Any] = {}
    for key in ("services", "consul"):
        if key in own:
            changes[key] = reader.names(own[key], f"{place}.{key}")
    if "label" in own:
        changes["label"] = str(own["label"])
    if "port" in own:
        changes["port"] = reader.port(own["port"], f"{place}.port")
    if "namespace" in own:
        # A role of its own, so that no other box moves with it.
        changes["role"] = f"node:{box.id}"
        spaces[changes["role"]] = str(own["namespace"])
    return tuple(replace(work, **changes) for work in base)
