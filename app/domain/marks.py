"""What is printed beside a status: the reasons, and what each witness makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.snapshot import Reason, WitnessMark
from app.domain.status import Status, worst
from app.domain.subject import Witness
from app.domain.verdict import LEVELS, Track
from app.domain.view import Heard

SPEAKING: Final = (
    Witness.KUBERNETES,
    Witness.CONSUL,
    Witness.TRAFFIC,
    Witness.PROBE,
)
"""The witnesses that are asked about everything."""
OCCASIONAL: Final = (Witness.BACKEND, Witness.ALERTS)
"""Only a store has a view of its own; and where no alert fires, there may be no rule
that would."""
UNJUDGED: Final = defaultdict(
    lambda: "has never been reached from the dashboard; not judged",
    {Witness.ALERTS: "fires, and is silenced, slight or the box's own affair"},
)
"""Why a witness that speaks is not judged."""
CAUSES_FIRST: Final = (
    Witness.KUBERNETES,
    Witness.CONSUL,
    Witness.BACKEND,
    Witness.PROBE,
    Witness.TRAFFIC,
    Witness.ALERTS,
)


def marks(
    findings: Sequence[Finding], spoken: Mapping[Witness, Heard]
) -> tuple[WitnessMark, ...]:
    """One mark for every witness: its worst word now, `stale`, or `no_data`."""
    loudest: dict[Witness | None, Finding] = {}
    for finding in findings:
        known = loudest.get(finding.witness)
        if known is None or finding.status.rank > known.status.rank:
            loudest[finding.witness] = finding
    there = [one for one in OCCASIONAL if one in spoken or one in loudest]
    return tuple(
        _mark(witness, loudest.get(witness), spoken.get(witness))
        for witness in (*SPEAKING, *there)
    )


def _mark(
    witness: Witness,
    loudest: Finding | None,
    spoken: Heard | None,
) -> WitnessMark:
    if loudest is not None:
        at = spoken.at if spoken else loudest.observed_at
        return WitnessMark(witness, loudest.status, at, loudest.text)
    if spoken is None:
        return WitnessMark(witness, Status.NO_DATA, None)
    if spoken.fresh_at:
        return WitnessMark(witness, Status.NO_DATA, spoken.at, UNJUDGED[witness])
    return WitnessMark(witness, Status.STALE, spoken.at, "older than its source allows")


def reasons(
    findings: Sequence[Finding], track: Track, limits: Limits
) -> tuple[Reason, ...]:
    """Every finding that speaks against the subject, worst first, then our own."""
    bad = sorted(
        (f for f in findings if f.status is not Status.OK),
        key=lambda f: (-f.status.rank, not f.hard, _place(f.witness), f.rule),
    )
    told = [Reason(f.witness, f.status, f.text, f.observed_at) for f in bad]
    own = [_disagreement(findings), _leaving(track, told, limits)]
    return (*told, *(reason for reason in own if reason is not None))


def _place(witness: Witness | None) -> int:
    """Causes before symptoms: who is ill is told before who suffers."""
    return CAUSES_FIRST.index(witness) if witness in CAUSES_FIRST else len(CAUSES_FIRST)


def _disagreement(findings: Sequence[Finding]) -> Reason | None:
    """Two witnesses two ranks apart: one says failing, the other that all is well."""
    if not any(f.status is Status.FAILING for f in findings):
        return None
    # An alert that fires says nothing of what the others see: it may be about anything.
    findings = [f for f in findings if f.witness is not Witness.ALERTS]
    by = {
        witness: worst(f.status for f in findings if f.witness is witness)
        for witness in {f.witness for f in findings if f.witness is not None}
    }
    failing = sorted(w.value for w, s in by.items() if s is Status.FAILING)
    well = sorted(w.value for w, s in by.items() if s is Status.OK)
    if not (failing and well):
        return None
    text = f"witnesses disagree: {', '.join(failing)} failing, {', '.join(well)} well"
    at = max(f.observed_at for f in findings)
    return Reason(None, Status.DEGRADED, text, at)


def _leaving(track: Track, told: Sequence[Reason], limits: Limits) -> Reason | None:
    """The colour outlasts its cause for a while; say so rather than puzzle anyone."""
    if track.status not in LEVELS:
        return None
    if any(reason.status.rank >= track.status.rank for reason in told):
        return None
    latch = track.latches.get(track.status)
    since = latch.better_since if latch and latch.better_since else track.since
    text = f"better again; shown until it has lasted ({limits.leave:g} s at most)"
    if track.flapping:
        text = f"{track.flapping} changes in ten minutes: flapping, the worse holds"
    return Reason(None, track.status, text, since)
