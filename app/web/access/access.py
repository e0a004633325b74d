"""All that the gate asks: how people come in here, what they may, and who keeps it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

from app.domain.access import Role, Rule
from app.domain.audit import Entry, encode
from app.web.access.basic import Basic
from app.web.access.bearer import NOT_KNOWN, SCHEME, Bearers
from app.web.access.found import Nobody, Way
from app.web.access.opened import opened_to
from app.web.access.register import NoRegister, Register
from app.web.access.seal import Seal
from app.web.access.sessions import Sessions
from app.web.access.visit import Visit

if TYPE_CHECKING:
    from app.web.access.oidc import Oidc

Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Who may scrape, besides who administers: everybody, or who shows the token."""

    open: bool = False
    token: Callable[[], str | None] | None = None

    def let_in(self, request: HTTPConnection) -> bool:
        if self.open or self.token is None:
            return self.open
        token = self.token()
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if not token or scheme.lower() != SCHEME:
            return False
        return hmac.compare_digest(shown.strip().encode(), token.encode())


@dataclass(frozen=True, slots=True)
class Access:
    """`way`: how people come in. `sessions`, `seal`: where they are ours; `basic`,
    `oidc`: how a session is begun; `rules`: what groups are granted. `public_url`: what
    people type, if it is known; `proxy_sign_out`: where a proxy signs them out."""

    way: Way
    clock: Clock
    register: Register = field(default_factory=NoRegister)
    metrics: Metrics = field(default_factory=lambda: Metrics(open=True))
    public_url: str | None = None
    sessions: Sessions | None = None
    seal: Seal | None = None
    basic: Basic | None = None
    oidc: Oidc | None = None
    rules: tuple[Rule, ...] = ()
    proxy_sign_out: str | None = None

    @property
    def mode(self) -> str:
        return self.way.mode

    @property
    def opens_to_all(self) -> bool:
        return self.mode == "open"

    @property
    def signs_in(self) -> bool:
        """Is there a page of ours for it?"""
        return self.sessions is not None

    @property
    def bearers(self) -> Bearers:
        return Bearers(self.register)

    def found(self, request: HTTPConnection, now: datetime) -> Visit | Nobody:
        """Who asks. A token that is shown counts, and nothing beside it; a TV's cookie
        counts where nobody is signed in."""
        if self.opens_to_all:
            return self.way.found(request, now)
        shown = self.bearers.script(request, now)
        if shown is not None:
            return shown
        found = self.way.found(request, now)
        if isinstance(found, Nobody):
            tv = self.bearers.tv(request, now)
            return found if tv is None or _is_none(tv) else tv
        return found

    async def found_later(
        self, request: HTTPConnection, found: Nobody, now: datetime
    ) -> Visit | Nobody:
        """Who asks, after all: of several replicas another one may have made the token
        that is shown, and this one hears of it within a second."""
        if not self.bearers.is_news(request):
            return found
        late = await self.register.caught_up()
        again = self.found(request, now)
        return NOT_KNOWN if late and isinstance(again, Nobody) else again

    def still(self, visit: Visit, now: datetime) -> bool:
        """Would this one be let in again?"""
        if visit.digest is not None:
            return self.bearers.still(visit, now)
        return self.way.still(visit, now)

    def renew(
        self, visit: Visit, headers: MutableHeaders, secure: bool, now: datetime
    ) -> None:
        if self.sessions is not None:
            self.sessions.renewed(visit, headers, secure, now)

    def secure(self, request: HTTPConnection) -> bool:
        """Do people come by HTTPS, as far as can be known behind a proxy?"""
        public = (self.public_url or "").startswith("https:")
        return public or request.scope["scheme"] == "https"

    def note(self, entry: Entry) -> None:
        """Somebody did something, or was not let do it."""
        self.register.note(entry)
        told = encode(entry)
        del told["at"]
        log.info("act", **told)


def _is_none(tv: Visit | Nobody) -> bool:
    """Is it no TV of ours? While that can't be read it may be one."""
    return isinstance(tv, Nobody) and tv.status != 503


def open_access(
    clock: Clock, public_url: str | None = None, role: Role = Role.ADMIN
) -> Access:
    """Nobody signs in: for this machine alone, a demo, or, on purpose, to look."""
    return Access(opened_to(role), clock, public_url=public_url)
