"""Two pictures, and what is other in the second: worse, better, or just changed.

Pictures are as `app.domain.wire` encodes them. Numbers differ by themselves all the
time: one is told only where it moved by `SHARE` of the larger value and by its own
least step (`LEAST`). What is worse one way round is better the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.status import Status
from app.domain.timeline import Kind, Lane

Json = Mapping[str, Any]
Value = str | int | float | None

SHARE: Final = 0.25
"""Of the larger of two values: how far they must lie apart to be told."""


class How(StrEnum):
    WORSE = "worse"
    BETTER = "better"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """`what`: `status`, `error`, `pods`, `version`, or a number's name. `None`: not
    there, or not measured."""

    what: str
    before: Value
    after: Value
    how: How


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is other of one connection, box or source."""

    lane: Lane
    how: How
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The least step that is told of a number, and whether more of it is worse."""

    step: float
    worse: bool = False


STATUS: Final = "status"
ERROR: Final = "error"
PODS: Final = "pods"
VERSION: Final = "version"
RESTARTS: Final = "restarts"
METRICS: Final[Mapping[str, Least]] = {
    "request_rate": Least(1.0),
    "error_ratio": Least(0.01, worse=True),
    "latency_p50_ms": Least(5.0, worse=True),
    "latency_p95_ms": Least(5.0, worse=True),
    "latency_p99_ms": Least(5.0, worse=True),
    "connections_active": Least(5.0),
    "connect_failure_ratio": Least(0.01, worse=True),
    "saturation": Least(0.05, worse=True),
}
"""Of a connection: per second, shares, milliseconds, and a count."""
NUMBERS: Final[Mapping[str, Least]] = {
    "memory": Least(64 * 2**20),
    "clients": Least(5.0),
    "lag_s": Least(1.0, worse=True),
}
"""Of a box: bytes, a count, seconds."""
GRAVITY: Final[Mapping[str, int]] = {
    Status.FAILING.value: 3,
    Status.DEGRADED.value: 2,
    Status.STALE.value: 1,
    Status.NO_DATA.value: 1,
}
"""The others are no trouble: between them nothing is worse."""
_PARTS: Final = (
    (Kind.CONNECTION, "connections", "number"),
    (Kind.NODE, "nodes", "id"),
    (Kind.SOURCE, "sources", "name"),
)
_ORDER: Final = tuple(How)


def compare(before: Json, after: Json) -> tuple[Difference, ...]:
    """What is other in `after`: what is worse first, then better, then changed; of
    each the connections, the boxes, the sources in the order of the picture."""
    found = [
        difference
        for kind, part, key in _PARTS
        for difference in _differences(kind, key, before[part], after[part])
    ]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.how)))


def _differences(
    kind: Kind, key: str, before: list[Json], after: list[Json]
) -> Iterator[Difference]:
    old = {item[key]: item for item in before}
    new = {item[key]: item for item in after}
    for name in sorted(old.keys() | new.keys()):
        changes = tuple(_changes(kind, old.get(name, {}), new.get(name, {})))
        if changes:
            yield Difference(Lane(kind, str(name)), _overall(changes), changes)


def _changes(kind: Kind, old: Json, new: Json) -> Iterator[Change]:
    status = old.get(STATUS), new.get(STATUS)
    if status[0] != status[1]:
        yield Change(STATUS, *status, _graver(*status))
    if kind is Kind.CONNECTION:
        yield from _numbers(METRICS, old.get("metrics", {}), new.get("metrics", {}))
    elif kind is Kind.NODE:
        yield from _of_box(old, new)
    elif old.get(ERROR) != new.get(ERROR):
        yield Change(ERROR, old.get(ERROR), new.get(ERROR), How.CHANGED)


def _of_box(old: Json, new: Json) -> Iterator[Change]:
    if _pods(old) != _pods(new):
        short = _missing(old), _missing(new)
        yield Change(PODS, _pods(old), _pods(new), _more(*short, worse=True))
    if old.get(VERSION) != new.get(VERSION):
        yield Change(VERSION, old.get(VERSION), new.get(VERSION), How.CHANGED)
    count = old.get(RESTARTS), new.get(RESTARTS)
    if count[0] != count[1]:
        yield Change(RESTARTS, *count, _more(*count, worse=True))
    yield from _numbers(NUMBERS, old, new)


def _numbers(known: Mapping[str, Least], old: Json, new: Json) -> Iterator[Change]:
    for name, least in known.items():
        a, b = old.get(name), new.get(name)
        if _apart(a, b, least.step):
            yield Change(name, a, b, _more(a, b, worse=least.worse))


def _apart(a: float | None, b: float | None, step: float) -> bool:
    if a is None or b is None:
        return a is not b
    return abs(a - b) >= max(step, SHARE * max(abs(a), abs(b)))


def _graver(before: str | None, after: str | None) -> How:
    if before is None or after is None:
        return How.CHANGED
    return _more(GRAVITY.get(before, 0), GRAVITY.get(after, 0), worse=True)


def _more(before: float | None, after: float | None, *, worse: bool) -> How:
    if not worse or before is None or after is None or before == after:
        return How.CHANGED
    return How.WORSE if after > before else How.BETTER


def _pods(box: Json) -> str | None:
    """`2/3`; `None` where nobody counts them."""
    ready, desired = box.get("ready"), box.get("desired")
    if ready is None and desired is None:
        return None
    return "/".join("–" if one is None else str(one) for one in (ready, desired))


def _missing(box: Json) -> int | None:
    ready, desired = box.get("ready"), box.get("desired")
    return None if ready is None or desired is None else desired - ready


def _overall(changes: tuple[Change, ...]) -> How:
    """The status decides; without it the numbers, where they agree."""
    first = changes[0]
    if first.what == STATUS and first.how is not How.CHANGED:
        return first.how
    told = {one.how for one in changes} - {How.CHANGED}
    return told.pop() if len(told) == 1 else How.CHANGED
