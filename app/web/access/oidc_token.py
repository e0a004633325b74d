"""An ID token: signed by the provider, about this sign-in, for us, and of now.

Signature and claims are judged by the libraries (joserfc, Authlib); here stands what
they are told to hold it against, and what is said when it does not hold.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry

from app.web.access.oidc_provider import Provider
from app.web.access.refusal import Refusal, quoted

LEEWAY_S: Final = 60
"""By so much the provider's clock and ours may differ."""
Claims = dict[str, Any]
CLOCKS: Final = f"do the clocks differ by more than {LEEWAY_S} s?"
WORDS: Final = {
    "iss": "is of another issuer: {}",
    "aud": "is for somebody else: {}; is client_id right?",
    "azp": "was issued to another client: {}",
    "nonce": "belongs to another sign-in",
    "at_hash": "does not belong to the access token beside it",
    "exp": "has expired at {}; " + CLOCKS,
    "nbf": "is valid only from {} on; " + CLOCKS,
    "iat": "was issued in the future, at {}; " + CLOCKS,
}
MOMENTS: Final = ("exp", "nbf", "iat")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token is held against. `audiences`: whom it may be for beside us."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    audiences: Collection[str] = ()


def verified(token: str, provider: Provider, expected: Expected, now: float) -> Claims:
    """Its claims, at `now` in seconds since 1970. Raises `Refusal`."""
    try:
        signed = _signed(token, provider)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
            },
            {
                "nonce": expected.nonce,
                "client_id": expected.client_id,
                "access_token": expected.access_token,
            },
        )
        claims.validate(now=int(now), leeway=LEEWAY_S)
    except ClaimError as exc:
        raise Refusal(f"the ID token {_claim(exc, signed.claims)}") from exc
    except (JoseError, ValueError, TypeError) as exc:
        raise Refusal(f"the ID token can't be read: {quoted(exc)}") from exc
    _only_for_us(claims, expected)
    return dict(claims)


def _signed(token: str, provider: Provider) -> jwt.Token:
    """The token, once its signature holds by a key of the provider. One that is not
    known may have come since: that is looked at once."""
    header = jws.extract_compact(token.encode()).headers()
    allowed = provider.described().algorithms
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    keys = provider.keys()
    try:
        try:
            return jwt.decode(token, keys, registry=registry)
        except InvalidKeyIdError:
            return jwt.decode(token, provider.newer_keys(keys), registry=registry)
    except InvalidKeyIdError as exc:
        raise Refusal(_unknown_key(header.get("kid"))) from exc
    except UnsupportedAlgorithmError as exc:
        by = quoted(header.get("alg"))
        text = f"the ID token is signed by {by}; only {', '.join(allowed)} will do"
        raise Refusal(text) from exc
    except BadSignatureError as exc:
        text = "the ID token's signature is not by the provider's key"
        raise Refusal(text) from exc


def _unknown_key(name: object) -> str:
    if name is None:
        return "the ID token does not say by which of the provider's keys it is signed"
    return (
        f"the ID token is signed by a key that the provider does not list: "
        f"{quoted(name)}"
    )


def _claim(exc: ClaimError, claims: Claims) -> str:
    if isinstance(exc, MissingClaimError):
        return f"lacks the claim {quoted(exc.claim)}"
    words = WORDS.get(exc.claim)
    if words is None or exc.claim in MOMENTS and not _is_moment(claims.get(exc.claim)):
        return f"has a claim that is not right: {quoted(exc.claim)}"
    if isinstance(exc, ExpiredTokenError) or exc.claim in MOMENTS:
        return words.format(_moment(claims[exc.claim]))
    return words.format(quoted(claims.get(exc.claim)))


def _is_moment(value: object) -> bool:
    """A number that is a time, and can be shown as one."""
    return isinstance(value, int | float) and 0 <= value < 2**37


def _moment(value: float) -> str:
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _only_for_us(claims: Claims, expected: Expected) -> None:
    """One that is for others too could have been handed on by them."""
    named = claims["aud"]
    everybody = set(named) if isinstance(named, list) else {named}
    others = everybody - {expected.client_id, *expected.audiences}
    if others:
        raise Refusal(
            f"the ID token is also for {quoted(', '.join(sorted(others)))}: if that is "
            "meant, list it in audiences"
        )
