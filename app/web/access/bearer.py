"""Who is known by a token: a script, by its header; a TV that was let in, by its
cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import HTTPConnection

from app.domain import tokens
from app.domain.access import Kind
from app.domain.tokens import Token, Wanted
from app.web.access.found import Found, Nobody
from app.web.access.peers import address
from app.web.access.register import Register
from app.web.access.visit import Visit

TV_COOKIE: Final = "gws_wall"
SCHEME: Final = "bearer"
LONGEST: Final = 200
NO_TOKEN: Final = Nobody("bad_token", "this token is not known here, or is over")
NOT_KNOWN: Final = Nobody(
    "no_records", "which tokens there are can't be read now: try again", 503
)


def new_secret() -> str:
    """Of a script's token."""
    return f"{tokens.PREFIX}{secrets.token_urlsafe(32)}"


@dataclass(frozen=True, slots=True)
class Bearers:
    register: Register

    def script(self, request: HTTPConnection, now: datetime) -> Found | None:
        """`None`: no token is shown."""
        secret = _in_header(request)
        if secret is None:
            return None
        return self._found(secret, Kind.TOKEN, request, now)

    def tv(self, request: HTTPConnection, now: datetime) -> Found | None:
        secret = request.cookies.get(TV_COOKIE)
        if secret is None:
            return None
        return self._found(secret, Kind.TV, request, now)

    def is_news(self, request: HTTPConnection) -> bool:
        """Is a token shown that nobody knows here? It may have been made elsewhere a
        moment ago."""
        secret = _in_header(request) or request.cookies.get(TV_COOKIE)
        return secret is not None and self.register.token(_digest(secret)) is None

    def still(self, visit: Visit, now: datetime) -> bool:
        token = self.register.token(visit.digest or "")
        return token is not None and token.holds(now)

    def make(self, wanted: Wanted, now: datetime, secret: str) -> Token:
        """And remember it, but not its secret."""
        token = wanted.made(secrets.token_hex(6), secret, now)
        self.register.put(token)
        return token

    def _found(
        self, secret: str, kind: Kind, request: HTTPConnection, now: datetime
    ) -> Found:
        digest = _digest(secret)
        token = self.register.token(digest)
        if token is None and not self.register.known():
            return NOT_KNOWN
        if token is None or token.kind is not kind or not token.holds(now):
            return NO_TOKEN
        where, tv = address(request.scope), kind is Kind.TV
        return Visit(token.person, where, digest=digest, until=token.until, ambient=tv)


def _in_header(request: HTTPConnection) -> str | None:
    """The secret that a script shows; `None`: it shows none."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else None


def _digest(secret: str) -> str:
    return tokens.digest(secret[:LONGEST])
