"""What counters counted between two scrapes of one target.

The window is ours: it is measured on our own monotonic clock, so that neither a
target's clock nor a step of ours can bend a rate. A counter that fell was reset and has
counted its present value since; one that was not on the page before was born at zero.
A new start time of the process says the same about all of its counters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from collectors.exposition import Page, Series

START: Final = "process_start_time_seconds"
UPTIME: Final = "process_uptime_seconds"
START_TOLERANCE_S: Final = 2.0
"""Some exporters compute their start anew from an uptime, and it wobbles."""
PULSES: Final = frozenset(
    {
        UPTIME,
        "redis_uptime_in_seconds",
        "pg_exporter_scrapes",
        "elasticsearch_jvm_uptime_seconds",
        "go_memstats_mallocs",
    }
)
"""What moves on whenever a page is made anew: uptimes; an exporter's own scrapes; how
often a Go process took memory, which it does for every page."""
OWN_NAMES: Final = PULSES | {START}
KEPT_S: Final = 300.0
"""How long a counter that left the page is remembered, so that it can come back."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter's value, and when it was last on the page."""

    value: float
    at: float


@dataclass(frozen=True, slots=True)
class Scrape:
    """What is remembered of the last scrape. `at`: monotonic seconds."""

    at: float
    counters: Mapping[Series, Counted]
    started: float | None = None


@dataclass(frozen=True, slots=True)
class Increases:
    window_s: float
    by_series: Mapping[Series, float]


def scraped(
    page: Page, counters: frozenset[Series], at: float, before: Scrape | None
) -> Scrape:
    """The page as the next scrape will remember it."""
    now = {series: Counted(page.samples[series].value, at) for series in counters}
    kept = {} if before is None else before.counters
    lately = {s: c for s, c in kept.items() if s not in now and at - c.at <= KEPT_S}
    return Scrape(at, lately | now, started(page))


def started(page: Page) -> float | None:
    """When the process says that it began."""
    sample = page.samples.get((START, ()))
    return None if sample is None else sample.value


def increases(
    before: Scrape | None, after: Scrape, longest_s: float
) -> Increases | None:
    """How much each counter on the newest page grew; `None` without a usable window.

    A window longer than `longest_s` (the target was silent meanwhile) would tell an
    old story as news, so counting begins anew.
    """
    if before is None:
        return None
    window = after.at - before.at
    if not 0 < window <= longest_s:
        return None
    anew = _restarted(before, after)
    grown = {
        series: _grown(None if anew else before.counters.get(series), counted.value)
        for series, counted in after.counters.items()
        if counted.at == after.at
    }
    return Increases(window, grown)


def _grown(before: Counted | None, now: float) -> float:
    if before is None or now < before.value:
        return now
    return now - before.value


def _restarted(before: Scrape, after: Scrape) -> bool:
    if before.started is None or after.started is None:
        return False
    return abs(after.started - before.started) > START_TOLERANCE_S


def pulse(page: Page) -> frozenset[tuple[Series, float]]:
    """What moves on by itself on a live page: time stamps, uptimes and the like.

    Two scrapes with the same pulse read the same page twice: the exporter repeats
    itself. An empty pulse tells nothing. Stamps are only compared with each other,
    since the exporter's clock may be wrong.
    """
    stamps = {
        (series, sample.stamp)
        for series, sample in page.samples.items()
        if sample.stamp is not None
    }
    moving = {
        (series, sample.value)
        for series, sample in page.samples.items()
        if series[0] in PULSES
    }
    return frozenset(stamps | moving)
