"""Read how much a pod may use at most: its limits, as Kubernetes adds them up.

Pure; see `kubernetes_read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kubernetes.utils.quantity import parse_quantity

from collectors.errors import SourceMisread
from collectors.kubernetes_json import Fields, field, items, text


def cpu_limit(spec: Fields) -> float | None:
    """In cores; `None`: there is no limit."""
    limit = _limit(spec, "cpu")
    return None if limit is None else float(limit)


def memory_limit(spec: Fields) -> int | None:
    """In bytes; `None`: there is no limit."""
    limit = _limit(spec, "memory")
    return None if limit is None else int(limit)


def _limit(spec: Fields, what: str) -> Decimal | None:
    """The pod's own limit (from Kubernetes 1.34 on), else those of its containers."""
    own = _of(spec, what)
    if own is not None:
        return own
    limits = [_of(container, what) for container in _running(spec)]
    known = [limit for limit in limits if limit is not None]
    return sum(known, Decimal()) if known and len(known) == len(limits) else None


def _running(spec: Fields) -> Iterator[Fields]:
    """The containers that run for as long as the pod does: sidecars are among those
    that begin before the others."""
    yield from items(spec, "containers")
    for container in items(spec, "initContainers"):
        if text(container, "restartPolicy") == "Always":
            yield container


def _of(part: Fields, what: str) -> Decimal | None:
    value = field(field(part, "resources"), "limits").get(what)
    if value is None:
        return None
    try:
        return Decimal(parse_quantity(value))  # type: ignore[no-untyped-call]
    except (ValueError, TypeError) as exc:
        raise SourceMisread(f"limits.{what} is not a quantity") from exc
