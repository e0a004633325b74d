"""From findings to a status that neither flickers nor lies.

For each subject a `Track` remembers three things between evaluations: since when each
rule has been broken, since when each bad level has been better, and when the status
changed. `step` is a pure function of (track, findings, now):

* a level is *entered* when a finding at or above it is mature: hard facts at once,
  soft ones after `enter` seconds, sampled ones after a second sample besides;
* a level is *left* after it has been better for `leave` seconds, or for `leave_hard`
  when only hard facts stood behind it and their own witnesses now say well;
* after `flap_changes` changes within `flap_window` the worse level holds.

What we cannot see (`stale`, `no_data`), what is not there (`absent`) and what cannot be
judged because its caller is down (`idle`) overrides at once and forgets the holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness

LEVELS: Final = (Status.DEGRADED, Status.FAILING)
SEEN: Final = {Status.OK, Status.IDLE, *LEVELS}
"""Changes between these count as flapping; losing and regaining sight does not."""
LEVELS_OF: Final[dict[Status, tuple[Status, ...]]] = {
    Status.OK: (),
    Status.IDLE: (Status.IDLE,),
    Status.DEGRADED: (Status.DEGRADED,),
    Status.FAILING: LEVELS,
}
RuleLevel = tuple[str, Status]


@dataclass(frozen=True, slots=True)
class Begun:
    """When a rule was first seen broken, and by a fact of what time."""

    at: datetime
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Latch:
    """A bad level that is shown. `better_since`: it would be left, but must wait.

    `by`: the witnesses whose hard facts alone stood behind it when it was last bad;
    empty when soft evidence did.
    """

    by: frozenset[Witness | None] = frozenset()
    better_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """What is remembered about one subject."""

    status: Status
    since: datetime
    begun: Mapping[RuleLevel, Begun] = field(default_factory=dict)
    latches: Mapping[Status, Latch] = field(default_factory=dict)
    changes: tuple[datetime, ...] = ()
    flapping: int | None = None
    bad_since: datetime | None = None
    """Since when some finding has been bad, coloured or not."""


@dataclass(frozen=True, slots=True)
class Step:
    """`wake_at`: moments at which time alone may change the status."""

    track: Track
    wake_at: tuple[datetime, ...] = ()


def step(
    track: Track | None,
    findings: Sequence[Finding],
    limits: Limits,
    now: datetime,
    override: Status | None = None,
) -> Step:
    """The next track. `override`: a status that rests on no finding, shown at once."""
    before = track or Track(override or Status.NO_DATA, now)
    if _calm_still(before, findings, override):
        return Step(before)
    if override is not None:
        return Step(_show(before, override, {}, {}, limits, now, findings))
    begun = _begun(before.begun, findings, now)
    levels = {f: _level(f, begun, limits, now) for f in findings}
    latches, leaving = _latches(before, levels, limits, now)
    shown = max(latches, key=lambda level: level.rank, default=None)
    status = shown or _calm(findings, begun, limits, now)
    after = _show(before, status, begun, latches, limits, now, findings)
    waits = [*_maturing(findings, begun, limits, now), *leaving]
    return Step(after, tuple(at for at in waits if at > now))


def _calm_still(
    before: Track, findings: Sequence[Finding], override: Status | None
) -> bool:
    """Nothing is held, nothing waits, and all that speaks says well, as before."""
    if before.latches or before.begun or before.changes or before.bad_since:
        return False
    if override is not None:
        return before.status is override and not findings
    return before.status is Status.OK and all(f.status is Status.OK for f in findings)


def _begun(
    before: Mapping[RuleLevel, Begun], findings: Sequence[Finding], now: datetime
) -> dict[RuleLevel, Begun]:
    """A rule that breaks at failing breaks at degraded too; each has its own clock."""
    return {
        (f.rule, level): before.get((f.rule, level), Begun(now, f.observed_at))
        for f in findings
        for level in _levels_of(f)
    }


def _levels_of(finding: Finding) -> tuple[Status, ...]:
    return LEVELS_OF[finding.status]


def must_last(finding: Finding, limits: Limits) -> timedelta:
    """How long a finding must last before it colours."""
    own = limits.enter if finding.enter is None else finding.enter
    return timedelta(seconds=0.0 if finding.hard else own)


def _mature(
    finding: Finding,
    level: Status,
    begun: Mapping[RuleLevel, Begun],
    limits: Limits,
    now: datetime,
) -> bool:
    if finding.hard:
        return True
    start = begun[finding.rule, level]
    agreed = not finding.sampled or finding.observed_at > start.observed_at
    return agreed and now - start.at >= must_last(finding, limits)


def _level(
    finding: Finding, begun: Mapping[RuleLevel, Begun], limits: Limits, now: datetime
) -> Status | None:
    """The worst level at which this finding may colour; `None`: not yet, or not bad."""
    mature = [
        level
        for level in _levels_of(finding)
        if level in LEVELS and _mature(finding, level, begun, limits, now)
    ]
    return mature[-1] if mature else None


def _latches(
    before: Track,
    levels: Mapping[Finding, Status | None],
    limits: Limits,
    now: datetime,
) -> tuple[dict[Status, Latch], list[datetime]]:
    kept: dict[Status, Latch] = {}
    waits: list[datetime] = []
    for level in LEVELS:
        behind = [f for f, at in levels.items() if at and at.rank >= level.rank]
        old = before.latches.get(level)
        if behind:
            hard = all(f.hard for f in behind)
            kept[level] = Latch(frozenset(f.witness for f in behind) if hard else _SOFT)
        elif old is not None:
            latch, until = _leaving(level, old, before, levels, limits, now)
            if now < until:
                kept[level] = latch
                waits.append(until)
    return kept, waits


_SOFT: Final[frozenset[Witness | None]] = frozenset()


def _leaving(
    level: Status,
    latch: Latch,
    before: Track,
    findings: Iterable[Finding],
    limits: Limits,
    now: datetime,
) -> tuple[Latch, datetime]:
    """The latch on its way out, and when it may go."""
    since = latch.better_since or now
    said = list(findings)
    worse = {f.witness for f in said if f.status.rank >= level.rank}
    fast = bool(latch.by) and latch.by <= {f.witness for f in said} - worse
    until = since + timedelta(seconds=limits.leave_hard if fast else limits.leave)
    return replace(latch, better_since=since), max(until, _flap_end(before, limits))


def _flap_end(before: Track, limits: Limits) -> datetime:
    """While it flaps the worse status holds; else a moment long past."""
    if before.flapping is None:
        return before.since
    first = before.changes[-limits.flap_changes]
    return first + timedelta(seconds=limits.flap_window)


def _calm(
    findings: Sequence[Finding],
    begun: Mapping[RuleLevel, Begun],
    limits: Limits,
    now: datetime,
) -> Status:
    silent = any(
        f.status is Status.IDLE and _mature(f, Status.IDLE, begun, limits, now)
        for f in findings
    )
    return Status.IDLE if silent else Status.OK


def _maturing(
    findings: Sequence[Finding],
    begun: Mapping[RuleLevel, Begun],
    limits: Limits,
    now: datetime,
) -> list[datetime]:
    return [
        begun[f.rule, level].at + must_last(f, limits)
        for f in findings
        for level in _levels_of(f)
        if not _mature(f, level, begun, limits, now)
    ]


def _show(
    before: Track,
    status: Status,
    begun: Mapping[RuleLevel, Begun],
    latches: Mapping[Status, Latch],
    limits: Limits,
    now: datetime,
    findings: Sequence[Finding],
) -> Track:
    changed = status is not before.status
    turned = changed and {status, before.status} <= SEEN
    changes = (*before.changes, now) if turned else before.changes
    window = timedelta(seconds=limits.flap_window)
    recent = tuple(at for at in changes if now - at < window)
    bad = any(f.bad for f in findings)
    return Track(
        status=status,
        since=now if changed else before.since,
        begun=begun,
        latches=latches,
        changes=recent,
        flapping=len(recent) if len(recent) >= limits.flap_changes else None,
        bad_since=(before.bad_since or now) if bad else None,
    )
