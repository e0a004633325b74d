"""A Prometheus-compatible engine: what others have measured, asked in a few questions.

Which telemetry there is, is discovered by the names of its metrics, or configured. Each
kind is one feed, asked in turn; all its connections come in one answer per question.
Ages are told by the engine itself, so that a clock of its own does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.facts import Fact
from app.domain.named import Names
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import FactKey
from collectors.base import Clock, Report
from collectors.errors import CollectorError, SourceEmpty
from collectors.http_line import Dialect, HttpAddress, HttpLine, basic
from collectors.prometheus_read import read_answer, refused
from collectors.rounds import Asked as AskedOnce
from collectors.rounds import InRounds, Rounds
from collectors.telemetry import Asked, Series, Telemetry, filled
from collectors.telemetry_boxes import ALL

CONNECT_S: Final = 3.0
ANSWER_S: Final = 10.0
QUERY: Final = "/api/v1/query"
DISCOVERY: Final = "metric names"


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
    ) -> None:
        """`names`: whom a name or an address means, as known now."""
        self._where = f"Prometheus at {address.shown}"
        self._wanted, self._names, self._clock = wanted, names, clock
        self._interval_s = interval_s
        self._found: frozenset[str] = frozenset(wanted.sources)
        self._told: dict[str, frozenset[FactKey]] = {}
        self._lines = {
            name: HttpLine(address, address.dialect, CONNECT_S)
            for name in (DISCOVERY, *ALL)
        }
        self._rounds = Rounds(
            targets=self._targets,
            feed=self._feed,
            ask=lambda name: AskedOnce(self._ask(name)),
            retired=lambda name: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=4,
        )

    def stop(self) -> None:
        super().stop()
        for line in self._lines.values():
            line.close()

    def ask_once(self) -> tuple[Reading, ...]:
        first = () if self._wanted.sources else (self._ask(DISCOVERY),)
        return (*first, *(self._ask(name) for name in sorted(self._found)))

    def _targets(self) -> tuple[str, ...]:
        first = () if self._wanted.sources else (DISCOVERY,)
        return (*first, *sorted(self._found))

    def _feed(self, name: str) -> Feed:
        return Feed(self.name, name, max_age_s=3 * self._interval_s)

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
        query = filled(ask, self._wanted.window_s, self._wanted.labels)
        return read_answer(self._lines[line].body(QUERY, {"query": query}, ANSWER_S))
