"""What Consul is asked, and the loop that asks it for as long as the dashboard runs.

A `Question` asks once and says how soon to ask again: `Blocking` lets Consul hold the
question until there is news, `Cluster` polls what can't be held. An `Asker` repeats one
question in one thread, over one connection. It never gives up: it tells what is wrong
(`Trouble`) and asks again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

import structlog

from app.domain.bucket import Bucket
from app.domain.facts import ConsulClusterFact, Fact
from app.domain.reading import Feed, Reading, Trouble
from collectors.base import Clock, Report
from collectors.consul_errors import NoLeader
from collectors.consul_http import ConsulLine
from collectors.consul_pace import (
    JUDGED_S,
    NEWS,
    NO_NEWS,
    PER_S,
    SIZE,
    Pace,
    backoff,
    jittered,
    next_index,
)
from collectors.consul_read import read_autopilot, read_leader, read_peers
from collectors.errors import CollectorError
from collectors.http_errors import Cut
from collectors.pulse import Pulse

log = structlog.get_logger(__name__)

LEADER: Final = "/v1/status/leader"
"""What every token may ask."""
Chance = Callable[[], float]
"""A number from 0 to 1, another one each time."""
Read = Callable[[bytes], tuple[Fact, ...]]
AUTOPILOT_ANSWERS: Final = frozenset({200, 429})
"""Autopilot says 429, with a body, when a server is not healthy."""
HELD_ON: Final = 0.95
"""Of the wait that was asked for: held for so long, a question ended for its time."""


@dataclass(frozen=True, slots=True)
class Heard:
    facts: tuple[Fact, ...]
    again_s: float
    """How many seconds to leave before the next question."""
    held: bool = False
    """Consul kept the question until there was news, or too long a silence."""
    version: str | None = None
    """What the next question goes on from, where there is such a thing."""


class Question(Protocol):
    def ask(self, line: ConsulLine) -> Heard:
        """Ask once; raises `CollectorError`."""

    def forget(self) -> None:
        """The last answer is no ground to stand on: ask from the beginning."""


class Blocking:
    """A list that Consul holds back until it has changed."""

    def __init__(
        self, path: str, read: Read, pace: Pace, chance: Chance, *, stale: bool
    ) -> None:
        self._path = path
        self._read = read
        self._pace = pace
        self._chance = chance
        self._consistency = {"stale": ""} if stale else {}
        self._bucket = Bucket(time.monotonic(), size=SIZE, per_s=PER_S)
        self._index = 0
        self._answered: int | None = None
        self._understood_last: tuple[bytes, tuple[Fact, ...]] | None = None
        """The digest of an answer, and what it says."""

    def ask(self, line: ConsulLine) -> Heard:
        asked, began_s = self._index, time.monotonic()
        wait_s = jittered(self._pace.wait_s, self._chance())
        params = self._held(asked, wait_s) if asked else self._consistency
        limit_s = self._pace.held_s if asked else self._pace.list_s
        answer = line.query(self._path, params, limit_s)
        if not answer.knows_leader:
            raise NoLeader
        facts = self._understood(answer.body)
        now_s = time.monotonic()
        held_on = now_s - began_s > wait_s * HELD_ON
        self._index = next_index(asked, answer.index, held_on=held_on)
        news = answer.index is not None and answer.index != self._answered
        self._answered = answer.index
        pause_s = self._bucket.spend(NEWS if news else NO_NEWS, now_s)
        again_s = max(pause_s, JUDGED_S) if news else pause_s
        version = str(self._index) if self._index else None
        return Heard(facts, again_s, held=bool(asked), version=version)

    def forget(self) -> None:
        """A restarted Consul counts from 1 again, and would hold a larger index."""
        self._index = 0

    def _understood(self, body: bytes) -> tuple[Fact, ...]:
        """Most answers say what the one before said, and need not be read again."""
        digest, last = blake2b(body).digest(), self._understood_last
        if last is None or last[0] != digest:
            self._understood_last = last = digest, self._read(body)
        return last[1]

    def _held(self, index: int, wait_s: float) -> dict[str, str]:
        wait = {"index": str(index), "wait": f"{wait_s * 1000:.0f}ms"}
        return {**self._consistency, **wait}


class Cluster:
    """The leader, and now and then peers, and autopilot where the token may ask
    (operator:read)."""

    def __init__(self, pace: Pace, chance: Chance) -> None:
        self._pace = pace
        self._chance = chance
        self._led_by, self._peers = "", 0
        self._autopilot: tuple[bool | None, int | None] = (None, None)
        self._due_s = time.monotonic()

    def ask(self, line: ConsulLine) -> Heard:
        leader = self._leader(line)
        if leader and (leader != self._led_by or time.monotonic() >= self._due_s):
            self._look_closer(line)
        self._led_by = leader
        healthy, tolerance = self._autopilot if leader else (None, None)
        fact = ConsulClusterFact(leader, self._peers, healthy, tolerance)
        return Heard((fact,), jittered(self._pace.poll_s, self._chance()))

    def forget(self) -> None:
        self._due_s = time.monotonic()

    def _leader(self, line: ConsulLine) -> str:
        try:
            return read_leader(line.query(LEADER, {}, self._pace.answer_s).body)
        except NoLeader:
            return ""

    def _look_closer(self, line: ConsulLine) -> None:
        """Servers seldom come and go, and autopilot looks at each of them."""
        now_s = time.monotonic()
        body = line.query("/v1/status/peers", {}, self._pace.answer_s).body
        self._peers = read_peers(body)
        self._autopilot = self._health(line)
        self._due_s = now_s + self._pace.autopilot_s

    def _health(self, line: ConsulLine) -> tuple[bool | None, int | None]:
        try:
            answer = line.query(
                "/v1/operator/autopilot/health",
                {},
                self._pace.answer_s,
                AUTOPILOT_ANSWERS,
            )
            return read_autopilot(answer.body)
        except CollectorError:
            # A token without operator:read is how it should be; leader and peers
            # have just been told, so this is no trouble of the source.
            return None, None


class Asker:
    """Asks one question again and again; `wake`, `anew` and `stop` from any thread."""

    def __init__(
        self,
        feed: Feed,
        question: Question,
        line: ConsulLine,
        where: str,
        report: Report,
        clock: Clock,
        chance: Chance,
        pulse: Pulse,
    ) -> None:
        self.feed: Final = feed
        self._question = question
        self._line = line
        self._where = where
        self._report = report
        self._clock, self._chance, self._pulse = clock, chance, pulse
        self._failures = 0
        self._told: tuple[Fact, ...] | None = None
        self._version: str | None = None
        self._awake = threading.Event()
        self._stopped = threading.Event()

    @property
    def version(self) -> tuple[str, str | None]:
        """The feed, and what its next question goes on from."""
        return self.feed.name, self._version

    def run(self) -> None:
        while not self._stopped.is_set():
            self._awake.wait(self._turn())
            self._awake.clear()
        self._line.close()

    def wake(self) -> None:
        """Ask at once, if it was waiting to ask again."""
        self._awake.set()

    def anew(self) -> None:
        """Let go of the question that is held, and ask from the beginning."""
        self._line.cut()

    def stop(self) -> None:
        """End at once, also in the middle of a question."""
        self._stopped.set()
        self._awake.set()
        self._line.close()

    def once(self) -> Reading:
        """Ask once, report nothing, and let go."""
        try:
            return self._reading(self._question.ask(self._line).facts)
        except CollectorError as exc:
            return self._trouble(exc.kind, str(exc))
        finally:
            self._line.close()

    def _turn(self) -> float:
        """Ask once and report; how many seconds to wait before the next time."""
        began_s = time.monotonic()
        try:
            heard = self._question.ask(self._line)
        except CollectorError as exc:
            return self._failed(exc)
        except Exception:  # noqa: BLE001  a bug here must not silence the feed for good
            log.exception("bug in a Consul feed", feed=self.feed.name)
            return self._failed(CollectorError("a bug in this collector; see the log"))
        self._failures, self._version = 0, heard.version
        reading, took_s = self._reading(heard.facts), time.monotonic() - began_s
        self._pulse.heard(reading, None if heard.held else took_s)
        if not self._stopped.is_set():
            self._report(reading)
        return heard.again_s

    def _failed(self, error: CollectorError) -> float:
        self._failures += 1
        self._version = None
        self._question.forget()
        # An idle connection may be cut by anything in between. That is trouble only
        # if asking again at once does not help.
        harmless = isinstance(error, Cut) and self._failures == 1
        if not harmless and not self._stopped.is_set():
            self._told = None
            reading = self._trouble(error.kind, str(error))
            self._pulse.heard(reading)
            self._report(reading)
        return backoff(self._failures, self._chance())

    def _reading(self, facts: tuple[Fact, ...]) -> Reading:
        """A list that is watched and has not changed is only a sign of life."""
        if self.feed.continuous and facts == self._told:
            return Reading(self.feed, self._clock(), complete=False)
        self._told = facts
        return Reading(self.feed, self._clock(), facts)

    def _trouble(self, kind: str, text: str) -> Reading:
        trouble = Trouble(kind, f"Consul at {self._where}: {text}")
        return Reading(self.feed, self._clock(), trouble=trouble)
