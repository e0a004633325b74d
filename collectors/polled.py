"""A collector that asks one server one set of questions, in turn, as one feed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from app.domain.facts import Fact
from app.domain.reading import Feed, Reading, Trouble
from collectors.base import Clock, Report
from collectors.errors import CollectorError
from collectors.rounds import Asked, InRounds, Rounds


class Polled(InRounds, ABC):
    """`where`: who is asked and at which address, as it stands before every trouble."""

    name: ClassVar[str]

    def __init__(
        self, feed: str, where: str, report: Report, clock: Clock, interval_s: float
    ) -> None:
        self._where = where
        self._clock = clock
        self._feed = Feed(self.name, feed, max_age_s=3 * interval_s)
        self._rounds = Rounds(
            targets=lambda: (where,),
            feed=lambda _: self._feed,
            ask=lambda _: Asked(self._ask()),
            retired=lambda _: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=1,
        )

    def ask_once(self) -> tuple[Reading, ...]:
        return self._rounds.once()

    def _ask(self) -> Reading:
        try:
            return Reading(self._feed, self._clock(), self._facts())
        except CollectorError as exc:
            trouble = Trouble(exc.kind, f"{self._where}: {exc}")
            return Reading(self._feed, self._clock(), trouble=trouble)

    @abstractmethod
    def _facts(self) -> tuple[Fact, ...]:
        """Everything there is to know now; raises `CollectorError`."""
