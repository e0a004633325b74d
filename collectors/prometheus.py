"""A Prometheus-compatible engine: what others have measured, asked in a few questions.

Which telemetry there is, is discovered by the names of its metrics, or configured. Each
kind is one feed, asked in turn; all its connections come in one answer per question.
Ages are told by the engine itself, so that a clock of its own does no harm. What it
remembers of the last hour fills the gaps in ours (`collectors.prometheus_hour`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.facts import Fact
from app.domain.hour import STEP_S
from app.domain.named import Names
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import FactKey
from collectors.base import Clock, Report
from collectors.errors import CollectorError, SourceEmpty
from collectors.http_line import Dialect, HttpAddress, HttpLine, basic
from collectors.prometheus_hour import LastHour, Remember, again_s, forget
from collectors.prometheus_read import read_answer, refused
from collectors.rounds import Asked as AskedOnce
from collectors.rounds import InRounds, Rounds
from collectors.telemetry import Asked, Series, Telemetry, filled
from collectors.telemetry_boxes import ALL

CONNECT_S: Final = 3.0
ANSWER_S: Final = 10.0
ANSWER_RANGE_S: Final = 30.0
QUERY: Final = "/api/v1/query"
QUERY_RANGE: Final = "/api/v1/query_range"
DISCOVERY: Final = "metric names"
LAST_HOUR: Final = "last hour"


@dataclass(frozen=True, slots=True)
class PrometheusAddress(HttpAddress):
    """`token_file`: a bearer token, or the password of `user`."""

    user: str | None = None

    @property
    def dialect(self) -> Dialect:
        return Dialect("password" if self.user else "token", self._sign_in, refused)

    def _sign_in(self, secret: str) -> dict[str, str]:
        if self.user is None:
            return {"Authorization": f"Bearer {secret}"}
        return basic(self.user, secret)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sources`: kinds of telemetry by name; empty: whatever is found. `without`: never
    these, since we ask the same at first hand. `labels`: of this deployment."""

    sources: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    window_s: float = 60.0


class PrometheusCollector(InRounds):
    name: Final = "prometheus"

    def __init__(
        self,
        address: PrometheusAddress,
        wanted: Wanted,
        names: Callable[[], Names],
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
        remember: Remember = forget,
    ) -> None:
        """`names`: whom a name or an address means, as known now. `remember`: hears
        what the engine knows of the last hour."""
        self._where = f"Prometheus at {address.shown}"
        self._wanted, self._names, self._clock = wanted, names, clock
        self._interval_s = interval_s
        self._found: frozenset[str] = frozenset(wanted.sources)
        self._told: dict[str, frozenset[FactKey]] = {}
        self._lines = {
            name: HttpLine(address, address.dialect, CONNECT_S)
            for name in (DISCOVERY, LAST_HOUR, *ALL)
        }
        self._remember, self._failures = remember, 0
        self._hour = LastHour(
            self._range, names, wanted.window_s, clock, longest_s=3 * interval_s
        )
        self._rounds = Rounds(
            targets=self._targets,
            feed=self._feed,
            ask=self._asked,
            retired=lambda name: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=4,
        )

    def stop(self) -> None:
        super().stop()
        self._hour.stop()
        for line in self._lines.values():
            line.close()

    def ask_once(self) -> tuple[Reading, ...]:
        first = () if self._wanted.sources else (self._ask(DISCOVERY),)
        live = tuple(self._ask(name) for name in sorted(self._found))
        counted = self._hour.gaps.missing(self._clock())
        return (*first, *live, *((self._recall(whole=False),) if counted else ()))

    def _targets(self) -> tuple[str, ...]:
        first = () if self._wanted.sources else (DISCOVERY,)
        missed = (LAST_HOUR,) if self._hour.gaps.settled(self._clock()) else ()
        return (*first, *missed, *sorted(self._found))

    def _feed(self, name: str) -> Feed:
        return Feed(self.name, name, max_age_s=3 * self._interval_s)

    def _asked(self, name: str) -> AskedOnce:
        if name != LAST_HOUR:
            return AskedOnce(self._ask(name))
        reading = self._recall(whole=True)
        self._failures = self._failures + 1 if reading.trouble else 0
        return AskedOnce(reading, again_s(self._failures) if self._failures else None)

    def _recall(self, *, whole: bool) -> Reading:
        """Fill the gaps in the hour, or (to try) in its newest quarter. Where that is
        refused, all that is asked live goes on."""
        kinds = [ALL[name] for name in sorted(self._found) if ALL[name].counts]
        ask = self._hour.quarters if whole else self._hour.quarter
        feed = self._feed(LAST_HOUR)
        try:
            ask(kinds, lambda recalled: self._remember(self.name, recalled))
            return Reading(feed, self._clock())
        except CollectorError as exc:
            trouble = Trouble(exc.kind, f"{self._where}, {LAST_HOUR}: {exc}")
            return Reading(feed, self._clock(), trouble=trouble)

    def _ask(self, name: str) -> Reading:
        feed = self._feed(name)
        try:
            if name == DISCOVERY:
                self._found |= self._discovered()
                return Reading(feed, self._clock())
            return self._reading(feed, ALL[name])
        except CollectorError as exc:
            trouble = Trouble(exc.kind, f"{self._where}, {name}: {exc}")
            return Reading(feed, self._clock(), trouble=trouble)

    def _discovered(self) -> frozenset[str]:
        """The kinds of telemetry of which a metric is there. What was once found is
        asked for ever after: that it went silent must be seen."""
        kinds = [one for one in ALL.values() if one.name not in self._wanted.without]
        marks = sorted({mark for kind in kinds for mark in kind.marks})
        ask = f'count by (__name__) ({{__name__=~"{"|".join(marks)}",$M}})'
        there = {s.labels.get("__name__", "") for s in self._series(DISCOVERY, ask)}
        return frozenset(kind.name for kind in kinds if there.intersection(kind.marks))

    def _reading(self, feed: Feed, kind: Telemetry) -> Reading:
        answers = {
            name: self._series(kind.name, ask) for name, ask in kind.asks.items()
        }
        self._check_window(kind, answers)
        now = self._clock()
        if kind.counts:
            self._hour.gaps.heard(kind.name, now)
        asked = Asked(self._names(), self._wanted.window_s, now)
        facts = kind.read(answers, asked)
        gone = () if kind.lasting else self._gone(kind.name, facts)
        return Reading(feed, now, facts, complete=False, gone=gone)

    def _gone(self, name: str, facts: Collection[Fact]) -> tuple[FactKey, ...]:
        """What was told last time and is no longer."""
        now = frozenset(fact.key for fact in facts)
        before, self._told[name] = self._told.get(name, frozenset()), now
        return tuple(sorted(before - now))

    def _check_window(
        self, kind: Telemetry, answers: Mapping[str, tuple[Series, ...]]
    ) -> None:
        """A counter needs two samples in the window to have grown. What speaks of
        connections has counters, if it has anything."""
        counters = [n for n, ask in kind.asks.items() if "increase(" in ask]
        if not kind.lasting or not answers["age"]:
            return
        newest = min(series.value for series in answers["age"])
        if newest <= self._wanted.window_s and not any(answers[n] for n in counters):
            raise SourceEmpty(
                f"a window of {self._wanted.window_s:g} s holds fewer than two of its "
                "scrapes; set prometheus.window to four times its scrape interval"
            )

    def _series(self, line: str, ask: str) -> tuple[Series, ...]:
        params = {"query": self._filled(ask)}
        return read_answer(self._lines[line].body(QUERY, params, ANSWER_S))

    def _range(self, ask: str, first: int, last: int) -> tuple[Series, ...]:
        at = {"start": str(first), "end": str(last), "step": str(STEP_S)}
        params = {"query": self._filled(ask), **at}
        line = self._lines[LAST_HOUR]
        return read_answer(line.body(QUERY_RANGE, params, ANSWER_RANGE_S))

    def _filled(self, ask: str) -> str:
        return filled(ask, self._wanted.window_s, self._wanted.labels)
