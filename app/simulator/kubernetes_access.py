"""Who may ask: bearer tokens, and the rights of each, one verb of one resource at once.

Rights are a read-only role by default; `deny` takes some away, as an operator who edits
a Role does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.simulator.kubernetes_errors import Attempt, forbidden, unauthorized

READ: Final = ("get", "list", "watch")
ANY: Final = "all"


@dataclass(frozen=True, slots=True)
class Denial:
    """Rights that are missing; `all` stands for every one."""

    verb: str = ANY
    resource: str = ANY
    namespace: str = ANY

    def covers(self, attempt: Attempt) -> bool:
        """A list of all namespaces needs the right in each of them."""
        anywhere = self.namespace == ANY or not attempt.namespace
        return (
            self.verb in (ANY, attempt.verb)
            and self.resource in (ANY, attempt.resource.plural)
            and (anywhere or self.namespace == attempt.namespace)
        )


class Access:
    """`tokens`: user names by token. Without any, everybody is `viewer`."""

    def __init__(self, tokens: Mapping[str, str] | None = None) -> None:
        self._tokens = dict(tokens or {})
        self._denials: dict[str, tuple[Denial, ...]] = {}

    def deny(self, user: str, denials: Iterable[Denial]) -> None:
        """What `user` may not do from now on; replaces what was denied before."""
        self._denials[user] = tuple(denials)

    def user(self, authorization: str) -> str:
        """Whose request this is. Raises `ApiError` 401."""
        if not self._tokens:
            return "viewer"
        scheme, _, token = authorization.partition(" ")
        user = self._tokens.get(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise unauthorized()
        return user

    def check(self, attempt: Attempt) -> None:
        """Raises `ApiError` 403 where the right is missing."""
        denials = self._denials.get(attempt.user, ())
        if attempt.verb not in READ or any(one.covers(attempt) for one in denials):
            raise forbidden(attempt)
