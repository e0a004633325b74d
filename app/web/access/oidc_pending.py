"""A sign-in that was begun, and whether an answer is the one to it."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.web.access.refusal import Refusal

PENDING_S: Final = 600.0
"""How long somebody may take at the provider."""
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Pending:
    """What its browser keeps until it is back. `begun_at`: in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    next_page: str
    begun_at: float


class Answered:
    """Those that were answered lately: a browser can keep a `Pending` after its use.
    From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: OrderedDict[str, float] = OrderedDict()

    def known(
        self, query: Mapping[str, str], pending: Pending | None, now: float
    ) -> Pending:
        """The sign-in that this answer belongs to, which has no other one; raises
        `Refusal`."""
        if pending is None:
            raise Refusal(
                "this browser has begun no sign-in, or its cookie was not kept: sign "
                "in once more"
            )
        if not _same(query.get("state", ""), pending.state):
            raise Refusal("the answer belongs to another sign-in (state)")
        if not 0 <= now - pending.begun_at < PENDING_S:
            raise Refusal(f"the sign-in took longer than {PENDING_S / 60:.0f} minutes")
        if not self._first(pending.state, now):
            raise Refusal("this sign-in was answered before (state)")
        return pending

    def _first(self, state: str, now: float) -> bool:
        with self._lock:
            while self._at and self._is_over(now):
                self._at.popitem(last=False)
            if state in self._at:
                return False
            self._at[state] = now
            return True

    def _is_over(self, now: float) -> bool:
        oldest = next(iter(self._at.values()))
        return len(self._at) >= MOST or now - oldest > PENDING_S


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
