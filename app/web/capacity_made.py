"""Capacity reviews, made when they are asked for and kept for the next who asks.

Making one reads a history and takes a thread for seconds: one is made at a time, and
whoever asks for the same meanwhile waits for that.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import timedelta
from typing import Final

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
Key = tuple[str, Choices]


class Reviews:
    """Of one site. To be used on its event loop alone."""

    def __init__(self, site: Site, heavy: Heavy) -> None:
        self._site, self._heavy = site, heavy
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
        key = (watched.id, choices)
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
            await self._heavy.load()
            return await asyncio.to_thread(reviewed, watched, present, choices)


def reviewed(watched: Watched, picture: Json | None, choices: Choices) -> Review:
    """`picture`: of the end of the span; `None`: it has to be recalled. Blocks, for
    seconds. Loads pandas and statsmodels, which nobody needs who never asks."""
    from app.domain.capacity_review import ask, review

    answer = watched.measured(ask(choices))
    picture = picture or watched.moment(choices.end)
    return review(
        watched.id, answer, picture, watched.topology, watched.limits(), choices
    )
