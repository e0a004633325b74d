"""What one process of several does, and what its configuration must say for that."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # The command line alone does without.
    from app.config.storage import Storage

NONE = "none"


class Role(StrEnum):
    ALL = "all"
    COLLECT = "collect"
    WEB = "web"


def lacking(role: Role, storage: Storage) -> list[str]:
    """What can't be shared among several processes, and must be; one sentence each."""
    if role is Role.ALL:
        return []
    found = []
    if storage.bus == "memory":
        found.append("storage.bus must be redis://... or rediss://...")
    if not (storage.records or "").startswith("postgresql:"):
        found.append("storage.records must be postgresql://...")
    if storage.history_engine is None and storage.history not in (None, NONE):
        found.append(
            "storage.history must be prometheus+http://... (or prometheus+https://..., "
            "or none): a file is of one process"
        )
    return [f"--role {role}: {text}" for text in found]


def unused(role: Role, storage: Storage) -> str | None:
    """What is configured and has no effect in this role."""
    if role is Role.ALL and storage.bus != "memory":
        return "storage.bus: not used by --role all, which is one process"
    return None
