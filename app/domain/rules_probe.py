"""What probing says, from where the dashboard runs, and only from there.

A probe that fails accuses the box only where it could be reached before, or where
nobody else says that it is well: a network policy between us and a pod is our own
blindness, not an outage.
"""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import Final

from app.domain.facts import ProbeFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen, View

BY: Final = Witness.PROBE
ALL_OF: Final = 3
"""This many failures in a row are a hard fact."""


def unreachable_from_here(seen: Seen[ProbeFact], reached: frozenset[str]) -> bool:
    """It always failed: perhaps nothing but the way from here is closed."""
    never = not any(outcome.ok for outcome in seen.fact.outcomes)
    return never and seen.fact.target not in reached


def undecided(seen: Seen[ProbeFact], answered_at: datetime | None) -> bool:
    """It fails, and nothing else has answered since it began to: it may be our place.

    `answered_at`: when any probe was answered last; `None`: too few to tell by.
    """
    if answered_at is None or seen.fact.outcomes[-1].ok:
        return False
    failed = takewhile(lambda outcome: not outcome.ok, reversed(seen.fact.outcomes))
    return min(outcome.at for outcome in failed) > answered_at


def findings(
    view: View,
    limits: Limits,
    reached: frozenset[str],
    *,
    others_say_well: bool,
    answered_at: datetime | None = None,
) -> list[Finding]:
    """What to hold against the box; one finding for all its targets of a kind.

    `reached`: targets that answered at least once since the start.
    """
    fresh = [seen for seen in view.fresh(ProbeFact) if seen.fact.outcomes]
    trusted = [
        seen
        for seen in fresh
        if not (others_say_well and unreachable_from_here(seen, reached))
        and not undecided(seen, answered_at)
    ]
    found = [_reach(trusted), *_slow(trusted, limits)] if trusted else []
    days = [seen for seen in fresh if seen.fact.certificate_days is not None]
    return found + [_certificate(seen, limits) for seen in days]


def _reach(targets: list[Seen[ProbeFact]]) -> Finding:
    at = max(seen.at for seen in targets)
    lost = [seen for seen in targets if _failures(seen.fact) >= ALL_OF]
    shaky = [seen.fact for seen in targets if _failures(seen.fact)]
    # Who has a name may be well though whoever keeps it no longer tells it.
    if len(lost) == len(targets) and any(seen.fact.kind != "dns" for seen in lost):
        text = f"{_told(lost[0].fact)}{_more(len(lost))}"
        return Finding("reach", BY, Status.FAILING, text, at, hard=True)
    if shaky:
        text = f"{_told(shaky[0])}; {len(shaky)} of {len(targets)} targets affected"
        # A second failure must follow, so the time is that of the newest one.
        return Finding(
            "reach", BY, Status.DEGRADED, text, _last_failure(shaky), sampled=True
        )
    return Finding("reach", BY, Status.OK, _well(targets), at)


def _slow(targets: list[Seen[ProbeFact]], limits: Limits) -> list[Finding]:
    """Answers that are late every time. The quickest of three is held against the
    limit, so that one pause of our own accuses nobody."""
    timed = [(quickest(seen.fact), seen.fact) for seen in targets]
    known = [(took, fact) for took, fact in timed if took is not None]
    if not known:
        return []
    took, fact = max(known, key=lambda pair: pair[0])
    bound = limits.latency_of(fact.node)
    # The way from here is in the time too, so only a late answer by any measure counts.
    if bound.broken(took * 1000) != "failing":
        return []
    all_fail = all(bound.broken(t * 1000) == "failing" for t, _ in known)
    status = Status.FAILING if all_fail else Status.DEGRADED
    text = (
        f"first byte after {took * 1000:.0f} ms at best, "
        f"limit {bound.mark(status):.0f} ms "
        f"({fact.kind} {fact.target}, from the dashboard)"
    )
    at = min(seen.fact.outcomes[-1].at for seen in targets)
    return [Finding("slow-probe", BY, status, text, at, sampled=True)]


def quickest(probe: ProbeFact) -> float | None:
    """The shortest time to a first byte; `None` unless all of three answered."""
    times = [outcome.first_byte_s for outcome in probe.outcomes if outcome.ok]
    known = [time for time in times if time is not None]
    return min(known) if len(known) == ALL_OF else None


def _failures(probe: ProbeFact) -> int:
    return sum(not outcome.ok for outcome in probe.outcomes)


def _last_failure(probes: list[ProbeFact]) -> datetime:
    return max(o.at for probe in probes for o in probe.outcomes if not o.ok)


def _told(probe: ProbeFact) -> str:
    """ "connection refused, 3 of 3 (tcp 10.1.0.8:6379, from the dashboard)"."""
    failed = [outcome for outcome in probe.outcomes if not outcome.ok]
    share = f"{len(failed)} of {len(probe.outcomes)}"
    where = f"{probe.kind} {probe.target}, from the dashboard"
    return f"{failed[-1].text}, {share} ({where})"


def _more(count: int) -> str:
    return f"; likewise {count - 1} more" if count > 1 else ""


def _well(targets: list[Seen[ProbeFact]]) -> str:
    times = [seen.fact.outcomes[-1].connect_s for seen in targets]
    known = [time for time in times if time is not None]
    took = f", connect {max(known) * 1000:.1f} ms" if known else ""
    return f"{len(targets)} of {len(targets)} targets answer from the dashboard{took}"


def _certificate(seen: Seen[ProbeFact], limits: Limits) -> Finding:
    days = seen.fact.certificate_days
    assert days is not None  # the caller filtered
    broken = limits.bounds["certificate_days"].broken(days)
    status = Status(broken) if broken else Status.OK
    told = f"expires in {days:.0f} days" if days >= 0 else "has expired"
    text = f"certificate of {seen.fact.target} {told}"
    return Finding("certificate", BY, status, text, seen.at, hard=True)
