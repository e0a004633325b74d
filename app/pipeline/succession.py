"""How a pipeline goes on from what another process showed last.

What was shown stands for a while where it can't be judged yet (`app.domain.taken_up`).
Where nobody has looked for so long that it is shown as stale, that is what stands. What
people said and planned is as the picture has it until the records have told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from app.bus.base import Json
from app.domain.evaluate import Memory
from app.domain.handed_on import resumed
from app.domain.taken_up import WAITS, TakenUp, shown_again, taken_up, tracks
from app.domain.unwatched import STALE_AFTER, unwatched
from app.domain.windows import Window, decode
from app.pipeline.casebook import RECORDS, Casebook

OF_RECORDS: Final = ("incident", "incidents", "maintenance", "notes")

log = structlog.get_logger(__name__)


class Left(NamedTuple):
    """`looked_at`: until when what the picture tells was watched. `remembered`: what it
    rests on; `None`: that is not known."""

    picture: Json
    looked_at: datetime
    remembered: Json | None = None


class Succession:
    """From nobody, until something is taken up."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._left: Left | None = None

    def take_up(self, left: Left) -> None:
        self._left = left

    def unheard(self) -> frozenset[str]:
        """Who must tell, beside the sources, before anything new is shown."""
        waits = self._left is not None and self._casebook.silent()
        return frozenset({RECORDS}) if waits else frozenset()

    def memory(self, memory: Memory, now: datetime) -> Memory:
        """With what was left, for a pipeline that starts `now`."""
        left = self._left
        if left is None:
            return memory
        shown = unwatched(left.picture, left.looked_at, "", now)
        begun = replace(memory, tracks=tracks(shown), left=taken_up(shown, now + WAITS))
        if left.remembered is None:
            return begun
        try:
            looked = now - left.looked_at < STALE_AFTER
            return resumed(begun, left.remembered, looked=looked)
        except (KeyError, TypeError, ValueError):  # of another release
            log.exception("what was remembered is not understood")
            return begun

    def windows(self) -> tuple[Window, ...]:
        """Those in force that people had set, until the records tell of them."""
        if self._left is None or self._casebook.told():
            return ()
        told = map(decode, self._left.picture["maintenance"])
        return tuple(one for one in told if not one.configured)

    def shown(self, picture: Json | None, left: TakenUp) -> Json | None:
        """What is told in the place of `picture`."""
        if self._left is None or picture is None:
            return picture
        whole = shown_again(picture, left, self._left.picture["suspects"])
        if not self._casebook.silent():
            return whole
        return whole | {name: self._left.picture[name] for name in OF_RECORDS}
