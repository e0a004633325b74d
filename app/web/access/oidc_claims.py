"""From a provider's claims to who somebody is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.web.access.refusal import Refusal

NAMES: Final = ("name", "preferred_username", "email")
"""What a person is called by, where the configured claim says nothing."""
LONGEST: Final = 200
MOST_GROUPS: Final = 2000
OVERAGE: Final = "_claim_names"
"""What stands instead of claims that were too many for a token (OIDC Core, 5.6.2)."""
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has signed in. `subject`: what the provider knows them by, for
    ever. `id_token_hint`: tells the provider whom to sign out."""

    subject: str
    name: str
    groups: tuple[str, ...]
    id_token_hint: str


def found(claims: Claims, path: str) -> Any:
    """A claim by its whole name, or else by the names that lead to it, as in
    `realm_access.roles`; `None` where it is not."""
    if path in claims:
        return claims[path]
    here: Any = claims
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def name(claims: Claims, claim: str) -> str:
    """What to call a person; the subject where nothing else is said."""
    told = (found(claims, one) for one in (claim, *NAMES))
    texts = (_line(one) for one in told if isinstance(one, str))
    return next(filter(None, texts), _line(claims["sub"]))


def groups(claims: Claims, claim: str) -> tuple[str, ...]:
    """None of them where the claim is not there: who is in no group has no rights by
    one. Raises `Refusal` where they can't be told."""
    if claim in (claims.get(OVERAGE) or {}):
        raise Refusal(
            f"the provider leaves {claim} out of the token, as there are too many: let "
            "it name only those that are assigned to this application"
        )
    told = found(claims, claim)
    if told is None:
        return ()
    listed = [told] if isinstance(told, str) else told
    fits = isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    if not fits or len(listed) > MOST_GROUPS:
        text = f"the claim {claim} is not a list of at most {MOST_GROUPS} names"
        raise Refusal(text)
    return tuple(dict.fromkeys(listed))


def _line(text: str) -> str:
    said = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(said.split())[:LONGEST]
