"""What `doctor` says of the provider that signs people in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from app.config.auth_oidc import OidcAuth


@dataclass(frozen=True, slots=True)
class Examined:
    """`trouble`: why nobody could sign in. `signed_by`: the kinds of signature that are
    taken, `keys` how many of the provider's are known."""

    issuer: str
    trouble: str | None = None
    signed_by: tuple[str, ...] = ()
    keys: int = 0
    signs_out: bool = False


def examined(settings: OidcAuth | None) -> Examined | None:
    """Ask the provider to describe itself; `None` where nobody is signed in by one."""
    if settings is None:
        return None
    # Loads the libraries of the protocol, which only who signs in needs.
    from app.web.access.oidc import provider_of
    from app.web.access.refusal import Refusal

    provider = provider_of(settings)
    try:
        described, keys = provider.described(), provider.keys()
    except Refusal as exc:
        return Examined(settings.issuer, str(exc))
    signs_out = settings.end_session and described.end_session is not None
    return Examined(
        settings.issuer, None, described.algorithms, len(keys.keys), signs_out
    )


def lines(found: Examined | None) -> Iterator[str]:
    """For people: one, where somebody is signed in by a provider."""
    if found is not None:
        yield f"sign-in: {_told(found)}"


def _told(found: Examined) -> str:
    if found.trouble is not None:
        return f"NOBODY CAN SIGN IN: {found.trouble}"
    keys = "1 key" if found.keys == 1 else f"{found.keys} keys"
    out = "" if found.signs_out else "; signing out ends our own session alone"
    by = ", ".join(found.signed_by)
    return f"{found.issuer} answers, {keys}, signed by {by}{out}"


def values(found: Examined | None) -> dict[str, Any] | None:
    """For programs."""
    return None if found is None else asdict(found)
