"""What happened, for the log: sources that fall silent or return, changed verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import structlog

from app.bus.base import Json

log = structlog.get_logger(__name__)


NOTHING: Final[Json] = {"sources": [], "connections": [], "nodes": []}


def record(before: Json | None, snapshot: Json, delta: Json | None) -> None:
    """Log what became news with `snapshot`: the delta, or of a first one the sources
    (31 first verdicts are no news to anybody)."""
    changed = {"sources": snapshot["sources"]} if delta is None else delta
    for level, text, fields in events(before or NOTHING, changed):
        getattr(log, level)(text, deployment=snapshot["deployment"], **fields)


def events(before: Json, delta: Json) -> Iterator[tuple[str, str, Json]]:
    """Level, text and fields of every change of a status."""
    for part, key in (("sources", "name"), ("connections", "number"), ("nodes", "id")):
        known = {item[key]: item for item in before[part]}
        for item in delta.get(part, ()):
            if "status" in item:
                was = known.get(item[key], {}).get("status")
                yield _event(part, key, {**known.get(item[key], {}), **item}, was)


def _event(part: str, key: str, item: Json, was: str | None) -> tuple[str, str, Json]:
    fields = {part[:-1]: item[key], "status": item["status"], "was": was}
    if part == "sources":
        well = item["status"] in ("ok", "no_data")
        return (
            "info" if well else "warning",
            "source",
            fields | {"error": item["error"]},
        )
    reasons = item["reasons"]
    return "info", "verdict", fields | {"why": reasons[0]["text"] if reasons else None}
