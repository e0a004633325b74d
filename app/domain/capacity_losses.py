"""N+1: whether what is left carries all when a pod, or all pods on a cluster node or in
a zone, are lost at p95 load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.domain.capacity import Headroom, Loss, Lost
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import FULL, Unit

NAMES: Final = {Lost.POD: "one pod", Lost.HOST: "host {name}", Lost.ZONE: "zone {name}"}


def losses(
    node: Mapping[str, Any] | None,
    rooms: Iterable[tuple[Headroom, bool]],
    zones: Mapping[str, str],
) -> tuple[Loss, ...]:
    """`node`: the picture's item of a box. `rooms`: each with whether its limit shrinks
    with the pods. `zones`: of cluster nodes, by their names."""
    ready = [pod for pod in (node or {}).get("pods") or () if pod["ready"]]
    if not ready:
        return ()
    hosts = Counter(pod["host"] for pod in ready if pod["host"])
    in_zones: Counter[str] = Counter()
    for host, many in hosts.items():
        if host in zones:
            in_zones[zones[host]] += many
    carried = [room for room, shrinks in rooms if shrinks]
    found = [_loss(Lost.POD, "", len(ready), 1, carried)]
    for lost, places in ((Lost.HOST, hosts), (Lost.ZONE, in_zones)):
        if places:
            # Of equals always the same one.
            name = max(places, key=lambda one: (places[one], one))
            found.append(_loss(lost, name, len(ready), places[name], carried))
    return tuple(found)


def _loss(
    lost: Lost, name: str, pods: int, gone: int, rooms: Sequence[Headroom]
) -> Loss:
    left, what = pods - gone, NAMES[lost].format(name=name)
    if not left:
        why = f"without {what} no pod is left"
        return Loss(lost, name, pods, 0, None, None, False, why)
    remain = f"without {what} {left} of {pods} pods are left"
    if not rooms:
        why = f"{remain}; of none of their limits is anything known"
        return Loss(lost, name, pods, left, None, None, None, why)
    share, limit = max((_then(room, pods, left), room.limit) for room in rooms)
    holds = share < FULL
    why = f"{remain}, and would use {figure(share, Unit.SHARE).text} of {limit}"
    return Loss(lost, name, pods, left, limit, share, holds, why)


def _then(room: Headroom, pods: int, left: int) -> float:
    return room.share * pods / left
