"""What every way of coming in answers: who it is, or why nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.requests import HTTPConnection

from app.domain.access import Grant
from app.domain.sessions import Session
from app.web.access.visit import Visit


@dataclass(frozen=True, slots=True)
class Nobody:
    """`code`: as the API tells it; `status`: 401, 403 for somebody who is known and
    not let in, 503 where it can't be known now."""

    code: str
    text: str
    status: int = 401


Found = Visit | Nobody


class Way(Protocol):
    """One way of coming in. `mode`: as the configuration calls it."""

    @property
    def mode(self) -> str: ...

    def found(self, request: HTTPConnection, now: datetime) -> Found: ...

    def still(self, visit: Visit, now: datetime) -> bool:
        """Would it be found again?"""


class Grants(Protocol):
    """What a session's person is granted now; `None`: he is not let in any more."""

    def __call__(self, session: Session) -> tuple[Grant, ...] | None: ...


NOT_SIGNED_IN = Nobody("not_signed_in", "sign in first")
SESSION_OVER = Nobody("session_over", "the session is over: sign in again")
