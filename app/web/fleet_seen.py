"""The fleet as somebody sees it who may not see all of it.

One stream is written for everybody; of what it says, the cards of other deployments
are left out, once for all who see the same.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import lru_cache
from typing import Final

import orjson

from app.bus.base import Json
from app.bus.frames import dump
from app.domain import fleet
from app.web.site import Site

DATA: Final = b"data: "
END: Final = b"\n\n"
KEPT: Final = 256
"""Frames, each for those who see the same: the newest are asked for by all of them."""
Ids = frozenset[str]


def seen(site: Site) -> Ids | None:
    """What is seen of the fleet; `None`: all of it."""
    found = site.watched
    return None if len(found) == len(site.every) else frozenset(found)


def whole(told: Json, ids: Ids | None) -> Json:
    return told if ids is None else fleet.only(told, ids)


async def stream(
    told: AsyncGenerator[bytes, None], ids: Ids | None
) -> AsyncIterator[bytes]:
    """The stream of all, with what is seen of it."""
    async with aclosing(told):
        async for frame in told:
            yield frame if ids is None else _left(frame, ids)


@lru_cache(maxsize=KEPT)
def _left(frame: bytes, ids: Ids) -> bytes:
    """Of one piece, which may hold several events and comments."""
    events = [_event(one, ids) for one in frame.split(END) if one]
    return b"".join(one + END for one in events)


def _event(event: bytes, ids: Ids) -> bytes:
    head, data, body = event.partition(DATA)
    if not data:
        return event
    return head + data + dump(fleet.only(orjson.loads(body), ids))
