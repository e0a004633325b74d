"""A capacity review of what the configured history has kept: for `report`, and for the
process in which `serve` has them made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from app.aside import Aside, Ended
from app.bus.base import Json
from app.cli.history import history
from app.config.storage import Storage
from app.domain.capacity_terms import Choices
from app.domain.evaluate import Deployment
from app.history.base import Kept, Unreadable
from app.history.sqlite import SqliteHistory
from app.history.trouble import Damaged

if TYPE_CHECKING:  # Values, but what makes one loads pandas and statsmodels.
    from app.domain.capacity import Review

T = TypeVar("T")
NONE: Final = "this configuration keeps no history: see storage.history"


def reviewed(
    storage: Storage,
    watched: Deployment,
    now: datetime,
    choices: Choices,
    picture: Json | None,
) -> Review:
    """`picture`: of the end of the span; `None`: the newest that is kept by then.
    Blocks, for seconds. Raises `Unreadable`, also where nothing is ever kept."""
    from app.domain.capacity_review import ask, review

    # It is not begun: it only reads.
    kept = history(storage, [watched], lambda: now)
    if kept is None:
        raise Unreadable(NONE)
    answer = kept.series(watched.id, ask(choices))
    shown = picture or kept.picture(watched.id, choices.end)
    own = (watched.topology, watched.limits)
    return review(watched.id, answer, shown, *own, choices, watched.zones)


class Elsewhere:
    """What takes long, done in another process; what that finds of the history is told
    to the one that is kept here."""

    def __init__(self, aside: Aside, kept: Kept | None) -> None:
        self._aside, self._kept = aside, kept

    def __call__(self, work: Callable[..., T], *given: Any) -> T:
        """Raises what `work` does, and `Unreadable` where there is no telling."""
        try:
            return self._aside.do(work, *given)
        except Damaged as exc:
            if isinstance(self._kept, SqliteHistory):
                self._kept.damaged(exc)
            raise
        except Ended as exc:
            raise Unreadable(str(exc)) from exc
