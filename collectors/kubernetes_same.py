"""Is it still the same API server whose list we know? Pure but for its own memory.

Behind one address another cluster may answer, after a failover or a restore. Its
versions are not those of the list, and a watch that is resumed there misses whatever
does not change. The API has no name for itself, but every answer tells by its uid which
FlowSchema it was let in by, and no two clusters share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LET_IN_BY: Final = "X-Kubernetes-PF-FlowSchema-UID"
MOST_DIFFERENT: Final = 3
"""A FlowSchema may pick by the verb: a list and its watch, of one server, then differ
again and again, and so often are they believed to be two servers'."""


def server(headers: Mapping[str, str]) -> str | None:
    """Who answers; `None` for a server too old to tell."""
    return headers.get(LET_IN_BY)


class SameServer:
    def __init__(self) -> None:
        self._listed: str | None = None
        self._differing: tuple[str, str] | None = None
        self._times = 0

    def listed(self, by: str | None) -> None:
        """Everything was listed, and this server said it."""
        self._listed = by

    def differs(self, by: str | None) -> bool:
        """Whether a watch is another server's than the list that it goes on from."""
        if by is None or self._listed is None or by == self._listed:
            self._differing, self._times = None, 0
            return False
        pair = (self._listed, by)
        self._times = self._times + 1 if pair == self._differing else 1
        self._differing = pair
        return self._times <= MOST_DIFFERENT
