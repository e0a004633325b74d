"""Past pictures of one deployment, in memory: what was shown at a moment.

Noting one costs the pipeline an entry in a list; a thread of its own packs it later,
when the change is long on its way. A picture in which something turned is kept, and
so is one that was asked for by its very moment: somebody may hold a link to it. Of the
others every one is kept for a while, and then one a minute. So what is told of a moment
has the statuses that were shown then, and numbers that are about a minute old at most.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import orjson
import structlog
import zstandard

from app.bus.base import Json
from app.domain.moments import Bounds, Moment, thinned, turned
from app.domain.replay import picked
from app.threads import Threaded

SOON_S: Final = 5.0
"""So long what is new waits to be packed: a change is on its way to the screens first,
and to wake a thread for every one would cost as much as to pack it."""
TOGETHER: Final = 32
"""So many wait no longer."""
THIN_EVERY: Final = 32
"""How many are packed before it is looked through what may go."""
LEVEL: Final = 3
"""Of its compression: as small as zlib makes it, in a fraction of the time."""
ALL_BYTES: Final = 128 * 2**20
"""Of all deployments together, however many one process watches."""
BOUNDS: Final = Bounds(
    fine=timedelta(minutes=2),
    coarse_s=60,
    longest=timedelta(hours=24),
    most=4000,
    most_bytes=6 * 2**20,
    most_asked=200,
)

log = structlog.get_logger(__name__)

_COMPRESSOR: Final = zstandard.ZstdCompressor(level=LEVEL)
"""One for all deployments, since it takes a megabyte; for one thread at a time."""
_COMPRESSING: Final = threading.Lock()


@dataclass(slots=True, eq=False)
class _Picture:
    at: datetime
    turned: bool
    whole: Json | None
    """Until it is packed."""
    packed: bytes = b""
    asked: bool = False

    @property
    def size(self) -> int:
        return len(self.packed)


def bounds_among(deployments: int) -> Bounds:
    """What each of so many deployments may take."""
    share = ALL_BYTES // max(1, deployments)
    return replace(BOUNDS, most_bytes=min(BOUNDS.most_bytes, share))


class Moments(Threaded):
    """Written by the pipeline's thread, packed by its own, read by the web."""

    def __init__(self, name: str, bounds: Bounds = BOUNDS) -> None:
        super().__init__(f"moments-{name}")
        self._bounds = bounds
        self._lock = threading.Lock()
        self._pictures: list[_Picture] = []
        """By their moments; the last ones, so many at the most, are not packed yet."""
        self._waiting = 0
        self._packed = 0
        """How many were since it was last looked through what may go."""
        self._news, self._ending = threading.Event(), threading.Event()

    def stop(self) -> None:
        """Ask the thread to end; return at once."""
        self._ending.set()
        self._news.set()

    def note(self, snapshot: Json, delta: Json | None) -> None:
        """Keep what was just published. Never waits for the packing.

        What a clock that was set back has made the future is forgotten.
        """
        at = datetime.fromisoformat(snapshot["at"])
        picture = _Picture(at, turned(delta), snapshot)
        with self._lock:
            while self._pictures and self._pictures[-1].at > at:
                self._pictures.pop()
            self._pictures.append(picture)
            self._waiting += 1
        if self._waiting >= TOGETHER:
            self._news.set()

    def at(self, moment: datetime) -> Json | None:
        """The newest that is kept of those made by then; `None` before the first."""
        return self._found(moment, asked=True)

    def _found(self, moment: datetime, *, asked: bool = False) -> Json | None:
        """`asked`: it is kept for whoever asked for its very moment."""
        with self._lock:
            place = bisect_right(self._pictures, moment, key=_at)
            if not place:
                return None
            found = self._pictures[place - 1]
            found.asked = found.asked or (asked and found.at == moment)
            whole, packed = found.whole, found.packed
        return whole or _unpacked(packed)

    def first(self) -> datetime | None:
        """The oldest moment of which something can be told."""
        with self._lock:
            return self._pictures[0].at if self._pictures else None

    def between(self, since: datetime, until: datetime) -> tuple[Moment, ...]:
        """Every picture that is kept from between these moments, in order."""
        with self._lock:
            begin = bisect_left(self._pictures, since, key=_at)
            end = bisect_right(self._pictures, until, key=_at)
            return tuple(Moment(p.at, p.turned) for p in self._pictures[begin:end])

    def pictures(
        self, begin: datetime, end: datetime, step: timedelta, most: int
    ) -> Iterator[Json]:
        """Those made within these moments, in order, `most` of them at the most: every
        one that turned, and of the others the first in each `step`."""
        for at in islice(picked(self.between(begin, end), step), most):
            picture = self._found(at)
            if picture is not None:
                yield picture

    def size(self) -> int:
        """The bytes of all that is packed."""
        with self._lock:
            return sum(picture.size for picture in self._pictures)

    def pack(self) -> None:
        """Pack what is new, and let go of what need not be kept any more."""
        with self._lock:
            new = [(p, p.whole) for p in self._pictures if p.whole is not None]
            self._waiting = 0
        for picture, whole in new:
            packed = _packed(orjson.dumps(whole))
            with self._lock:
                picture.packed, picture.whole = packed, None
        self._packed += len(new)
        if self._packed >= THIN_EVERY:
            self._packed = 0
            with self._lock:
                self._pictures = thinned(self._pictures, self._bounds)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._news.wait(SOON_S)
            self._news.clear()
            try:
                self.pack()
            except Exception:
                log.exception("bug in keeping past pictures")


def _at(picture: _Picture) -> datetime:
    return picture.at


def _packed(plain: bytes) -> bytes:
    """Copied: what the compressor hands over keeps all the room that it was given, as
    much as the picture takes unpacked."""
    with _COMPRESSING:
        return bytes(memoryview(_COMPRESSOR.compress(plain)))


def _unpacked(packed: bytes) -> Json:
    picture: Json = orjson.loads(zstandard.ZstdDecompressor().decompress(packed))
    return picture
