"""What Alertmanager's answers say: JSON of its API v2 to facts, without any I/O.

An alert made from our own metrics is not heard as a witness: the verdict that raised it
would keep itself alive. Neither is one that another alert inhibits, nor one under a
silence that was not there yet when the silences were asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from app.domain.alerted import Directory, rule_of
from app.domain.facts_alerts import AlertFact, Silence, SilenceFact
from collectors.errors import SourceMisread, shaped

SAID: Final = ("summary", "message", "description", "title")
"""Annotations that may say what is wrong, the shortest first."""
TEXT_KEPT: Final = 300
WHOLE: Final = frozenset(
    {
        "box",
        "connection",
        "deployment",
        "gws",
        "namespace",
        "service",
        "statefulset",
        "workload",
    }
)
"""A silence by these alone is over all that runs under the name."""

Json = Mapping[str, Any]


@shaped("the silences")
def read_silences(body: bytes) -> dict[str, Json]:
    """The silences that are in force, by id."""
    rows = _rows(body, "silences")
    return {
        _text(row, "id", where): row
        for where, row in rows
        if _part(row, "status", where).get("state") == "active"
    }


@shaped("the alerts")
def read_alerts(
    body: bytes, silences: Mapping[str, Json], directory: Directory
) -> tuple[AlertFact, ...]:
    """The alerts about boxes and connections of the picture."""
    facts = []
    for where, row in _rows(body, "alerts"):
        labels = _labels(row, where)
        status = _part(row, "status", where)
        subject = None if directory.is_our_own(labels) else directory.about(labels)
        by = status.get("silencedBy") or ()
        muted = [silences[one] for one in by if one in silences]
        if subject is None or status.get("inhibitedBy") or (by and not muted):
            continue
        facts.append(
            AlertFact(
                subject=subject,
                fingerprint=_text(row, "fingerprint", where),
                name=labels.get("alertname", "without a name"),
                severity=labels.get("severity", ""),
                summary=_summary(_part(row, "annotations", where)),
                felt=rule_of(labels).felt or not isinstance(subject, str),
                muted=max(map(_silence, muted), key=_end, default=None),
            )
        )
    return tuple(facts)


@shaped("the silences")
def read_whole(
    silences: Mapping[str, Json], directory: Directory
) -> tuple[SilenceFact, ...]:
    """Silences of a whole box or connection: nothing in them asks for less."""
    facts = []
    for id_, row in silences.items():
        labels = _matched(row, WHOLE | directory.only.keys())
        subject = None if labels is None else directory.about(labels)
        if subject is not None:
            facts.append(SilenceFact(subject, id_, _silence(row)))
    return tuple(facts)


def _matched(row: Json, whole: Set[str]) -> dict[str, str] | None:
    """What a silence asks for by equality; `None` where it asks for some alerts, pods
    or severities only, or by a pattern."""
    labels = {}
    for matcher in row.get("matchers") or ():
        if not isinstance(matcher, dict):
            raise SourceMisread(f"silence {row['id']}: a matcher is not an object")
        name = str(matcher.get("name"))
        plain = matcher.get("isEqual", True) and not matcher.get("isRegex")
        if not plain or name not in whole:
            return None
        labels[name] = str(matcher.get("value"))
    return labels


def _silence(row: Json) -> Silence:
    where = f"silence {row['id']}"
    return Silence(
        author=str(row.get("createdBy") or "nobody named"),
        comment=_short(str(row.get("comment") or "")),
        ends_at=_moment(row, "endsAt", where),
    )


def _end(silence: Silence) -> datetime:
    return silence.ends_at


def _summary(annotations: Json) -> str:
    told = [str(annotations[name]) for name in SAID if annotations.get(name)]
    return _short(told[0]) if told else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_KEPT else f"{line[:TEXT_KEPT]}…"


def _rows(body: bytes, what: str) -> list[tuple[str, Json]]:
    try:
        rows = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise SourceMisread(f"the {what} are not JSON") from exc
    if not isinstance(rows, list):
        raise SourceMisread(f"the {what} are not a list")
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise SourceMisread(f"{what}, {place}: not an object")
    return [(f"{what}, {place}", row) for place, row in enumerate(rows, start=1)]


def _part(row: Json, name: str, where: str) -> Json:
    part = row.get(name) or {}
    if not isinstance(part, dict):
        raise SourceMisread(f"{where}: {name} is not an object")
    return part


def _labels(row: Json, where: str) -> dict[str, str]:
    return {str(k): str(v) for k, v in _part(row, "labels", where).items()}


def _text(row: Json, name: str, where: str) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not text:
        raise SourceMisread(f"{where}: no {name}")
    return text


def _moment(row: Json, name: str, where: str) -> datetime:
    try:
        return datetime.fromisoformat(_text(row, name, where)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise SourceMisread(f"{where}: {name} is not a time") from exc
