"""Alertmanager: which alerts fire, and what is silenced, until when and by whom.

Alerts and silences are asked for together and told together: an alert is never taken
for unsilenced because the other answer was missing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from app.domain.alerted import Directory
from app.domain.facts import Fact
from app.domain.reading import Feed, Reading, Trouble
from collectors.alerts_read import read_alerts, read_silences, read_whole
from collectors.base import Clock, Report
from collectors.errors import CollectorError
from collectors.http_errors import refusal
from collectors.http_line import Dialect, HttpAddress, HttpLine
from collectors.rounds import Asked, Rounds

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
ALERTS: Final = "/api/v2/alerts"
SILENCES: Final = "/api/v2/silences"
DIALECT: Final = Dialect(
    "token",
    lambda token: {"Authorization": f"Bearer {token}"},
    partial(refusal, what="Alertmanager"),
)


class AlertmanagerCollector:
    """Asks one Alertmanager (or any member of its cluster) in turn."""

    name: Final = "alertmanager"

    def __init__(
        self,
        address: HttpAddress,
        directory: Directory,
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
    ) -> None:
        self._address = address
        self._directory = directory
        self._clock = clock
        self._line = HttpLine(address, DIALECT, CONNECT_S)
        self._feed = Feed(self.name, "alerts", max_age_s=3 * interval_s)
        self._rounds = Rounds(
            targets=lambda: (address,),
            feed=lambda _: self._feed,
            ask=lambda _: Asked(self._ask()),
            retired=lambda _: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=1,
        )

    def start(self) -> None:
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()
        self._line.close()

    def join(self, timeout_s: float) -> None:
        self._rounds.join(timeout_s)

    def ask_once(self) -> tuple[Reading, ...]:
        return self._rounds.once()

    def _ask(self) -> Reading:
        try:
            return Reading(self._feed, self._clock(), self._facts())
        except CollectorError as exc:
            text = f"Alertmanager at {self._address.shown}: {exc}"
            trouble = Trouble(exc.kind, text)
            return Reading(self._feed, self._clock(), trouble=trouble)

    def _facts(self) -> tuple[Fact, ...]:
        silences = read_silences(self._line.body(SILENCES, {}, ANSWER_S))
        alerts = self._line.body(ALERTS, {}, ANSWER_S)
        return (
            *read_alerts(alerts, silences, self._directory),
            *read_whole(silences, self._directory),
        )
