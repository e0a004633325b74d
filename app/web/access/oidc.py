"""Signing in with an OIDC provider: the authorization code flow with PKCE.

`begin` sends a browser to the provider; what must be remembered until it comes back is
a `Pending`, plain data that the caller keeps in that browser, signed. `finish` takes
what the browser brought, trades the code for tokens and says who it is. Protocol is
the libraries' matter (Authlib, joserfc); every failure is a `Refused` with its reason.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Final, TypeVar

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from app.config.auth_oidc import OidcAuth
from app.web.access import oidc_claims
from app.web.access.oidc_claims import Identity
from app.web.access.oidc_pending import PENDING_S, Answered, Pending
from app.web.access.oidc_provider import Described, Provider
from app.web.access.oidc_token import Claims, Expected, verified
from app.web.access.oidc_wire import Asked, Json, Wire
from app.web.access.own_page import own_page
from app.web.access.refusal import Refusal, Refused, quoted
from collectors.errors import CollectorError
from collectors.secrets import SecretFile

__all__ = ["PENDING_S", "Began", "Identity", "Oidc", "Pending", "Refused"]

AT_ONCE: Final = 4
MOST_WAITING: Final = 64
"""Conversations with a provider; it may be slow, and anybody can begin one."""
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
BUSY: Final = "too many sign-ins wait for the provider: is it slow?"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Began:
    """Where the browser goes, and what is kept until it is back."""

    url: str
    pending: Pending


def provider_of(settings: OidcAuth) -> Provider:
    """Nothing is asked yet."""
    return Provider(settings.issuer, _wire(settings))


class Oidc:
    """`redirect_uri`: the address of ours to which the provider sends people back, as
    it is registered there. `now`: seconds since 1970; `now_s`: of a clock that only
    goes forward."""

    def __init__(
        self,
        settings: OidcAuth,
        redirect_uri: str,
        now: Callable[[], float],
        wire: Wire | None = None,
        now_s: Callable[[], float] = monotonic,
    ) -> None:
        self._settings, self._redirect_uri, self._now = settings, redirect_uri, now
        self._wire = wire or _wire(settings)
        self._provider = Provider(settings.issuer, self._wire, now_s)
        self._secret = SecretFile(_path(settings), "client secret")
        self._answered = Answered()
        self._threads = ThreadPoolExecutor(AT_ONCE, "sign-in")
        self._waiting = 0

    async def begin(self, next_page: str | None) -> Began | Refused:
        return await self._told(lambda: self._begin(own_page(next_page)))

    async def finish(
        self, query: Mapping[str, str], pending: Pending | None
    ) -> Identity | Refused:
        """`query`: what the provider's answer carries. A `Pending` is good for one."""
        return await self._told(lambda: self._finish(query, pending))

    async def logout_url(self, id_token_hint: str | None, back: str) -> str | None:
        """Where the provider signs people out and sends them `back`; `None` where it
        can't, or should not."""
        if not self._settings.end_session:
            return None
        found = await self._told(self._provider.described)
        if isinstance(found, Refused) or found.end_session is None:
            return None
        told = {
            "client_id": self._settings.client_id,
            "id_token_hint": id_token_hint,
            "post_logout_redirect_uri": back,
        }
        params = [(name, value) for name, value in told.items() if value]
        return str(add_params_to_uri(found.end_session, params))

    async def _told(self, act: Callable[[], T]) -> T | Refused:
        """What `act` gives, on a thread of its own kind: a provider that hangs must
        not hold up what the rest of the dashboard does in threads."""
        if self._waiting >= MOST_WAITING:
            return Refused(BUSY)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, act)
        except Refusal as exc:
            return Refused(str(exc))
        finally:
            self._waiting -= 1

    def _begin(self, next_page: str) -> Began:
        described = self._provider.described()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        client = OAuth2Client(
            None,
            self._settings.client_id,
            redirect_uri=self._redirect_uri,
            scope=list(self._settings.scopes),
            code_challenge_method="S256",
        )
        url, _ = client.create_authorization_url(
            described.authorization, state, verifier, nonce=nonce
        )
        return Began(url, Pending(state, nonce, verifier, next_page, self._now()))

    def _finish(self, query: Mapping[str, str], pending: Pending | None) -> Identity:
        known = self._answered.known(query, pending, self._now())
        described = self._provider.described()
        _from(query, self._settings.issuer, described)
        tokens = self._traded(_code(query), known, described)
        token, access = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str):
            raise Refusal("the provider gave no ID token; is openid among the scopes?")
        claims = self._verified(token, access, known)
        more = self._more(claims, described, access)
        return Identity(
            claims["sub"],
            oidc_claims.name(more, self._settings.name_claim),
            oidc_claims.groups(more, self._settings.groups_claim),
            token,
        )

    def _traded(self, code: str, pending: Pending, described: Described) -> Json:
        """The tokens for a code."""
        try:
            secret = self._secret.read()
        except CollectorError as exc:
            raise Refusal(str(exc)) from exc
        form = prepare_token_request(
            "authorization_code",
            redirect_uri=self._redirect_uri,
            code=code,
            code_verifier=pending.verifier,
        )
        auth = ClientAuth(
            self._settings.client_id, secret, _client_auth(secret, described)
        )
        _, headers, body = auth.prepare("POST", described.token, dict(FORM), form)
        sent = (secret, code, pending.verifier)
        asked = Asked("the token endpoint", described.token, headers, sent)
        return self._wire.post(asked, body)

    def _verified(self, token: str, access: str, pending: Pending) -> Claims:
        settings = self._settings
        expected = Expected(
            settings.issuer, settings.client_id, pending.nonce, access,
            settings.audiences,
        )  # fmt: skip
        return verified(token, self._provider, expected, self._now())

    def _more(self, claims: Claims, described: Described, access: str) -> Claims:
        """With what only the userinfo endpoint tells, where the token lacks groups."""
        told = oidc_claims.found(claims, self._settings.groups_claim)
        left_out = claims.get(oidc_claims.OVERAGE)
        if told is not None or left_out or described.userinfo is None:
            return claims
        headers = {"Authorization": f"Bearer {access}"}
        info = self._wire.get(
            Asked("the userinfo endpoint", described.userinfo, headers)
        )
        if info.get("sub") != claims["sub"]:
            raise Refusal("the userinfo endpoint tells of somebody else (sub)")
        return {**info, **claims}


def _from(query: Mapping[str, str], issuer: str, described: Described) -> None:
    """The answer is the provider's own (RFC 9207), not another one's."""
    named = query.get("iss")
    if named is None and described.names_itself:
        raise Refusal("the answer does not say which provider it is from (iss)")
    if named is not None and named != issuer:
        raise Refusal(f"the answer is from another provider: {quoted(named)}")


def _code(query: Mapping[str, str]) -> str:
    if error := query.get("error"):
        said = quoted(query.get("error_description") or "no more is said")
        raise Refusal(f"the provider refuses: {quoted(error)}: {said}")
    code = query.get("code")
    if not code:
        raise Refusal("the provider's answer carries neither a code nor an error")
    return code


def _client_auth(secret: str, described: Described) -> str:
    """In the body rather than by Basic where both will do: on how a secret is encoded
    in the latter, libraries and providers differ."""
    if not secret:
        return "none"
    in_body = "client_secret_post" in described.client_auth
    return "client_secret_post" if in_body else "client_secret_basic"


def _wire(settings: OidcAuth) -> Wire:
    return Wire(None if settings.ca_file is None else str(settings.ca_file))


def _path(settings: OidcAuth) -> str | None:
    file = settings.client_secret_file
    return None if file is None else str(file)
