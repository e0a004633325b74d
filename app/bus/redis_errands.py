"""What a web replica can't do itself is asked of the collector that leads, over Redis.

A question lies in a stream until the leader takes it, and is too old after seconds: it
is then never done, so that whoever was told that nobody answered may ask again.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any, Final

import redis
import redis.asyncio
import structlog

from app.bus.base import NoAnswer
from app.bus.redis_line import (
    ANSWER,
    ERRANDS,
    LEADER,
    REPLY,
    BusAddress,
    options,
    told,
)
from app.threads import Threaded

PATIENCE_S: Final = 5.0
"""How long a question waits to be taken, and for its answer."""
LATE_S: Final = 2.0
"""So long before nobody waits for the answer any more, nothing is begun."""
KEPT: Final = 1000
WAIT_MS: Final = 500
RETRY_S: Final = 1.0
ANSWER_LIVES_MS: Final = 10_000

Do = Callable[[bytes], bytes]

log = structlog.get_logger(__name__)


class Errands:
    """For the event loop of a web replica."""

    def __init__(self, address: BusAddress, patience_s: float = PATIENCE_S) -> None:
        self._address, self._patience_s = address, patience_s

    async def ask(self, question: bytes) -> bytes:
        """Raises `NoAnswer`. A connection of its own: questions are few."""
        chosen = options(self._address) | {"socket_timeout": self._patience_s + 1}
        client = redis.asyncio.Redis.from_url(self._address.url, **chosen)
        name = secrets.token_hex(8)
        try:
            fields: Any = {"id": name, "question": question}
            await client.xadd(ERRANDS, fields, maxlen=KEPT)
            found: Any = await client.blpop([ANSWER + name], timeout=self._patience_s)
        except (redis.RedisError, OSError) as exc:
            raise NoAnswer(told(self._address, exc)) from exc
        finally:
            await client.aclose()
        if found is None:
            raise NoAnswer("no collector answers")
        answer: bytes = found[1]
        return answer


class Answering(Threaded):
    """The leader's side: a thread that does what is asked, one after another.

    `term`: under which one leads, if one does; `do`: blocks until it is done. What
    somebody answers who was deposed meanwhile reaches nobody.
    """

    def __init__(
        self, client: redis.Redis, term: Callable[[], int | None], do: Do
    ) -> None:
        super().__init__("errands")
        self._client, self._term, self._do = client, term, do
        self._reply: Any = client.register_script(REPLY)
        self._ending = threading.Event()
        self._cursor = "$"

    def stop(self) -> None:
        """Ask it to end; return at once."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._take()
            except (redis.RedisError, OSError):  # told by those who publish
                self._ending.wait(RETRY_S)
            except Exception:
                log.exception("bug in answering a web replica")

    def _take(self) -> None:
        if self._cursor == "$":
            self._cursor = self._end()
        found: Any = self._client.xread({ERRANDS: self._cursor}, 16, WAIT_MS)
        for _, entries in found.items() if isinstance(found, dict) else found or ():
            for place, fields in entries:
                self._cursor = place.decode()
                term = self._term()
                if term is not None and not self._late():
                    self._answer(term, fields[b"id"], self._do(fields[b"question"]))

    def _end(self) -> str:
        """What was asked before is not ours to do: whoever asked has been told so, or
        will be."""
        last: Any = self._client.xrevrange(ERRANDS, count=1)
        return last[0][0].decode() if last else "0-0"

    def _late(self) -> bool:
        """By the clock of Redis, which gave the question its place."""
        clock: Any = self._client.time()
        asked_ms = int(self._cursor.partition("-")[0])
        now_ms: float = clock[0] * 1000 + clock[1] / 1000
        return now_ms - asked_ms > (PATIENCE_S - LATE_S) * 1000

    def _answer(self, term: int, name: bytes, answer: bytes) -> None:
        keys = [LEADER, ANSWER + name.decode()]
        self._reply(keys=keys, args=[str(term), answer, ANSWER_LIVES_MS])
