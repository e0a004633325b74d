"""The name of a request: in each line that is logged for it, in its answer, and in what
a person is told when it fails, so that the one can be found by the other."""

from __future__ import annotations

import re
import secrets
from typing import Final

import structlog

HEADER: Final = "X-Request-ID"
KEY: Final = "request_id"
SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""The form in which another's is taken over: it goes into logs, headers and pages."""


def named(given: str | None) -> str:
    """The one that was given, where its form is safe, or a new one."""
    return given if given and SAFE.fullmatch(given) else secrets.token_hex(8)


def current() -> str | None:
    """Of the request that is being answered here."""
    return structlog.contextvars.get_contextvars().get(KEY)
