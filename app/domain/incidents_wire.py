"""Incidents as the JSON of the API, and in short as they stand in a snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain import care
from app.domain.care import Care
from app.domain.incidents import Incident, Member
from app.domain.instants import instant
from app.domain.plain import plain
from app.domain.subject import Subject

Json = dict[str, Any]


def summary(incident: Incident, now: datetime, cared: Care | None = None) -> Json:
    """What the page shows while it is open. `cared`: who has it in hand."""
    return {
        "id": incident.id,
        "kind": incident.kind.value,
        "start": instant(incident.start),
        "status": incident.status.value,
        "worst": incident.worst.value,
        "text": headline(incident, now),
        "cascade": [_step(member) for member in incident.members],
    } | care.encode(cared)


def encode(incident: Incident, cared: Care | None = None) -> Json:
    """All that is known of one, open or ended."""
    members = incident.members
    return {
        "id": incident.id,
        "kind": incident.kind.value,
        "open": incident.open,
        "start": instant(incident.start),
        "end": instant(incident.end),
        "end_exact": incident.open or incident.ends_exactly,
        "status": incident.status.value,
        "worst": incident.worst.value,
        "connections": sorted(m.subject for m in members if isinstance(m.subject, int)),
        "nodes": sorted(m.subject for m in members if isinstance(m.subject, str)),
        "cascade": [_step(member) for member in members],
        "transitions": _transitions(members),
        "suspects": plain(incident.suspects),
        "remarks": plain(incident.remarks),
        "merged": list(incident.merged),
        "merged_into": incident.into,
    } | care.encode(cared)


def headline(incident: Incident, now: datetime) -> str:
    """`Since 10:42 UTC: 5 connections and 1 component, worst failing, 2 well again.`"""
    start = incident.start
    day = "" if start.date() == now.date() else f"{start:%Y-%m-%d} "
    subjects = [member.subject for member in incident.members]
    connections = sum(isinstance(subject, int) for subject in subjects)
    counted = [
        _count(connections, "connection"),
        _count(len(subjects) - connections, "component"),
    ]
    who = " and ".join(part for part in counted if part)
    well = sum(not member.bad for member in incident.members)
    again = f", {well} well again" if well else ""
    worst = incident.worst.value
    return f"Since {day}{start:%H:%M} UTC: {who}, worst {worst}{again}."


def _count(number: int, what: str) -> str:
    if not number:
        return ""
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _who(subject: Subject) -> Json:
    is_number = isinstance(subject, int)
    return {
        "connection": subject if is_number else None,
        "node": None if is_number else subject,
    }


def _step(member: Member) -> Json:
    """A member's place in the cascade: when it turned, to what, and how it is."""
    first = member.turns[0]
    return _who(member.subject) | {
        "at": instant(first.at),
        "first": first.status.value,
        "worst": member.worst.value,
        "status": member.status.value,
        "until": None if member.bad else instant(member.turns[-1].at),
    }


def _transitions(members: tuple[Member, ...]) -> list[Json]:
    """Every turn of every member, in time."""
    turns = [(turn.at, place, m, turn) for place, m in enumerate(members)
             for turn in m.turns]  # fmt: skip
    turns.sort(key=lambda one: one[:2])
    return [_who(member.subject) | plain(turn) for _, _, member, turn in turns]
