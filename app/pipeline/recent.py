"""What a web replica keeps of the pictures that it is told of: as a pipeline does, the
newest minutes of the past, and the last hour's numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.bus.base import Json
from app.domain.hour import step_of
from app.domain.instants import instant
from app.domain.moments import Bounds
from app.pipeline.lately import Lately
from app.pipeline.moments import Moments
from app.pipeline.pipeline import STILL

NONE: Final = timedelta(0)


class Recent:
    """Of one deployment; one thread notes."""

    def __init__(self, deployment: str, bounds: Bounds) -> None:
        self.lately, self.moments = Lately(), Moments(deployment, bounds)
        self._kept_at: datetime | None = None
        self._step = 0

    def note(self, picture: Json, delta: Json | None) -> None:
        """It was just published."""
        at = datetime.fromisoformat(picture["at"])
        self.moments.note(picture, delta)
        self._count(picture, at)
        self._kept_at = at

    def still(self, picture: Json, now: datetime) -> None:
        """Somebody looks, and all is as in `picture`."""
        if step_of(now.timestamp()) != self._step:
            self._count(picture, now)
        if self._kept_at is None or not NONE <= now - self._kept_at < STILL:
            self.moments.note(picture | {"at": instant(now)}, {})
            self._kept_at = now

    def _count(self, picture: Json, at: datetime) -> None:
        self.lately.note(picture, at)
        self._step = step_of(at.timestamp())
