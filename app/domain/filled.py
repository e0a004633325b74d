"""A picture that an earlier release has kept, with every field that there is by now."""

from __future__ import annotations

from typing import Any, Final

from app.domain.wire import PARTS

Json = dict[str, Any]
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "connections": (
        "number", "source", "destination", "protocol", "port", "classification",
        "data", "status", "since", "observed_at", "reasons", "witnesses", "heard",
        "metrics", "flapping",
    ),
    "nodes": (
        "id", "label", "status", "since", "ready", "desired", "restarts", "reasons",
        "witnesses", "heard", "pods", "events", "flapping", "version", "memory",
        "memory_limit", "clients", "clients_limit", "lag_s", "users", "users_most",
        "users_marks", "cpu", "cpu_limit", "pods_memory", "pods_memory_limit",
        "replicas_max",
    ),
    "sources": (
        "name", "status", "last_success", "age_s", "error", "feeds", "troubled",
    ),
}  # fmt: skip
"""Of every item, as `app.domain.wire.encode` writes it."""


def filled(picture: Json) -> Json:
    """`picture`; what was not told when it was made is null."""
    whole = dict(picture)
    for part, _key in PARTS:
        blank = dict.fromkeys(FIELDS[part])
        whole[part] = [blank | item for item in picture.get(part, ())]
    return whole
