"""Why a connection stands where it does: each fact, each rule, and what would turn it.

Read from what the last judgement remembers, so that it explains that very judgement and
judges nothing anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from app.domain.evaluate import Deployment, Memory
from app.domain.expected import Expected
from app.domain.facts import Fact
from app.domain.finding import Finding
from app.domain.hearing import Hearing
from app.domain.knowledge import Knowledge
from app.domain.limits import Limits
from app.domain.rules_silence import due_at
from app.domain.snapshot import Metrics
from app.domain.status import Status
from app.domain.subject import Subject, Witness
from app.domain.verdict import LEVELS, Track, must_last
from app.domain.view import WITNESS_OF

UNTOLD: Final = frozenset({"node", "subject"})
"""Fields of a fact that say whom it is about, which is told beside it."""


class Effect(StrEnum):
    """What a rule's finding does to the status."""

    DECIDES = "decides"
    COUNTS = "counts"
    """Bad and mature, and something else is worse."""
    WAITS = "waits"
    """Bad, and must last, or be said again, before it colours."""
    WELL = "well"
    OVERRULED = "overruled"
    """The status rests on no finding: silenced, absent, its source down, or unseen."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact. `max_age_s`: how old its source lets it become; `fresh`: it counts.
    Of the past neither that nor `source` and `feed` are kept: `None`."""

    about: Subject
    witness: Witness | None
    kind: str
    told: dict[str, Any]
    source: str | None
    feed: str | None
    observed_at: datetime
    age_s: float
    max_age_s: float | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule makes of the facts. `colours_at`: when one that waits will.
    `rule`: `None` where it is not kept."""

    rule: str | None
    witness: Witness | None
    status: Status
    text: str
    observed_at: datetime
    hard: bool
    effect: Effect
    colours_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and the limits it is held against; `None`: never, or nobody counts."""

    name: str
    value: float | None
    degraded: float | None
    failing: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`expected`: when calls must be seen, and who says so; `None`: nobody does.
    `recalled`: it is read from a picture of the past (`app.domain.explain_past`)."""

    number: int
    status: Status
    since: datetime
    at: datetime
    evidence: tuple[Evidence, ...]
    rulings: tuple[Ruling, ...]
    measured: tuple[Measured, ...]
    expected: str | None
    would_change: tuple[str, ...]
    recalled: bool = False


def explain(
    deployment: Deployment,
    knowledge: Knowledge,
    memory: Memory,
    now: datetime,
    number: int,
) -> Explanation | None:
    """The present standing of a connection; `None` where nothing was judged yet.

    Raises `KeyError` for a number that is not in the picture.
    """
    connection = deployment.topology.connection(number)
    track = memory.tracks.get(number)
    if track is None:
        return None
    limits = deployment.limits.of(number)
    found = memory.made.connections.found[number].made
    rulings = tuple(_rulings(found, track, limits))
    metrics = memory.made.connections.settled[number].state.metrics
    source = deployment.topology.box(connection.source)
    end = deployment.topology.box(connection.destination)
    expected = memory.made.expected.made.of.get(number)
    quiet = memory.calls.quiet.get(number)
    due = due_at(quiet, expected, limits)
    about: tuple[Subject, ...] = (
        number, end.id, *end.members, source.id, *source.members,
    )  # fmt: skip
    return Explanation(
        number,
        track.status,
        track.since,
        now,
        tuple(_evidence(knowledge, dict.fromkeys(about), now)),
        rulings,
        tuple(measured(metrics, limits, end.id)),
        None if expected is None else expected.told(),
        (
            *_would_change(track, rulings, limits),
            *_silence(track, expected, due, limits, now),
        ),
    )


def _evidence(
    knowledge: Knowledge, about: Iterable[Subject], now: datetime
) -> Iterator[Evidence]:
    hearing = Hearing(knowledge, now)
    order = list(about)
    helds = [held for held in knowledge.held.values() if held.subject in order]
    for held in sorted(helds, key=lambda held: order.index(held.subject)):
        at, _, until, _ = hearing.sighting(held)
        yield Evidence(
            held.subject,
            WITNESS_OF.get(type(held.fact)),
            type(held.fact).__name__.removesuffix("Fact").lower(),
            _told(held.fact),
            held.feed[0],
            held.feed[1],
            at,
            (now - at).total_seconds(),
            (until - at).total_seconds(),
            until >= now,
        )


def _told(fact: Fact) -> dict[str, Any]:
    """The fact's own fields, those that say something."""
    said = {one.name: getattr(fact, one.name) for one in fields(fact)}
    return {
        name: value
        for name, value in said.items()
        if name not in UNTOLD and value not in (None, "", ())
    }


def _rulings(
    found: Sequence[Finding], track: Track, limits: Limits
) -> Iterator[Ruling]:
    for finding in sorted(found, key=lambda f: (-f.status.rank, not f.hard, f.rule)):
        effect = _effect(finding, track, limits)
        begun = track.begun.get((finding.rule, finding.status))
        waits = effect is Effect.WAITS
        yield Ruling(
            finding.rule,
            finding.witness,
            finding.status,
            finding.text,
            finding.observed_at,
            finding.hard,
            effect,
            begun.at + must_last(finding, limits) if begun and waits else None,
        )


def _effect(finding: Finding, track: Track, limits: Limits) -> Effect:
    if track.status not in (Status.OK, Status.IDLE, *LEVELS):
        return Effect.OVERRULED
    if finding.status is Status.OK:
        return Effect.WELL
    if finding.status is track.status:
        return Effect.DECIDES
    worse = finding.status.rank > track.status.rank
    return Effect.WAITS if worse else Effect.COUNTS


def measured(metrics: Metrics, limits: Limits, end: str) -> Iterator[Measured]:
    """The numbers that have limits; `end`: where the connection leads to."""
    latency = metrics.latency_p95_ms
    values = {
        "error_ratio": metrics.error_ratio,
        "latency_p95_ms": metrics.latency_mean_ms if latency is None else latency,
        "connect_failure_ratio": metrics.connect_failure_ratio,
        "saturation": metrics.saturation,
    }
    for name, value in values.items():
        bound = limits.bounds[name]
        if name == "latency_p95_ms":
            bound = limits.latency_of(end)
        yield Measured(name, value, bound.degraded, bound.failing, bound.why)


def _would_change(
    track: Track, rulings: Sequence[Ruling], limits: Limits
) -> Iterator[str]:
    """What would turn the status, worse or better, in sentences."""
    yield from (_worse(one) for one in rulings if one.effect is Effect.WAITS)
    deciding = [one for one in rulings if one.effect is Effect.DECIDES]
    if track.status in LEVELS:
        yield from _better(track, deciding, limits)
    elif track.status in OVERRULED_BY:
        yield OVERRULED_BY[track.status]
    else:
        yield (
            "at once: no ready endpoint, every instance critical in Consul, three "
            f"probes lost in a row; after {limits.enter:g} s and a second sample: "
            "a limit that is broken"
        )


def _silence(
    track: Track,
    expected: Expected | None,
    due: datetime | None,
    limits: Limits,
    now: datetime,
) -> Iterator[str]:
    """What a silence would come to, where calls must be seen and it is well so far."""
    if track.status not in (Status.OK, Status.IDLE):
        return
    if expected is None or expected.since is None:
        return
    if due is None:
        after = f"{limits.idle_after:g} s without a request"
        yield f"degraded after {after}: {expected.why}"
    elif due > now:
        yield f"degraded from {due:%H:%M:%S} UTC if it stays silent: {expected.why}"


OVERRULED_BY: Final = {
    Status.STALE: "any fresh fact about its destination",
    Status.NO_DATA: "the first fact about its destination",
    Status.MAINTENANCE: "the end of the maintenance",
    Status.ABSENT: "a first trace of the end that is not installed",
}


def _worse(one: Ruling) -> str:
    when = "once it is said again" if one.colours_at is None else "if it lasts"
    at = "" if one.colours_at is None else f" from {one.colours_at:%H:%M:%S} UTC"
    return f"{one.status.value}{at} {when}: {one.text}"


def _better(track: Track, deciding: Sequence[Ruling], limits: Limits) -> Iterator[str]:
    if not deciding:
        latch = track.latches.get(track.status)
        since = latch.better_since if latch and latch.better_since else track.since
        hold = limits.leave_hard if latch and latch.by else limits.leave
        until = since + timedelta(seconds=hold)
        yield f"it is better already; shown until {until:%H:%M:%S} UTC if it stays so"
    for one in deciding:
        hold = limits.leave_hard if one.hard else limits.leave
        by = one.witness.value if one.witness else "our own conclusion"
        yield f"better {hold:g} s after this no longer holds ({by}): {one.text}"
