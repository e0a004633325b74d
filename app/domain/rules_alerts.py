"""What alerts say.

Alertmanager's rules have held what they tell for a while (`for`), so an alert colours
like any soft evidence. The limits are the severities that everybody uses: `critical`
(and its kin) fails, `info` and `none` colour nothing, all others degrade. An alert
about a box concerns the box alone, unless it tells of what callers feel.
"""

from __future__ import annotations

from typing import Final

from app.domain.facts_alerts import AlertFact
from app.domain.finding import Finding
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen, View

GRAVE: Final = frozenset({"critical", "page", "fatal", "emergency", "disaster"})
LIGHT: Final = frozenset({"info", "information", "informational", "none", "debug"})


def findings(view: View) -> list[Finding]:
    """Alerts that fire, are not silenced and have a colour."""
    heard = sorted(view.fresh(AlertFact), key=lambda seen: seen.fact.key)
    return [finding for seen in heard if (finding := _finding(seen)) is not None]


def colour(alert: AlertFact) -> Status | None:
    """What it colours, silenced or not; `None`: nothing."""
    severity = alert.severity.lower()
    if severity in LIGHT:
        return None
    return Status.FAILING if severity in GRAVE else Status.DEGRADED


def _finding(seen: Seen[AlertFact]) -> Finding | None:
    alert = seen.fact
    status = colour(alert)
    if alert.muted is not None or status is None:
        return None
    said = f": {alert.summary}" if alert.summary else ""
    text = f"alert {alert.name} ({alert.severity or 'no severity'}){said}"
    rule = f"alert-{alert.fingerprint}"
    by = Witness.ALERTS
    return Finding(rule, by, status, text, seen.at, node_only=not alert.felt)
