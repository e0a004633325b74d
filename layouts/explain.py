"""Why a connection has its colour: the panel's fold, and the words that it speaks.

What stands in it is asked for when it is opened, and drawn by `assets/explain.js`; the
words of statuses, witnesses and sources are those of the whole page.
"""

from __future__ import annotations

from typing import Final

from dash import html
from dash.development.base_component import Component

from app.domain.status import Status
from layouts.components import Explain
from layouts.strings import METRICS

TITLE: Final = "Why this colour?"

OUTLASTS: Final = "no rule says so any more; a colour gets better only after a while"
UNDECIDED: Final[dict[str, str]] = {
    Status.FAILING: OUTLASTS,
    Status.DEGRADED: OUTLASTS,
    Status.STALE: "every fact is older than its source allows, so no rule may decide",
    Status.NO_DATA: "no fact was ever heard, so no rule can decide",
    Status.MAINTENANCE: "an operator's silence decides, whatever the rules say",
    Status.IDLE: "there is nothing to judge: its caller is down, or nothing is asked",
    Status.OK: "no rule objects",
    Status.ABSENT: "an end of it is not installed, so there is nothing to judge",
}
"""Why the status is what it is where no single rule decides."""

KINDS: Final[dict[str, str]] = {
    "alert": "Alert",
    "check": "Check",
    "clients": "Clients",
    "consulcluster": "Consul's servers",
    "endpoints": "Endpoints",
    "event": "Event",
    "keys": "Keys",
    "measure": "Measure",
    "pod": "Pod",
    "probe": "Probe",
    "registration": "Registration",
    "revision": "ReplicaSet",
    "service": "Service",
    "setting": "Setting",
    "offer": "Service that could be asked",
    "silence": "Silence",
    "store": "Store",
    "traffic": "Counted",
    "undrawn": "Call that is not drawn",
    "unread": "Not readable",
    "workload": "Workload",
}
"""What a fact is, by the kind that the API tells."""


def why(subject: str) -> list[Component]:
    """Closed until somebody wants to know. Boxes have no explanation."""
    if not subject.isdecimal():
        return []
    labels = {name: label for name, (label, _) in METRICS.items()}
    undecided = {str(status): words for status, words in UNDECIDED.items()}
    fold = Explain(
        number=int(subject),
        title=TITLE,
        undecided=undecided,
        kinds=KINDS,
        numbers=labels,
    )
    return [html.Div(fold, key=TITLE)]
