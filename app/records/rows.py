"""Incidents and windows as rows of the tables, and back; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Table

from app.domain.incidents import (
    Incident,
    Kind,
    Member,
    Named,
    Remark,
    Turn,
    What,
    in_cascade,
)
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.windows import Window
from app.records.schema import MERGES, REMARKS, SUSPECTS, TURNS

Row = Mapping[str, Any] | RowMapping


def head(deployment: str, incident: Incident) -> dict[str, Any]:
    """Its row in `incidents`."""
    return {
        "deployment": deployment,
        "id": incident.id,
        "kind": incident.kind.value,
        "start_at": incident.start,
        "end_at": incident.end,
        "merged_into": incident.into,
    }


def parts(deployment: str, incident: Incident) -> dict[Table, list[dict[str, Any]]]:
    """Its rows in the other tables."""
    owner = {"deployment": deployment, "incident": incident.id}

    def numbered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**owner, "place": place, **row} for place, row in enumerate(rows)]

    return {
        TURNS: numbered(
            {
                "subject": key(member.subject),
                "at": turn.at,
                "status": turn.status.value,
                "exact": turn.exact,
            }
            for member in incident.members
            for turn in member.turns
        ),
        SUSPECTS: numbered(_suspect(named) for named in incident.suspects),
        REMARKS: numbered(
            {"at": one.at, "what": one.what.value, "text": clean(one.text)}
            for one in incident.remarks
        ),
        MERGES: numbered({"merged": name} for name in incident.merged),
    }


def incident(row: Row, of: Mapping[Table, Sequence[Row]]) -> Incident:
    """`row` of `incidents`, and its own rows of the other tables in order."""
    turns: dict[Subject, list[Turn]] = {}
    for one in of[TURNS]:
        turn = Turn(one["at"], Status(one["status"]), bool(one["exact"]))
        turns.setdefault(subject(one["subject"]), []).append(turn)
    return Incident(
        id=row["id"],
        start=row["start_at"],
        members=in_cascade(Member(who, tuple(said)) for who, said in turns.items()),
        kind=Kind(row["kind"]),
        end=row["end_at"],
        suspects=tuple(_named(one) for one in of[SUSPECTS]),
        remarks=tuple(
            Remark(one["at"], What(one["what"]), one["text"]) for one in of[REMARKS]
        ),
        merged=tuple(one["merged"] for one in of[MERGES]),
        into=row["merged_into"],
    )


def window_row(deployment: str, window: Window) -> dict[str, Any]:
    return {
        "deployment": deployment,
        "id": window.id,
        "start_at": window.starts_at,
        "end_at": window.ends_at,
        "nodes": " ".join(window.nodes),
        "connections": " ".join(map(str, window.connections)),
        "why": clean(window.why),
        "set_by": clean(window.by),
        "ended_at": window.ended_at,
        "ended_by": None if window.ended_by is None else clean(window.ended_by),
    }


def window(row: Row) -> Window:
    return Window(
        row["id"],
        row["start_at"],
        row["end_at"],
        row["why"],
        row["set_by"],
        tuple(NodeId(node) for node in row["nodes"].split()),
        tuple(int(number) for number in row["connections"].split()),
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )


def key(who: Subject) -> str:
    """No box has a number for its id."""
    return str(who)


def subject(text: str) -> Subject:
    return int(text) if text.isdecimal() else NodeId(text)


def _suspect(named: Named) -> dict[str, Any]:
    plain = {name: getattr(named, name) for name in Named.__slots__}
    return plain | {
        "first_text": clean(named.first_text),
        "last_text": clean(named.last_text),
        "explains": " ".join(map(str, named.explains)),
    }


def _named(row: Row) -> Named:
    plain = {name: row[name] for name in Named.__slots__}
    explains = tuple(int(number) for number in row["explains"].split())
    return Named(**plain | {"explains": explains})


def clean(text: str) -> str:
    """What every database takes: a text from outside may hold anything."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
