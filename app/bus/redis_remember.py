"""What the collector that leads remembers, laid down in Redis for whoever follows.

A picture is published when something turns; what is held to get there changes with each
measurement, and is of use to nobody while the leader lives. So it is written now and
then, by a thread that nobody waits for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
import redis
import structlog

from app.bus import frames
from app.bus.base import Json
from app.bus.redis_line import KEEP, LEADER, memory_of
from app.threads import Threaded

EVERY_S: Final = 3.0
"""What was held for no longer than this begins anew with another leader."""

log = structlog.get_logger(__name__)


class Remembering(Threaded):
    """`term`: under which one leads, if one does; `memories`: by deployment."""

    def __init__(
        self,
        client: redis.Redis,
        term: Callable[[], int | None],
        memories: Callable[[], Mapping[str, Json]],
        every_s: float = EVERY_S,
    ) -> None:
        super().__init__("memory")
        self._term, self._memories, self._every_s = term, memories, every_s
        self._script: Any = client.register_script(KEEP)
        self._kept: dict[str, bytes] = {}
        self._ending = threading.Event()

    def stop(self) -> None:
        """Ask it to write once more, and to end; return at once."""
        self._ending.set()

    def _run(self) -> None:
        ending = False
        while not ending:
            ending = self._ending.wait(self._every_s)
            try:
                self._keep()
            except (redis.RedisError, OSError):  # told by those who publish
                self._kept.clear()
            except Exception:
                log.exception("bug in remembering")

    def _keep(self) -> None:
        term = self._term()
        if term is None:
            self._kept.clear()
            return
        for name, memory in self._memories().items():
            body = frames.dump(memory)
            if body != self._kept.get(name):
                self._script(keys=[LEADER, memory_of(name)], args=[str(term), body])
                self._kept[name] = body


def remembered(client: redis.Redis, deployment: str) -> Json | None:
    """What whoever led remembered last."""
    body: Any = client.get(memory_of(deployment))
    told: Json | None = orjson.loads(body) if body else None
    return told
