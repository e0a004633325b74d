"""Who it is, as a proxy that signs people in says it, in headers of every request.

They are believed from the proxies that are configured, and from nobody else: whoever
reaches the dashboard past them could write any name there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from app.domain.access import Person, Rule, granted
from app.web.access.found import Found, Nobody
from app.web.access.peers import Peers, address
from app.web.access.sessions import NOT_LET_IN, shown_name
from app.web.access.visit import Visit

STREAM: Final = timedelta(minutes=15)
"""So long a stream goes on before the proxy is asked again who it is for."""
TOLD_AGAIN: Final = timedelta(minutes=1)
LONGEST: Final = 200
PAST_THE_PROXY: Final = Nobody(
    "not_signed_in", "come through the proxy that signs people in"
)
ODD: Final = Nobody("not_signed_in", "the proxy's headers name nobody, or several")

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class ByProxy:
    """`user`, `name`, `groups`: the names of the headers."""

    peers: Peers
    rules: Sequence[Rule]
    user: str
    name: str
    groups: str
    mode: str = "proxy"
    _told_at: datetime | None = field(default=None)

    def found(self, request: HTTPConnection, now: datetime) -> Found:
        headers = request.headers
        if not self.peers.vouch(request.scope):
            self._tell(request, now)
            return PAST_THE_PROXY
        users = headers.getlist(self.user)
        subject = _text(users[0]) if len(users) == 1 else ""
        if not subject:
            return ODD
        grants = granted(_groups(headers, self.groups), self.rules)
        name = shown_name(_text(headers.get(self.name, ""))) or subject
        if not grants:
            return Nobody("not_let_in", NOT_LET_IN.format(name=name), 403)
        person, where = Person(subject, name, grants), address(request.scope)
        return Visit(person, where, until=now + STREAM, ambient=True)

    def still(self, visit: Visit, now: datetime) -> bool:
        return visit.until is not None and now < visit.until

    def _tell(self, request: HTTPConnection, now: datetime) -> None:
        """Somebody writes the proxy's headers himself."""
        written = any(one in request.headers for one in (self.user, self.groups))
        lately = self._told_at is not None and now - self._told_at < TOLD_AGAIN
        if written and not lately:
            self._told_at = now
            log.warning("identity headers ignored", peer=address(request.scope))


def _groups(headers: Headers, name: str) -> list[str]:
    said = ",".join(headers.getlist(name))
    return [one for one in (_text(part) for part in said.split(",")) if one]


def _text(value: str) -> str:
    """A header is Latin-1 to the server, and UTF-8 to who wrote it."""
    try:
        said = value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        said = value.strip()
    return said if said.isprintable() and len(said) <= LONGEST else ""
