"""Why a connection stood where it stood, as far as a kept picture tells it.

A picture has what each witness said, the reasons and the numbers, but not the facts
behind them nor the rules. The limits of then are not kept either: numbers are held
against those of now, and whoever shows that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.explain import Effect, Evidence, Explanation, Ruling, measured
from app.domain.limits import Limits
from app.domain.snapshot import Metrics
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.topology import Topology

Json = Mapping[str, Any]
SAID: Final = "witness"
"""The kind of what a witness said, where the fact itself is not kept."""


def explain_past(
    picture: Json, topology: Topology, limits: Limits, number: int
) -> Explanation:
    """Raises `KeyError` for a number that is not in the picture."""
    states = {item["number"]: item for item in picture["connections"]}
    nodes = {item["id"]: item for item in picture["nodes"]}
    item, at = states[number], datetime.fromisoformat(picture["at"])
    end = topology.connection(number).destination
    about: list[tuple[Subject, Json]] = [(number, item)]
    if end in nodes:
        about.append((end, nodes[end]))
    metrics = Metrics(**{name: item["metrics"].get(name) for name in Metrics.__slots__})
    return Explanation(
        number,
        Status(item["status"]),
        datetime.fromisoformat(item["since"]),
        at,
        tuple(one for subject, of in about for one in _said(subject, of, at)),
        tuple(_rulings(item)),
        tuple(measured(metrics, limits.of(number), end)),
        None,
        (),
        recalled=True,
    )


def _said(subject: Subject, item: Json, at: datetime) -> Iterator[Evidence]:
    """What each witness last said of it."""
    for name, one in item["heard"].items():
        if one["at"] is None:
            continue
        status, heard = item["witnesses"][name], datetime.fromisoformat(one["at"])
        age_s = (at - heard).total_seconds()
        told = {"what": one["text"], "status": status}
        fresh = status != Status.STALE
        yield Evidence(
            subject, Witness(name), SAID, told, None, None, heard, age_s, None, fresh
        )


def _rulings(item: Json) -> Iterator[Ruling]:
    for one in item["reasons"]:
        decides = one["status"] == item["status"]
        witness, at = one["witness"], one["observed_at"]
        yield Ruling(
            None,
            None if witness is None else Witness(witness),
            Status(one["status"]),
            one["text"],
            datetime.fromisoformat(at or item["since"]),
            False,
            Effect.DECIDES if decides else Effect.COUNTS,
        )
