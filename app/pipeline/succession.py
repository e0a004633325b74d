"""How a pipeline goes on from what another process showed last.

What was shown stands for a while where it can't be judged yet (`app.domain.taken_up`).
Where nobody has looked for so long that it is shown as stale, that is what stands. What
people said and planned is as the picture has it until the records have told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from app.bus.base import Json
from app.domain.evaluate import Memory
from app.domain.taken_up import WAITS, TakenUp, shown_again, taken_up, tracks
from app.domain.unwatched import unwatched
from app.domain.windows import Window, decode
from app.pipeline.casebook import RECORDS, Casebook

OF_RECORDS: Final = ("incident", "incidents", "maintenance", "notes")


class Succession:
    """From nobody, until something is taken up."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._left: Json | None = None
        self._looked_at: datetime | None = None

    def take_up(self, picture: Json, looked_at: datetime) -> None:
        """`looked_at`: until when what it tells was watched."""
        self._left, self._looked_at = picture, looked_at

    def unheard(self) -> frozenset[str]:
        """Who must tell, beside the sources, before anything new is shown."""
        waits = self._left is not None and self._casebook.silent()
        return frozenset({RECORDS}) if waits else frozenset()

    def memory(self, memory: Memory, now: datetime) -> Memory:
        """With what was left, for a pipeline that starts `now`."""
        if self._left is None or self._looked_at is None:
            return memory
        shown = unwatched(self._left, self._looked_at, "", now)
        left = taken_up(shown, now + WAITS)
        return replace(memory, tracks=tracks(shown), left=left)

    def windows(self) -> tuple[Window, ...]:
        """Those in force that people had set, until the records tell of them."""
        if self._left is None or self._casebook.told():
            return ()
        told = map(decode, self._left["maintenance"])
        return tuple(one for one in told if not one.configured)

    def shown(self, picture: Json | None, left: TakenUp) -> Json | None:
        """What is told in the place of `picture`."""
        if self._left is None or picture is None:
            return picture
        whole = shown_again(picture, left, self._left["suspects"])
        if not self._casebook.silent():
            return whole
        return whole | {name: self._left[name] for name in OF_RECORDS}
