"""Whether anybody collects, as a web replica sees it by looking once a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import redis
import structlog

from app.bus.base import Json
from app.bus.redis_line import LEADER, STATE, BusAddress

QUIET_AFTER: Final = timedelta(seconds=10)
"""How long it may be unclear before it is shown: somebody may be taking over."""
SILENT_LOOKS: Final = 4
"""A leader says each second how it is; so many looks without news are a silence."""
NOBODY: Final = "no collector leads"
MUTE: Final = "the collector that leads has not been heard of"
WAITS: Final = "the collector that leads waits for"

log = structlog.get_logger(__name__)


class Lookout:
    """One thread looks; all may read. `clock`: the time now."""

    def __init__(self, address: BusAddress, clock: Callable[[], datetime]) -> None:
        self._place, self._clock = address.place, clock
        self._state: Json = {}
        self._same = 0
        self.why: str | None = f"{address.place}: not asked yet"
        """What is wrong; `None`: nothing."""
        self._began = self.well_at = clock()
        """When nothing last was, as far as is known."""

    @property
    def up(self) -> bool:
        return self.why is None

    @property
    def ids(self) -> Mapping[str, str]:
        """Of each deployment, the picture that everybody should have."""
        ids: Mapping[str, str] = self._state.get("ids", {})
        return ids

    def unheard(self, deployment: str) -> tuple[str, ...]:
        """What the first picture waits for."""
        if self.why is not None:
            return (self.why,)
        return tuple(self._state.get("unheard", {}).get(deployment, ("the collector",)))

    def silent_s(self) -> float:
        return 0.0 if self.up else (self._clock() - self.well_at).total_seconds()

    def seen_at(self, deployment: str) -> datetime:
        """When anybody last looked at it, as far as is known."""
        return looked_at(self._state, deployment) or self.well_at

    def watched_until(self, deployment: str) -> datetime:
        """Now, while somebody looks at it."""
        seen = self.unseen(deployment) is None
        return self._clock() if seen else self.seen_at(deployment)

    def unseen(self, deployment: str) -> str | None:
        """Why nobody looks at it; `None`: somebody does. Who has just begun to lead may
        wait for its sources yet."""
        if self.why is not None or looked_at(self._state, deployment) is None:
            return self.why
        waits = ", ".join(self.unheard(deployment))
        return f"{self._place}: {WAITS} {waits}"

    def quiet(self, deployment: str) -> bool:
        unseen_for = self._clock() - self.seen_at(deployment)
        return self.unseen(deployment) is not None and unseen_for > QUIET_AFTER

    def ask(self, client: redis.Redis) -> tuple[bytes | None, bytes | None]:
        found: Any = client.mget(LEADER, STATE)
        return found[0], found[1]

    def see(self, leader: bytes | None, state: bytes | None) -> None:
        said: Json = orjson.loads(state) if state else {}
        self._same = self._same + 1 if said == self._state else 0
        self._state = said
        if self.well_at == self._began and "at" in said:
            # Whoever led may have been gone for long when this began.
            self.well_at = min(self._began, datetime.fromisoformat(said["at"]))
        if leader is None:
            self.lost(f"{self._place}: {NOBODY}")
        elif self._same >= SILENT_LOOKS:
            self.lost(f"{self._place}: {MUTE}")
        elif said.get("trouble"):
            self.lost(said["trouble"])
        else:
            self._become(None)
            self.well_at = self._clock()

    def lost(self, why: str) -> None:
        self._become(why)

    def _become(self, why: str | None) -> None:
        if why != self.why:
            tell = log.info if why is None else log.warning
            tell("bus", trouble=why)
        self.why = why


def state_in(client: redis.Redis) -> Json:
    """What whoever leads, or led, said last of itself."""
    said: Any = client.get(STATE)
    state: Json = orjson.loads(said) if said else {}
    return state


def last_looked_at(state: Json, picture: Json) -> datetime:
    """Until when whoever led watched what it showed in its last `picture`."""
    told = state.get("at") or picture["at"]
    waited = looked_at(state, picture["deployment"])
    return waited or datetime.fromisoformat(told)


def looked_at(state: Json, deployment: str) -> datetime | None:
    """Until when a deployment was watched of which the leader has no picture yet;
    `None`: it has one, or there never was any."""
    told = state.get("looked", {}).get(deployment)
    return None if told is None else datetime.fromisoformat(told)
