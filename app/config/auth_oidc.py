"""The section `server.auth.oidc`: the provider that signs people in.

Each kind of value is read by a plain function that raises `ValueError` with what to
write instead.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import BeforeValidator, StringConstraints, field_validator

from app.config.fields import ReadableFile, Text
from app.config.section import Section

DISCOVERY: Final = "/.well-known/openid-configuration"
OPENID: Final = "openid"
_SCOPE: Final = re.compile(r"[!#-\[\]-~]{1,200}")
"""As RFC 6749 has it: no blank, no quotation mark, no backslash."""


def issuer(text: Any) -> str:
    """The provider's own name, letter by letter as its tokens carry it: a slash at the
    end is part of it."""
    try:
        parts = urlsplit(str(text))
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as exc:
        raise ValueError(f"is not an address: {exc}") from exc
    if parts.path.endswith(DISCOVERY):
        raise ValueError(f"is the issuer alone, without {DISCOVERY}")
    if not host or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be a host and perhaps a path, and nothing else")
    if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host)):
        raise ValueError("must start with https:// (http:// for a loopback alone)")
    return str(text)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def scope(text: Any) -> str:
    if not _SCOPE.fullmatch(str(text)):
        raise ValueError("is not the name of a scope")
    return str(text)


Issuer = Annotated[str, BeforeValidator(issuer)]
Scope = Annotated[str, BeforeValidator(scope)]
Claim = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OidcAuth(Section):
    issuer: Issuer
    client_id: Text
    client_secret_file: ReadableFile | None = None
    scopes: tuple[Scope, ...] = (OPENID, "profile", "email")
    groups_claim: Claim = "groups"
    name_claim: Claim = "name"
    audiences: tuple[Text, ...] = ()
    ca_file: ReadableFile | None = None
    end_session: bool = True

    @field_validator("scopes")
    @classmethod
    def _asks_who_it_is(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if OPENID not in value:
            raise ValueError(f"must have {OPENID}, without which nobody is signed in")
        return value
