"""Pushes what is seen to an engine's import API, for where nobody scrapes `/metrics`.

As a scraper would, it takes a look at the newest picture of every deployment at regular
moments, whether there was news or not. While the engine can't be reached the looks
wait, packed; when too many do, the oldest go and it is said from when on.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog

from app.domain import wire
from app.domain.exported import families
from app.history.base import Health
from app.threads import Threaded
from collectors.errors import CollectorError
from collectors.http_errors import Cut
from collectors.http_line import HttpLine
from collectors.prometheus import PrometheusAddress

Json = dict[str, Any]

IMPORT: Final = "/api/v1/import/prometheus"
HEADERS: Final = {"Content-Encoding": "gzip", "Content-Type": "text/plain"}
TAKEN: Final = frozenset({200, 204})
CONNECT_S: Final = 2.0
ANSWER_S: Final = 5.0
RETRY_S: Final = 10.0
RETRY_MOST_S: Final = 60.0
MOST: Final = 2000
"""Looks that wait: eight hours of them, some ten megabytes a deployment."""

log = structlog.get_logger(__name__)


def lines(pictures: Iterable[Json], at_ms: int) -> Iterator[str]:
    """What one look tells, in the text format with its moment; the ages of sources as
    of then."""
    now = datetime.fromtimestamp(at_ms / 1000).astimezone()
    for family in families([wire.aged(one, now) for one in pictures]):
        for values, value in family.rows:
            pairs = zip(family.labels, values, strict=True)
            labels = ",".join(f"{name}={_quoted(told)}" for name, told in pairs)
            yield f"{family.name}{{{labels}}} {float(value)!r} {at_ms}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    packed: bytes


class Push(Threaded):
    """`clock`: the time now. `look_s`: seconds between two looks."""

    def __init__(
        self,
        address: PrometheusAddress,
        clock: Callable[[], datetime],
        look_s: float = 15.0,
        most: int = MOST,
        may: Callable[[], bool] = lambda: True,
    ) -> None:
        """`may`: of several that would push, whether it is this one's turn."""
        super().__init__("history")
        self._where, self._clock, self._look_s = address.shown, clock, look_s
        self._may = may
        self._line = HttpLine(address, address.dialect, CONNECT_S)
        self._latest: dict[str, Json] = {}
        self._waiting: deque[_Look] = deque(maxlen=most)
        self._health = Health()
        self._listeners: list[Callable[[], None]] = []
        self._pause_s, self._again_at = RETRY_S, 0.0
        self._ending = threading.Event()

    def stop(self) -> None:
        """Ask it to end; return at once."""
        self._ending.set()
        self._line.cut()

    def join(self, timeout_s: float) -> None:
        super().join(timeout_s)
        self._line.close()

    def listen(self, listener: Callable[[], None]) -> None:
        """Called whenever `health` has changed."""
        self._listeners.append(listener)

    def waiting(self) -> int:
        return len(self._waiting)

    def health(self) -> Health:
        return self._health

    def note(self, deployment: str, picture: Json) -> None:
        """From any thread; never waits."""
        self._latest[deployment] = picture

    def look(self) -> None:
        """Take one, and send all that wait."""
        if not self._may():
            return
        now = self._clock()
        if self._latest:
            self._add(now, [*self._latest.values()])
        if self._waiting and now.timestamp() >= self._again_at:
            self._send(now)

    def _run(self) -> None:
        while not self._ending.wait(self._until_next_s()):
            try:
                self.look()
            except Exception:
                log.exception("bug in pushing history")

    def _until_next_s(self) -> float:
        return self._look_s - self._clock().timestamp() % self._look_s

    def _add(self, now: datetime, pictures: list[Json]) -> None:
        text = "".join(lines(pictures, round(now.timestamp() * 1000)))
        if len(self._waiting) == self._waiting.maxlen:
            self._lose(self._waiting[0].at)
        self._waiting.append(_Look(now, gzip.compress(text.encode(), 6)))

    def _send(self, now: datetime) -> None:
        """The oldest first. One that was cut may have arrived: it is sent again, and is
        the same samples."""
        try:
            while self._waiting and not self._ending.is_set():
                look = self._waiting[0]
                self._tell(look.packed)
                self._waiting.popleft()
                self._kept(look.at)
        except CollectorError as exc:
            self._again_at = now.timestamp() + self._pause_s
            self._pause_s = min(RETRY_MOST_S, 2 * self._pause_s)
            text = f"can't be pushed to {self._where}: {exc}"
            self._judge(replace(self._health, paused=text))
        else:
            self._pause_s = RETRY_S
            self._judge(replace(self._health, paused=None))

    def _tell(self, packed: bytes) -> None:
        try:
            self._line.tell(IMPORT, packed, HEADERS, ANSWER_S, TAKEN)
        except Cut:
            self._line.tell(IMPORT, packed, HEADERS, ANSWER_S, TAKEN)

    def _lose(self, at: datetime) -> None:
        known = self._health
        if known.lost_from is None or known.lost_until is not None:
            self._judge(Health(known.paused, lost_from=at))

    def _kept(self, at: datetime) -> None:
        """From this look on nothing is lost."""
        known = self._health
        if known.lost_from is not None and known.lost_until is None:
            text = f"{self._where} was away for longer than looks are kept waiting"
            self._judge(replace(known, lost_until=at, remark=text))

    def _judge(self, health: Health) -> None:
        if health == self._health:
            return
        tell = log.info if health.paused is None else log.warning
        tell("history", paused=health.paused, remark=health.remark)
        self._health = health
        for listener in self._listeners:
            listener()
