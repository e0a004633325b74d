"""How fast something may be done that is done again and again: a bucket of tokens.

Pure but for its own memory.
"""

from __future__ import annotations


class Bucket:
    """Tokens that fill up with time. What comes after a quiet moment finds some and is
    never delayed; only what never pauses is slowed, to `per_s`. Empty or not, more may
    be taken: the debt is waited for."""

    def __init__(self, now_s: float, *, size: float, per_s: float) -> None:
        self._size, self._per_s = size, per_s
        self._tokens, self._at_s = size, now_s

    def spend(self, tokens: float, now_s: float) -> float:
        """Take the tokens; how many seconds to wait before the next time."""
        filled = self._tokens + (now_s - self._at_s) * self._per_s
        self._tokens = min(self._size, filled) - tokens
        self._at_s = now_s
        return max(0.0, -self._tokens / self._per_s)
