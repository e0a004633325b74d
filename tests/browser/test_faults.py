"""Every kind of fault, in the real demo: the right connections turn, and no other.

What is really broken is asked of the simulation (`/sim/truth`); what is painted is read
off the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from benchmarks.stage import Stage, wait_for
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
]


REASON_S = 10.0
"""Why a container waits is known a moment after it is not ready."""


class Break(NamedTuple):
    """A fault that breaks connections. `reason`: what one of them must be told."""

    target: str
    reason: str
    params: dict[str, Any] = {}

    def reason_in(self, text: str) -> bool:
        return re.search(self.reason, text) is not None


class Blind(NamedTuple):
    """A fault that only takes our sight. `error`: what its source must be told to say."""

    target: str
    source: str
    error: str
    params: dict[str, Any] = {}


BREAKS = {
    "pod_crash": Break("redis", "no ready endpoint.*CrashLoopBackOff"),
    "pod_not_ready": Break("voicemail", "no ready endpoint"),
    "image_pull": Break("statistics", "ImagePullBackOff"),
    "scale_zero": Break("agent-setup", "scaled to zero"),
    "slow": Break("voice", r"(p95|mean) \d+ ms"),
    "errors": Break("configuration", "of requests fail"),
    "store_down": Break("postgresql", "refused|no answer"),
    "store_slow": Break("elasticsearch", "timed out|ms"),
    "store_full": Break("postgresql", r"pool \d+%"),
    "consul_critical": Break("setting", "critical"),
    "consul_deregistered": Break("statistics", "no longer registered"),
    "consul_leader_lost": Break("consul", "no cluster leader"),
    "consul_down": Break("consul", "no ready endpoint"),
    "certificate_near_end": Break("service-proxy", r"expires in \d+ days"),
    "partition": Break("29", "of requests fail|timed out"),
}

BLINDS = {
    "consul_acl_denied": Blind("consul", "consul", "ACL token"),
    "api_cut": Blind("kubernetes", "kubernetes", "cannot"),
    "api_forbidden": Blind(
        "kubernetes", "kubernetes", "not allowed", {"resource": "all"}
    ),
    "metrics_gone": Blind("workspace", "scrape", "404"),
    "metrics_garbage": Blind("workspace", "scrape", "workspace"),
}

QUICKLY = {
    "pod_crash", "errors", "consul_critical", "partition", "api_cut", "metrics_gone",
}  # fmt: skip
"""One of each sort; the others are thorough."""

HARMLESS = {
    "rolling_update": "statistics",
    "evict": "statistics",
    "api_gone": "kubernetes",
    "api_silent": "kubernetes",
    "metrics_stale": "workspace",
    "clock_skew": "kubernetes",
}


def test_every_kind_of_fault_has_a_case(stage: Stage) -> None:
    kinds = {kind["kind"] for kind in stage.sim("GET", "/sim/kinds")["kinds"]}
    assert kinds == {*BREAKS, *BLINDS, *HARMLESS}


def reasons(stage: Stage, numbers: set[int]) -> str:
    """Everything that is held against some connections now."""
    found = [c for c in stage.snapshot()["connections"] if c["number"] in numbers]
    return "\n".join(reason["text"] for c in found for reason in c["reasons"])


def suspected(stage: Stage) -> str:
    """Who was suspected lately, and of what: it may be over when it is asked."""
    path = f"/api/v1/deployments/{stage.deployment}/incidents"
    told = stage.get(path).json()["incidents"][:3]
    return "\n".join(word["first_text"] for one in told for word in one["suspects"])


def few_first(kinds: Iterable[str]) -> list[Any]:
    return [
        kind if kind in QUICKLY else pytest.param(kind, marks=pytest.mark.thorough)
        for kind in kinds
    ]


@pytest.mark.parametrize("kind", few_first(BREAKS))
def test_what_is_broken_turns_says_why_and_recovers(
    map_page: MapPage, stage: Stage, kind: str
) -> None:
    case = BREAKS[kind]
    stage.inject(kind, case.target, **case.params)
    broken = {number for number, status in stage.truth().items() if status in BAD}
    assert broken, "the simulation says that nothing is broken"

    map_page.wait_until("connection", broken, *BAD)
    assert map_page.bad() == broken, reasons(stage, map_page.bad())
    wait_for(case.reason, lambda: case.reason_in(reasons(stage, broken)), REASON_S)

    stage.end_faults()
    map_page.wait_calm()
    assert_only_turned_and_returned(map_page, stage, broken)


@pytest.mark.parametrize("kind", few_first(BLINDS))
def test_a_blind_source_is_named_and_nothing_turns_red(
    map_page: MapPage, stage: Stage, kind: str
) -> None:
    case = BLINDS[kind]
    stage.inject(kind, case.target, **case.params)
    assert not {s for s in stage.truth().values() if s in BAD}

    map_page.wait_error(case.source, case.error)
    assert map_page.bad() == set(), reasons(stage, map_page.bad())

    stage.end_faults()
    map_page.wait_calm()
    assert_only_turned_and_returned(map_page, stage, set())


@pytest.mark.thorough
@pytest.mark.parametrize("kind", HARMLESS)
def test_what_breaks_nothing_turns_nothing_and_hides_nothing(
    map_page: MapPage, stage: Stage, kind: str
) -> None:
    stage.inject(kind, HARMLESS[kind])
    map_page.wait_pictures(5)
    assert map_page.bad() == set(), reasons(stage, map_page.bad())

    if kind == "api_silent":
        stage.end_faults()  # until then nobody could know
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)

    stage.end_faults()
    map_page.wait_calm()
    assert_only_turned_and_returned(map_page, stage, {17})


def assert_only_turned_and_returned(
    map_page: MapPage, stage: Stage, broken: set[int]
) -> None:
    """Nobody else turned bad, and whoever did got worse, then better: no flicker."""
    paths: dict[int, list[str]] = {}
    for number, before, after in map_page.changes():
        paths.setdefault(int(number), [before]).append(after)
    turned = {n for n, path in paths.items() if any(status in BAD for status in path)}
    assert turned == broken, suspected(stage)
    flickering = {n: path for n, path in paths.items() if not rises_then_falls(path)}
    assert flickering == {}


def rises_then_falls(path: list[str]) -> bool:
    """`ok, degraded, failing, degraded, ok`, or a part of it, and nothing twice."""
    ranks = [BAD.index(status) - len(BAD) if status in BAD else 0 for status in path]
    depths = [-rank for rank in ranks]
    top = depths.index(max(depths))
    return depths[: top + 1] == sorted(depths[: top + 1]) and depths[top:] == sorted(
        depths[top:], reverse=True
    )
