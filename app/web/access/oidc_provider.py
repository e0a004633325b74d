"""An OIDC provider as it describes itself: its endpoints, and the keys it signs with.

Both are kept for an hour. A key that is not among those known makes them be asked for
once more, but not again at once: neither a visitor nor a provider that lies can make us
ask without end. A provider that failed is left in peace for some seconds likewise.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final, Generic, TypeVar

from authlib.common.security import is_secure_transport
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.web.access.oidc_wire import Asked, Json, Wire
from app.web.access.refusal import Refusal, quoted

DISCOVERY: Final = "/.well-known/openid-configuration"
KEEP_S: Final = 3600.0
PAUSE_S: Final = 10.0
ALLOWED: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
"""Signatures by a key that only the provider has. `none` is no signature, and one by
HMAC anybody could make who has the client's secret, or the public key."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Described:
    """What the provider says of itself. `algorithms`: of those that will do."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    algorithms: tuple[str, ...]
    client_auth: tuple[str, ...]
    """How a client may show its secret; empty: not said."""
    names_itself: bool
    """Every answer says whose it is (RFC 9207)."""


class Provider:
    """From any thread."""

    def __init__(
        self, issuer: str, wire: Wire, now_s: Callable[[], float] = monotonic
    ) -> None:
        self._issuer, self._wire = issuer, wire
        self._described = _Kept(self._describe, now_s)
        self._keys = _Kept(self._fetch_keys, now_s)

    def described(self) -> Described:
        """Raises `Refusal`."""
        return self._described.get()

    def keys(self) -> KeySet:
        """Raises `Refusal`."""
        return self._keys.get()

    def newer_keys(self, than: KeySet) -> KeySet:
        """Those of now, where it is time to ask again; else `than`."""
        return self._keys.newer(than)

    def _describe(self) -> Described:
        url = self._issuer.rstrip("/") + DISCOVERY
        return read(self._issuer, self._wire.get(Asked("the discovery document", url)))

    def _fetch_keys(self) -> KeySet:
        asked = Asked("the key set", self.described().keys)
        found = self._wire.get(asked)
        try:
            return KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as exc:
            text = f"{asked.what} at {asked.url} holds no keys that can be used"
            raise Refusal(text) from exc


def read(issuer: str, document: Json) -> Described:
    """Raises `Refusal` for a document that is not this issuer's, or not whole."""
    named = document.get("issuer")
    if named != issuer:
        raise Refusal(
            f"the provider at {issuer} calls itself {quoted(named)}: issuer must be "
            "the same, letter by letter"
        )
    return Described(
        _address(document, "authorization_endpoint"),
        _address(document, "token_endpoint"),
        _address(document, "jwks_uri"),
        _optional(document, "userinfo_endpoint"),
        _optional(document, "end_session_endpoint"),
        _algorithms(_names(document, "id_token_signing_alg_values_supported")),
        _names(document, "token_endpoint_auth_methods_supported"),
        document.get("authorization_response_iss_parameter_supported") is True,
    )


def _optional(document: Json, name: str) -> str | None:
    return None if document.get(name) is None else _address(document, name)


def _address(document: Json, name: str) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not url:
        raise Refusal(f"the discovery document has no {name}")
    if not is_secure_transport(url):
        text = f"the discovery document's {name} is not https: {quoted(url)}"
        raise Refusal(text)
    return url


def _algorithms(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ours that are offered, never none: for the library that means any."""
    found = tuple(name for name in ALLOWED if name in (offered or ALLOWED[:1]))
    if not found:
        raise Refusal(
            f"the provider signs by {quoted(', '.join(offered))}; one of "
            f"{', '.join(ALLOWED)} is needed"
        )
    return found


def _names(document: Json, key: str) -> tuple[str, ...]:
    found = document.get(key)
    return tuple(map(str, found)) if isinstance(found, list) else ()


class _Kept(Generic[T]):
    """What a question was answered. One asks, the others wait for it."""

    def __init__(self, ask: Callable[[], T], now_s: Callable[[], float]) -> None:
        self._ask, self._now_s = ask, now_s
        self._lock = threading.Lock()
        self._found: T | None = None
        self._until_s = self._again_s = float("-inf")
        self._failed: Refusal | None = None

    def _fresh(self) -> T | None:
        return self._found if self._now_s() < self._until_s else None

    def get(self) -> T:
        with self._lock:
            found = self._fresh()
            return found if found is not None else self._anew()

    def newer(self, than: T) -> T:
        """What was known stays so where it can't be asked for."""
        with self._lock:
            found = self._fresh()
            due = self._failed is not None or self._now_s() >= self._again_s
            return self._anew() if found is None or found is than and due else found

    def _anew(self) -> T:
        now_s = self._now_s()
        if self._failed is not None and now_s < self._again_s:
            raise Refusal(str(self._failed))
        self._again_s, self._failed = now_s + PAUSE_S, None
        try:
            found = self._ask()
        except Refusal as exc:
            self._failed = exc
            raise
        self._found, self._until_s = found, now_s + KEEP_S
        return found
