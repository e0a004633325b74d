"""The words of the fold that tells why a connection has its colour.

`{...}` is filled in by `assets/explain.js`, which asks the API and draws the answer.
"""

from __future__ import annotations

from typing import Any, Final

from app.domain.status import Status
from layouts.strings import METRICS
from layouts.strings_panel import CONCLUDED

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
    "autoscaler": "Autoscaler",
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
    "usage": "Use of resources",
    "witness": "Said:",
    "workload": "Workload",
}
"""What a fact is, by the kind that the API tells."""

TROUBLES: Final[dict[str, str]] = {
    "404": "This deployment has no such connection.",
    "503": "Nothing was judged yet. It is asked again.",
    "unanswered": "The server does not answer. It is asked again.",
    "other": "The server could not explain it (error {error}). It is asked again.",
}
ASKED: Final = "It is being asked for."
RECALLED: Final = (
    "As the picture of {at} tells it: what each witness said, the reasons and the "
    "numbers. Rules and facts of the past are not kept; the limits are those of now."
)
AS_OF: Final = "{trouble} This is as of {at}."

GROUPS: Final[dict[str, str]] = {
    "decides": "Decides as well",
    "counts": "Counts as well",
    "waits": "Waits",
    "overruled": "Overruled",
    "well": "Says well",
}
"""What rules there are beside the one that decides, by their effect, in this order."""
EFFECTS: Final[dict[str, str]] = {
    "atOnce": "colours at once",
    "lasted": "has lasted long enough",
    "counts": "says {status}, something else is worse",
    "waits": "would be {status} from {at} if it lasts",
    "again": "would be {status} once it is said again",
    "overruled": "says {status}, and is overruled",
}


def for_browser() -> dict[str, Any]:
    """What `assets/explain.js` says, as JSON."""
    return {
        "undecided": {str(status): words for status, words in UNDECIDED.items()},
        "kinds": KINDS,
        "numbers": {name: label for name, (label, _) in METRICS.items()},
        "troubles": TROUBLES,
        "asked": ASKED,
        "asOf": AS_OF,
        "recalled": RECALLED,
        "groups": GROUPS,
        "effects": EFFECTS,
        "concluded": CONCLUDED,
        "rule": "rule {name}",
        "ruleAtOnce": "rule {name}, which colours at once",
        "ruleLasted": "rule {name}, which has lasted long enough",
        "claim": "{who} says {text}",
        "since": "since {at}: {because}.",
        "limits": "Held against its limits",
        "limit": "{level} at {value}",
        "any": "any",
        "noLimit": "no limit",
        "uncounted": "nobody counts it",
        "above": "{by} above {level}",
        "below": "{by} below {level}",
        "why": "The limit: {why}.",
        "several": "{count} of them",
        "not": "not {what}",
        "onlyShown": "Only shown",
        "teller": "{who} ({feed}), ",
        "tellerThen": "{who}, ",
        "tellerOf": "{who}, heard from {source} ({feed}), ",
        "old": "Old",
        "goodFor": ", it was good for {age}: ",
        "aboutItself": "About the connection itself",
        "about": "About {what}",
        "facts": "Facts: {count}",
        "factsOld": "Facts: {count}, {old} of them old",
        "noFacts": "Facts",
        "neverHeard": "None was ever heard.",
        "changes": "What would change it",
    }
