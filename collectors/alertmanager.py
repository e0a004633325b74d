"""Alertmanager: which alerts fire, and what is silenced, until when and by whom.

Alerts and silences are asked for together and told together: an alert is never taken
for unsilenced because the other answer was missing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from app.domain.alerted import Directory
from app.domain.facts import Fact
from collectors.alerts_read import read_alerts, read_silences, read_whole
from collectors.base import Clock, Report
from collectors.http_errors import refusal
from collectors.http_line import Dialect, HttpAddress, HttpLine
from collectors.polled import Polled

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
ALERTS: Final = "/api/v2/alerts"
SILENCES: Final = "/api/v2/silences"
DIALECT: Final = Dialect(
    "token",
    lambda token: {"Authorization": f"Bearer {token}"},
    partial(refusal, what="Alertmanager"),
)


class AlertmanagerCollector(Polled):
    """Asks one Alertmanager (or any member of its cluster) in turn."""

    name = "alertmanager"

    def __init__(
        self,
        address: HttpAddress,
        directory: Directory,
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
    ) -> None:
        self._directory = directory
        self._line = HttpLine(address, DIALECT, CONNECT_S)
        super().__init__(
            "alerts", f"Alertmanager at {address.shown}", report, clock, interval_s
        )

    def stop(self) -> None:
        super().stop()
        self._line.close()

    def _facts(self) -> tuple[Fact, ...]:
        silences = read_silences(self._line.body(SILENCES, {}, ANSWER_S))
        alerts = self._line.body(ALERTS, {}, ANSWER_S)
        return (
            *read_alerts(alerts, silences, self._directory),
            *read_whole(silences, self._directory),
        )
