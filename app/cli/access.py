"""From `server.auth` to what the gate asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from app.config.auth import Auth, Proxy
from app.config.models import Server
from app.domain.access import Grant, Role, granted
from app.domain.sessions import Session, Terms
from app.web.access.access import Access, Clock, Metrics, open_access
from app.web.access.basic import Basic
from app.web.access.by_proxy import ByProxy
from app.web.access.found import Grants
from app.web.access.peers import Peers
from app.web.access.register import Register
from app.web.access.seal import Seal, keys_in
from app.web.access.sessions import Sessions
from app.web.access.ways_back import CALLBACK
from collectors.errors import CollectorError
from collectors.secrets import SecretFile

if TYPE_CHECKING:  # Its libraries are loaded only where somebody signs in by it.
    from app.web.access.oidc import Oidc

log = structlog.get_logger(__name__)


def access_of(server: Server, register: Register, clock: Clock) -> Access:
    """Without the section it is for this machine alone, or for a demo: whoever comes
    may do everything. Where it says that all may look, they may look."""
    auth = server.auth
    if auth is None:
        return _open(server, register, clock, Role.ADMIN)
    if auth.mode == "open":
        return _open(server, register, clock, Role.VIEWER)
    if auth.mode == "proxy":
        return _by_proxy(server, auth, register, clock)
    return _by_session(server, auth, register, clock)


def _open(server: Server, register: Register, clock: Clock, role: Role) -> Access:
    made = open_access(clock, server.public_url, role)
    return replace(made, register=register)


def _by_proxy(server: Server, auth: Auth, register: Register, clock: Clock) -> Access:
    said = auth.proxy or Proxy()
    way = ByProxy(
        Peers(server.trusted_proxies),
        auth.rules(),
        said.user_header,
        said.name_header,
        said.groups_header,
    )
    return Access(
        way,
        clock,
        register,
        _metrics(auth),
        server.public_url,
        rules=auth.rules(),
        proxy_sign_out=said.sign_out_path,
    )


def _by_session(server: Server, auth: Auth, register: Register, clock: Clock) -> Access:
    if auth.secret_file is None:
        raise ValueError("sessions are signed only where there are keys")
    seal, rules = Seal(keys_in(auth.secret_file)), auth.rules()
    basic = None if auth.basic is None else Basic(auth.basic.users_file, rules)
    sessions = Sessions(
        auth.mode,
        seal,
        Terms(auth.session_idle, auth.session_longest),
        register,
        basic.grants if basic else _by_groups(auth),
        (server.public_url or "").startswith("https:"),
    )
    return Access(
        sessions,
        clock,
        register,
        _metrics(auth),
        server.public_url,
        sessions,
        seal,
        basic,
        _oidc(server, auth, clock),
        rules,
    )


def _by_groups(auth: Auth) -> Grants:
    rules = auth.rules()

    def grants(session: Session) -> tuple[Grant, ...]:
        return granted(session.groups, rules)

    return grants


def _oidc(server: Server, auth: Auth, clock: Clock) -> Oidc | None:
    if auth.oidc is None:
        return None
    from app.web.access.oidc import Oidc

    redirect = f"{server.public_url}{CALLBACK}"
    return Oidc(auth.oidc, redirect, lambda: clock().timestamp())


def _metrics(auth: Auth) -> Metrics:
    file = auth.metrics_token_file
    return Metrics(auth.metrics_open, None if file is None else _token_in(file))


def _token_in(file: Path) -> Callable[[], str | None]:
    secret = SecretFile(str(file), "metrics token")

    def read() -> str | None:
        try:
            return secret.read()
        except CollectorError as exc:
            log.error("nobody may scrape", problem=str(exc))
            return None

    return read
