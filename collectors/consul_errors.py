"""Consul's own refusals, as sentences an operator can act on."""

from __future__ import annotations

from typing import Final

from collectors import http_errors
from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceRefused,
    SourceUnreachable,
)
from collectors.http_errors import quoted

NO_LEADER: Final = "No cluster leader"
NO_DATACENTER: Final = "No path to datacenter"
LACKS: Final = "it needs node:read and service:read"


class NoLeader(SourceUnreachable):
    """Consul answers, but knows of no leader: nothing it says is up to date."""

    def __init__(self) -> None:
        super().__init__("Consul has no cluster leader and can't vouch for its answers")


class Denied(SourceRefused):
    """The token is known, and lacks a right."""


class Forbidden(SourceRefused):
    """Refused in words that are not Consul's own."""


class NotThere(SourceMisread):
    """Consul has no such key."""


def refusal(
    status: int, body: bytes, location: str | None, token: str
) -> CollectorError:
    """Why an answer with this status can't be used."""
    said = quoted(body, token)
    if status == 403:
        return _forbidden(said)
    if status == 404 and not body:
        return NotThere("HTTP 404, is this Consul? There is no such key")
    if NO_LEADER in said:
        return NoLeader()
    if NO_DATACENTER in said:
        return SourceRefused("Consul knows no such datacenter")
    return http_errors.refusal(status, body, location, token, "Consul")


def _forbidden(said: str) -> SourceRefused:
    if "ACL not found" in said:
        text = "HTTP 403, ACL not found: Consul does not know this ACL token"
        return SourceRefused(text)
    if "Permission denied" in said:
        return Denied(f"HTTP 403, the ACL token lacks a right ({said}); {LACKS}")
    return Forbidden(f"HTTP 403: {said}")
