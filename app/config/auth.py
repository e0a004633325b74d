"""The section `server.auth`: who may come in, how, and what for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path as FilePath
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, model_validator

from app.config.auth_oidc import OidcAuth
from app.config.fields import ReadableFile, Text
from app.config.problems import unknown
from app.config.section import Section
from app.domain.access import Grant, Role, Rule

MODES: Final = ("open", "basic", "proxy", "oidc")
SIGNED: Final = ("basic", "oidc")
"""Those in which a session is ours, and is signed."""
SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=400)
UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
LOCALHOST: Final = "localhost"


def lasting(text: Any) -> timedelta:
    """How long a session holds."""
    found = re.fullmatch(r"(\d{1,4})([mhd])", str(text))
    span = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not SHORTEST <= span <= LONGEST:
        raise ValueError('must be a time such as "30m", "12h" or "7d", 5m to 400d')
    return span


def is_loopback(host: str) -> bool:
    """Is what listens there reached from this machine alone?"""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == LOCALHOST


def _one_of(names: tuple[str, ...], what: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value not in names:
            raise ValueError(unknown(str(value), names, what))
        return value

    return BeforeValidator(check)


def _header(text: str) -> str:
    if not HEADER.fullmatch(text):
        raise ValueError("must be the name of a header, such as X-Forwarded-User")
    return text


def _several(value: Any) -> Any:
    if isinstance(value, list) and not value:
        raise ValueError("names none: leave it out for every deployment")
    return value


Lasting = Annotated[timedelta, BeforeValidator(lasting)]
Header = Annotated[Text, AfterValidator(_header)]
RoleName = Annotated[Role, _one_of(tuple(Role), "no role is called")]
Mode = Annotated[
    Literal["open", "basic", "proxy", "oidc"], _one_of(MODES, "no mode is called")
]
Ids = Annotated[tuple[Text, ...] | None, BeforeValidator(_several)]


class Everybody(Section):
    """What everybody has who can sign in at all."""

    role: RoleName = Role.VIEWER
    deployments: Ids = None


class Group(Section):
    group: Text
    role: RoleName = Role.VIEWER
    deployments: Ids = None


class Basic(Section):
    users_file: ReadableFile


class Proxy(Section):
    user_header: Header = "X-Forwarded-User"
    name_header: Header = "X-Forwarded-Preferred-Username"
    groups_header: Header = "X-Forwarded-Groups"
    sign_out_path: Text | None = None


class Auth(Section):
    mode: Mode
    secret_file: ReadableFile | None = None
    session_idle: Lasting = timedelta(hours=12)
    session_longest: Lasting = timedelta(days=7)
    everybody: Everybody | None = None
    groups: tuple[Group, ...] = ()
    basic: Basic | None = None
    proxy: Proxy | None = None
    oidc: OidcAuth | None = None
    metrics_open: bool = False
    metrics_token_file: ReadableFile | None = None

    @model_validator(mode="after")
    def _whole(self) -> Auth:
        """Raises with everything at once."""
        told = [*self._of_the_mode(), *self._of_all_modes()]
        if told:
            raise ValueError("; ".join(told))
        return self

    def _of_the_mode(self) -> Iterator[str]:
        for name in ("basic", "proxy", "oidc"):
            if getattr(self, name) is not None and self.mode != name:
                yield f"{name} belongs to mode: {name}"
        if self.mode in ("basic", "oidc") and getattr(self, self.mode) is None:
            yield f"mode: {self.mode} needs the section {self.mode}"
        if self.mode in SIGNED and self.secret_file is None:
            yield "secret_file is missing: the keys that sessions are signed with"
        if self.mode not in SIGNED and self.secret_file is not None:
            yield f"secret_file has no use with mode: {self.mode}"

    def _of_all_modes(self) -> Iterator[str]:
        rules = bool(self.groups or self.everybody)
        if self.mode == "open" and rules:
            yield "groups and everybody have no use with mode: open"
        if self.mode == "open" and (self.metrics_open or self.metrics_token_file):
            yield "metrics are open with mode: open"
        if self.mode != "open" and not rules:
            yield "nobody would be let in: give groups, or everybody"
        if self.metrics_open and self.metrics_token_file is not None:
            yield "give metrics_open or metrics_token_file, not both"
        if self.session_idle > self.session_longest:
            yield "session_idle is longer than session_longest"

    def rules(self) -> tuple[Rule, ...]:
        """What follows from groups, and for everybody."""
        all_ = () if self.everybody is None else (Rule(None, _grant(self.everybody)),)
        return (*all_, *(Rule(one.group, _grant(one)) for one in self.groups))

    def files(self) -> Iterator[tuple[str, FilePath]]:
        """Those whose every line is looked at before anything begins."""
        if self.secret_file is not None:
            yield "secret_file", self.secret_file
        if self.basic is not None:
            yield "users_file", self.basic.users_file


def _grant(one: Everybody | Group) -> Grant:
    within = one.deployments
    return Grant(one.role, None if within is None else frozenset(within))
