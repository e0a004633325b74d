"""Pictures of a past that was never lived through, as they would have been shown."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.domain.incidents import Incident
from app.domain.incidents_wire import summary
from app.domain.instants import instant
from app.domain.rollups import Ints
from app.domain.status import Status
from app.simulator.past_incidents import incident_of, opened
from app.simulator.past_troubles import Trouble

Json = dict[str, Any]
Columns = Mapping[tuple[str, str], Sequence[float]]


def pictures(
    picture: Json,
    troubles: Sequence[Trouble],
    begin: int,
    at: Ints,
    columns: Columns,
) -> Iterator[Json]:
    """One for each of these moments, the very same object, changed. `columns`: what was
    measured then. `begin`: of the past."""
    shown = copy.deepcopy(picture)
    items = _items(shown)
    _since(shown, begin)
    told = [(one, incident_of(shown["deployment"], one)) for one in troubles]
    for place, moment in enumerate(at.tolist()):
        for (name, metric), values in columns.items():
            item = items[name]
            (item["metrics"] if "metrics" in item else item)[metric] = values[place]
        _heard(shown, _told(moment))
        shown["version"] = moment - begin
        now = [pair for pair in told if pair[0].begin <= moment < pair[0].over]
        yield _struck(shown, items, now, moment) if now else shown
        for trouble, _ in now:
            _well(trouble, items, picture)


def _items(shown: Json) -> dict[str, Json]:
    connections = {str(one["number"]): one for one in shown["connections"]}
    return connections | {one["id"]: one for one in shown["nodes"]}


def _since(shown: Json, begin: int) -> None:
    """Nothing in it is younger than the past."""
    for item in (*shown["connections"], *shown["nodes"]):
        item["since"] = _told(begin)
    for node in shown["nodes"]:
        for pod in node["pods"]:
            pod["started_at"] = _told(begin)


def _heard(shown: Json, at: str) -> None:
    shown["at"] = at
    for item in (*shown["connections"], *shown["nodes"]):
        for one in item["heard"].values():
            one["at"] = at
        if item.get("observed_at") is not None:
            item["observed_at"] = at
    for source in shown["sources"]:
        source["last_success"] = at


def _struck(
    shown: Json,
    items: Mapping[str, Json],
    now: Sequence[tuple[Trouble, Incident]],
    moment: int,
) -> Json:
    """With what is wrong at this moment, and what is said of it."""
    for trouble, _ in now:
        text, status = trouble.text, trouble.status.value
        back = {name: at for at, name in trouble.returns()}
        for at, name in trouble.turns():
            if at <= moment < back[name]:
                reason = {"witness": None, "status": status, "text": text,
                          "observed_at": _told(at)}  # fmt: skip
                items[name] |= {"status": status, "since": _told(at)}
                items[name]["reasons"] = [reason]
    seen_at = datetime.fromtimestamp(moment, UTC)
    return shown | {
        "status": max((t.status for t, _ in now), key=_rank).value,
        "suspects": [_suspect(trouble) for trouble, _ in now],
        "incident": now[0][1].id,
        "incidents": [summary(opened(one), seen_at) for _, one in now],
    }


def _rank(status: Status) -> int:
    return status.rank


def _suspect(trouble: Trouble) -> Json:
    return {
        "node": trouble.box,
        "connection": None,
        "host": None,
        "explains": [int(name) for name in trouble.members[1:]],
        "first_seen": _told(trouble.begin),
        "text": trouble.text,
    }


def _well(trouble: Trouble, items: Mapping[str, Json], usual: Json) -> None:
    """As they were: whoever is still in trouble at the next moment is told so anew."""
    was = {str(one["number"]): one["status"] for one in usual["connections"]}
    was |= {one["id"]: one["status"] for one in usual["nodes"]}
    for at, name in trouble.returns():
        items[name] |= {"status": was[name], "since": _told(at), "reasons": []}


def _told(moment: int) -> str:
    told = instant(datetime.fromtimestamp(moment, UTC))
    assert told is not None
    return told
