"""What is worked on, or muted, now: Alertmanager's silences and maintenance windows.

A window, or a silence over a whole box or connection, shows it as `maintenance`,
whatever else is said. A silence of single alerts does so only where such an alert would
have coloured and nothing else is amiss: it must not hide an outage that it was not
meant for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.facts_alerts import AlertFact, Silence, SilenceFact
from app.domain.rules_alerts import colour
from app.domain.subject import Subject, Witness
from app.domain.topology import Topology
from app.domain.view import View, Views
from app.domain.windows import Window, covered


@dataclass(frozen=True, slots=True)
class Silenced:
    """`whole`: the subject itself was silenced, not only alerts about it. `felt`: those
    concern its callers too. `witness`: who told of it; `None`: it is a window."""

    silence: Silence
    whole: bool
    felt: bool = True
    witness: Witness | None = Witness.ALERTS

    @property
    def text(self) -> str:
        how = "in maintenance" if self.witness is None else "silenced"
        until = f"{self.silence.ends_at:%Y-%m-%d %H:%M} UTC"
        comment = f": {self.silence.comment}" if self.silence.comment else ""
        return f"{how} until {until} by {self.silence.author}{comment}"


def silences(
    views: Views, windows: Iterable[Window], topology: Topology, now: datetime
) -> dict[Subject, Silenced]:
    """Who is silenced now. An end is known, so it holds although Alertmanager may no
    longer be heard. `windows`: those in force."""
    told: dict[Subject, list[Silenced]] = defaultdict(list)
    for subject, view in views.items():
        if SilenceFact not in view.seen and AlertFact not in view.seen:
            continue  # As with most: nothing is asked of them.
        lasting = [one for one in _heard(view) if one.silence.ends_at > now]
        if lasting:
            told[subject] += lasting
    for window in windows:
        silence = Silence(window.by, window.why, window.ends_at)
        silenced = Silenced(silence, whole=True, witness=None)
        for subject in covered(window, topology):
            told[subject].append(silenced)
    return {
        subject: max(every, key=lambda s: (s.whole, s.felt, s.silence.ends_at))
        for subject, every in told.items()
    }


def ends(silenced: Mapping[Subject, Silenced]) -> list[datetime]:
    """When the silences end by themselves."""
    return [one.silence.ends_at for one in silenced.values()]


def _heard(view: View) -> list[Silenced]:
    """What Alertmanager told."""
    told = [Silenced(seen.fact.silence, True) for seen in view.all(SilenceFact)]
    return told + [
        Silenced(alert.muted, False, alert.felt)
        for alert in (seen.fact for seen in view.all(AlertFact))
        if alert.muted is not None and colour(alert) is not None
    ]
