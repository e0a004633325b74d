"""Capacity reviews, made when they are asked for and kept for the next who asks.

Making one reads a history and takes a processor for seconds: one is made at a time, in
a process of its own where there is one, and whoever asks for the same meanwhile waits
for that.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from app.aside import Apart
from app.bus.base import Json
from app.domain.capacity import Review
from app.domain.capacity_terms import Choices
from app.web.heavy import Heavy
from app.web.site import Site, Watched

KEPT: Final = 12
"""Reviews, of all deployments: a few MB each at the most."""
PROMPT_S: Final = 0.3
"""What takes longer is shown to be under way."""
RECENT: Final = timedelta(hours=2)
"""Spans end with a whole hour: what ends so lately is told by the present picture."""
Key = tuple[str, Choices, datetime | None]
"""The deployment, what is asked for, and until when its past was made up: a demo has
none at first."""
T = TypeVar("T")


class Reviews:
    """Of one site. To be used on its event loop alone. `apart`: does what takes long
    elsewhere; `None`: that is done in a thread."""

    def __init__(self, site: Site, heavy: Heavy, apart: Apart | None) -> None:
        self._site, self._heavy, self._apart = site, heavy, apart
        self._made: OrderedDict[Key, asyncio.Task[Review]] = OrderedDict()
        self._one = asyncio.Semaphore(1)

    async def of(self, watched: Watched, choices: Choices) -> Review:
        """Raises `Unreadable` where the history can't be read now."""
        return await asyncio.shield(self._task(watched, choices))

    async def promptly(self, watched: Watched, choices: Choices) -> Review | None:
        """`None` while it is being made, and where it can't be."""
        task = self._task(watched, choices)
        await asyncio.wait([task], timeout=PROMPT_S)
        failed = not task.done() or task.cancelled() or task.exception() is not None
        return None if failed else task.result()

    def _task(self, watched: Watched, choices: Choices) -> asyncio.Task[Review]:
        key = (watched.id, choices, watched.made_up())
        known = self._made.get(key)
        if known is None or (known.done() and known.exception() is not None):
            known = asyncio.create_task(self._make(watched, choices))
            self._made[key] = known
        self._made.move_to_end(key)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return known

    async def _make(self, watched: Watched, choices: Choices) -> Review:
        now = self._site.clock()
        present = self._site.picture(watched) if now - choices.end < RECENT else None
        async with self._one:
            if watched.reviewing is not None:
                return await self.apart(watched.reviewing(), choices, present)
            await self._heavy.load()
            return await asyncio.to_thread(reviewed, watched, choices, present)

    async def apart(self, work: Callable[..., T], *given: Any) -> T:
        """`work(*given)`, which takes long: where nobody waits for it, if there is such
        a place."""
        if self._apart is None:
            return await asyncio.to_thread(work, *given)
        return await asyncio.to_thread(self._apart, work, *given)


def reviewed(watched: Watched, choices: Choices, picture: Json | None) -> Review:
    """`app.web.site.Reviewing`, of what is `measured`."""
    from app.domain.capacity_review import ask, review

    answer = watched.measured(ask(choices))
    picture = picture or watched.moment(choices.end)
    return review(
        watched.id, answer, picture, watched.topology, watched.limits(), choices
    )
