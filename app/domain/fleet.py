"""The fleet: every deployment's snapshot in small, and what of it is news.

A card holds what a page needs that shows a hundred deployments at once. A status is one
letter in it, its word's first: 31 connections are 31 characters, in the order of
`NUMBERS`, and 23 boxes are as many, in the order of `BOXES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain import topology
from app.domain.status import Status

Json = dict[str, Any]
Snapshot = Mapping[str, Any]
"""As `app.domain.wire` encodes it."""

NUMBERS: Final = tuple(one.number for one in topology.CONNECTIONS)
BOXES: Final = tuple(str(box.id) for box in topology.BOXES)
LETTERS: Final = {status.value: status.value[0] for status in Status}
TROUBLE: Final = (Status.FAILING.value, Status.DEGRADED.value)
OURS: Final = frozenset({"config", "records", "history", "observatory"})
"""Sources that speak of this process: hearing them is not seeing the deployment."""
REFRESH_S: Final = 5.0
"""When a source last spoke is told so often at most, where nothing else is news: a
hundred deployments hear something every second."""
UNASKED: Final = "no source of facts is configured"

CLEAR: Final = "clear"
PARTIAL: Final = "partial"
BLIND: Final = "blind"
WAITING: Final = "waiting"
SIGHTS: Final = (CLEAR, PARTIAL, BLIND, WAITING)
"""How well a deployment is seen: every source is heard, some are, none is any more, or
none was yet."""


@dataclass(frozen=True, slots=True)
class Member:
    """A deployment as it is called; those of one `group` stand in for each other."""

    id: str
    name: str
    region: str | None = None
    group: str | None = None


def card(member: Member, snapshot: Snapshot | None, waiting: str) -> Json:
    """A deployment in small. `snapshot`: its newest, if there was one yet; `waiting`:
    what its first one waits for."""
    named = {
        "id": member.id,
        "name": member.name,
        "region": member.region,
        "group": member.group,
    }
    if snapshot is None:
        return named | _unseen(waiting)
    return named | _seen(snapshot)


def since(snapshot: Snapshot) -> str | None:
    """Since when the whole has been as it is, as far as its parts tell: the oldest
    trouble of that kind; for the rest, the newest arrival."""
    parts = [*snapshot["connections"], *snapshot["nodes"]]
    status = snapshot["status"]
    times = [p["since"] for p in parts if p["status"] == status and p["since"]]
    if not times:
        return None
    return str(min(times) if status in TROUBLE else max(times))


def news(old: Json | None, new: Json) -> Json | None:
    """What a reader of `old` must learn to know `new`; `None` where that can wait."""
    if old is None:
        return new
    changed = {name: value for name, value in new.items() if old[name] != value}
    if not changed or (set(changed) == {"heard_at"} and not _overdue(old, new)):
        return None
    return {"id": new["id"]} | changed


def whole(version: int, at: str, cards: Iterable[Json], deployment: str) -> Json:
    """The fleet at one moment; `deployment`: what stands for all of them."""
    return {
        "deployment": deployment,
        "version": version,
        "at": at,
        "connections": list(NUMBERS),
        "nodes": list(BOXES),
        "deployments": list(cards),
    }


def only(told: Json, ids: Collection[str]) -> Json:
    """A fleet, or a delta of it, without the cards of other deployments."""
    left = [one for one in told["deployments"] if one["id"] in ids]
    return told | {"deployments": left}


def delta(fleet: Json, changed: Sequence[Json]) -> Json:
    """What leads to `fleet` from the one before: `changed` is what is news of cards."""
    head = {name: fleet[name] for name in ("deployment", "version", "at")}
    return head | {"deployments": list(changed)}


def apply(old: Json, told: Json) -> Json:
    """The fleet that a reader of `old` has after reading `told`; the browser does the
    same."""
    by_id = {one["id"]: one for one in old["deployments"]}
    for one in told["deployments"]:
        by_id[one["id"]] = by_id.get(one["id"], {}) | one
    return old | told | {"deployments": list(by_id.values())}


def _unseen(waiting: str) -> Json:
    blank = LETTERS[Status.NO_DATA]
    return {
        "status": Status.NO_DATA.value,
        "since": None,
        "counts": {Status.NO_DATA.value: len(NUMBERS)},
        "connections": blank * len(NUMBERS),
        "nodes": blank * len(BOXES),
        "sight": WAITING,
        "waiting": waiting,
        "sources": [],
        "suspect": None,
        "incident": None,
        "heard_at": None,
    }


def _seen(snapshot: Snapshot) -> Json:
    statuses = _in_order(snapshot["connections"], "number", NUMBERS)
    boxes = _in_order(snapshot["nodes"], "id", BOXES)
    sight, waiting = _sight(snapshot["sources"])
    return {
        "status": snapshot["status"],
        "since": since(snapshot),
        "counts": _counts(statuses),
        "connections": "".join(LETTERS[status] for status in statuses),
        "nodes": "".join(LETTERS[status] for status in boxes),
        "sight": sight,
        "waiting": waiting,
        "sources": _troubled(snapshot["sources"]),
        "suspect": next((one["text"] for one in snapshot["suspects"]), None),
        "incident": _gravest(snapshot["incidents"]),
        "heard_at": _heard_at(snapshot["sources"]),
    }


def _in_order(
    states: Iterable[Mapping[str, Any]], key: str, names: Iterable[object]
) -> list[str]:
    """The status of each; what the snapshot does not hold is not known."""
    told = {state[key]: state["status"] for state in states}
    return [told.get(name, Status.NO_DATA.value) for name in names]


def _counts(statuses: Iterable[str]) -> Json:
    """How many connections are in each status that there is, the worst first."""
    found = Counter(statuses)
    return {s.value: found[s.value] for s in Status if found[s.value]}


def _sight(sources: Iterable[Mapping[str, Any]]) -> tuple[str, str | None]:
    """How well a deployment is seen, and what is waited for where nothing is yet."""
    told = list(sources)
    asked = [source for source in told if source["name"] not in OURS]
    if any(source["status"] in (Status.OK, Status.DEGRADED) for source in asked):
        return PARTIAL if _troubled(told) else CLEAR, None
    if any(source["status"] == Status.FAILING for source in asked):
        return BLIND, None
    names = ", ".join(source["name"] for source in asked)
    return WAITING, f"waiting for the first answer of {names}" if names else UNASKED


def _troubled(sources: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The sources in trouble, the worst first."""
    found = [source for source in sources if source["status"] in TROUBLE]
    found.sort(key=lambda source: TROUBLE.index(source["status"]))
    return [{key: s[key] for key in ("name", "status", "error")} for s in found]


def _gravest(incidents: Sequence[Mapping[str, Any]]) -> Json | None:
    if not incidents:
        return None
    return {key: incidents[0][key] for key in ("id", "worst", "text")}


def _heard_at(sources: Iterable[Mapping[str, Any]]) -> str | None:
    """When any source last said something about the deployment."""
    heard = [s["last_success"] for s in sources if s["name"] not in OURS]
    return max((str(at) for at in heard if at), default=None)


def _overdue(old: Json, new: Json) -> bool:
    """Whether the new word is so much later, or of a clock that was set back."""
    before, after = old["heard_at"], new["heard_at"]
    if before is None or after is None:
        return True
    passed = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    return abs(passed.total_seconds()) >= REFRESH_S
