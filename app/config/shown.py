"""The settings in force as they may be shown: what is set, secrets out. Pure.

A file is named, never read. An address loses what stands before the `@` of its host and
its query; the value of a key that sounds like a secret is left out altogether.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from app.config.models import Settings

HIDDEN: Final = "(not shown)"
SECRET: Final = re.compile(
    r"password|passwd|secret|token|credential|hash|dsn|private|api_?key|cookie", re.I
)
A_FILE: Final = ("_file", "_files")
"""The end of a key whose value only says where a secret lies."""
ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def in_force(settings: Settings) -> dict[str, Any]:
    """All that differs from the defaults."""
    set_ = settings.model_dump(mode="json", exclude_defaults=True)
    return {key: shown(key, value) for key, value in set_.items()}


def shown(key: str, value: Any) -> Any:
    if SECRET.search(key) and not key.endswith(A_FILE):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(name): shown(str(name), one) for name, one in value.items()}
    if isinstance(value, list):
        return [shown(key, one) for one in value]
    return address(value) if isinstance(value, str) else value


def address(text: str) -> str:
    """Without user, password, query; what is none stays as it is."""
    if not ADDRESS.match(text):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    query = HIDDEN if parts.query else ""
    return urlunsplit((parts.scheme, host, parts.path, query, ""))
