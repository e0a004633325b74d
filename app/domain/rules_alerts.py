"""What alerts say, and what a silence means.

Alertmanager's rules have held what they tell for a while (`for`), so an alert colours
like any soft evidence. The limits are the severities that everybody uses: `critical`
(and its kin) fails, `info` and `none` colour nothing, all others degrade. An alert
about a box concerns the box alone, unless it tells of what callers feel.

A silence over a whole box or connection shows it as `maintenance`, whatever else is
said. A silence of single alerts does so only where such an alert would have coloured
and nothing else is amiss: it must not hide an outage that it was not meant for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.facts_alerts import AlertFact, Silence, SilenceFact
from app.domain.finding import Finding
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.view import Seen, View, Views

GRAVE: Final = frozenset({"critical", "page", "fatal", "emergency", "disaster"})
LIGHT: Final = frozenset({"info", "information", "informational", "none", "debug"})


@dataclass(frozen=True, slots=True)
class Silenced:
    """`whole`: the subject itself was silenced, not only alerts about it. `felt`: those
    concern its callers too."""

    silence: Silence
    whole: bool
    felt: bool = True

    @property
    def text(self) -> str:
        end = self.silence.ends_at
        until = f"{end:%Y-%m-%d %H:%M} UTC"
        comment = f": {self.silence.comment}" if self.silence.comment else ""
        return f"silenced until {until} by {self.silence.author}{comment}"


def findings(view: View) -> list[Finding]:
    """Alerts that fire, are not silenced and have a colour."""
    heard = sorted(view.fresh(AlertFact), key=lambda seen: seen.fact.key)
    return [finding for seen in heard if (finding := _finding(seen)) is not None]


def silences(views: Views, now: datetime) -> dict[Subject, Silenced]:
    """What is silenced now. Its end is known, so it holds although Alertmanager may no
    longer be heard."""
    found: dict[Subject, Silenced] = {}
    for subject, view in views.items():
        told = [Silenced(seen.fact.silence, True) for seen in view.all(SilenceFact)]
        told += [
            Silenced(alert.muted, False, alert.felt)
            for alert in (seen.fact for seen in view.all(AlertFact))
            if alert.muted is not None and _status(alert) is not None
        ]
        lasting = [one for one in told if one.silence.ends_at > now]
        if lasting:
            found[subject] = max(
                lasting, key=lambda s: (s.whole, s.felt, s.silence.ends_at)
            )
    return found


def ends(silenced: Mapping[Subject, Silenced]) -> list[datetime]:
    """When the silences end by themselves."""
    return [one.silence.ends_at for one in silenced.values()]


def _status(alert: AlertFact) -> Status | None:
    """What it colours, silenced or not; `None`: nothing."""
    severity = alert.severity.lower()
    if severity in LIGHT:
        return None
    return Status.FAILING if severity in GRAVE else Status.DEGRADED


def _finding(seen: Seen[AlertFact]) -> Finding | None:
    alert = seen.fact
    status = _status(alert)
    if alert.muted is not None or status is None:
        return None
    said = f": {alert.summary}" if alert.summary else ""
    text = f"alert {alert.name} ({alert.severity or 'no severity'}){said}"
    rule = f"alert-{alert.fingerprint}"
    by = Witness.ALERTS
    return Finding(rule, by, status, text, seen.at, node_only=not alert.felt)
