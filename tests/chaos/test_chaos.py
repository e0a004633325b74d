"""Whatever the network does to the sources: nothing turns red for it, nothing ends, and
when it is over the picture is the truth again.

The deployment is simulated and breaks in the meantime; its truth is asked of itself.
What comes of each connection is drawn from a seed; that the same comes in the same order
is as sure as sockets and threads are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from benchmarks.stage import StageError, wait_for
from tests.chaos.dashboard import (
    BAD,
    Dashboard,
    reasons,
    watching,
    with_status,
    workers,
)
from tests.chaos.fates import BLINDING, Mode
from tests.chaos.network import Network
from tests.chaos.watched import Simulated, a_deployment, routes, through

pytestmark = [pytest.mark.timeout(180), pytest.mark.untraced]

BREAKS: Final = (
    ("pod_crash", "redis"),
    ("pod_not_ready", "voicemail"),
    ("scale_zero", "agent-setup"),
    ("consul_critical", "setting"),
    ("pod_crash", "statistics"),
)
AN_HOUR: Final = 3600.0
ACT: Final = 150
"""Connections in an act of the chaos."""
ACT_S: Final = 20.0
BREAKABLE: Final = ("redis", "scrape", "probe")
"""Sources that are the broken ones themselves, or what is left of them."""
WELL_S: Final = 30.0
"""After the chaos: the longest pause before a source is asked again is 10 s."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """It has seen more changes than the other one: by the versions of that one's lists
    alone, a watch resumed here would not know that it is not there."""
    with a_deployment(tmp_path_factory.mktemp("chaos") / "here", seed=1) as one:
        for target in ("workspace", "voice", "statistics", "setting"):
            one.stage.inject("rolling_update", target)
        yield one


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """Another cluster, in another state."""
    with a_deployment(tmp_path_factory.mktemp("chaos") / "other", seed=2) as one:
        one.stage.inject("pod_crash", "voice")
        one.stage.inject("scale_zero", "iwd")
        yield one


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_when_the_chaos_is_over_the_picture_is_the_truth(
    here: Simulated, other: Simulated, tmp_path: Path, seed: int
) -> None:
    here.stage.end_faults()
    with Network(routes(here, other)) as network:
        with watching(through(network, here, tmp_path)) as dashboard:
            play(Play(seed, here, network, dashboard))


class Play:
    """One run: what was ever broken in it, and the acts."""

    def __init__(
        self, seed: int, here: Simulated, network: Network, dashboard: Dashboard
    ) -> None:
        self.seed, self.here = seed, here
        self.network, self.dashboard = network, dashboard
        self.chance = random.Random(seed)
        self.faults = self.chance.sample(BREAKS, len(BREAKS))
        self.ever_bad: set[int] = set()

    def bad(self) -> set[int]:
        """What is broken in truth now."""
        return {n for n, status in self.here.stage.truth().items() if status in BAD}

    def break_one(self) -> None:
        kind, target = self.faults.pop()
        self.here.stage.inject(kind, target)
        self.ever_bad |= self.bad()

    def until_true(self) -> None:
        """Until all is seen, and shown as it is."""
        try:
            wait_for("the picture is the truth", self.is_true, WELL_S)
        except StageError as exc:
            dashboard = self.dashboard
            wrong = self.bad() ^ dashboard.bad()
            told = reasons(dashboard.pictures[-1], wrong)
            raise AssertionError(
                f"{wrong} {told}; blind: {dashboard.unseen()}"
            ) from exc

    def is_true(self) -> bool:
        bad = self.bad()
        blind = self.dashboard.unseen(*(BREAKABLE if bad else ()))
        return not blind and bad == self.dashboard.bad()

    def until_came(self, connections: int) -> None:
        came = self.network.connections
        wait_for(f"{connections} connections", lambda: came() >= connections, ACT_S)


def play(play: Play) -> None:
    dashboard, network = play.dashboard, play.network
    play.until_true()
    begun = workers()
    play.break_one()
    play.until_true()  # and so there are events to tell again
    play.here.stage.end_faults()

    first = len(dashboard.pictures)
    in_the_dark(play)
    red = [with_status(one, "failing") for one in dashboard.pictures[first:]]
    wrong = set().union(*red) - play.ever_bad
    assert wrong == set(), told_of(dashboard, first, wrong)

    among_others(play)
    network.calm()
    play.until_true()  # with what is broken still
    play.here.stage.end_faults()
    play.until_true()  # and with nothing
    assert dashboard.ill() == []
    assert workers() >= begun
    assert [text for text in dashboard.troubles() if "a bug" in text] == []


def in_the_dark(play: Play) -> None:
    """Sources that hang, trickle, reset, send half, repeat themselves; a clock that
    jumps; faults that come and go meanwhile."""
    play.network.chaos(play.seed, BLINDING)
    play.until_came(ACT // 4)
    play.break_one()
    play.dashboard.clock.ahead_s = AN_HOUR
    play.until_came(ACT // 2)
    play.here.stage.end_faults()
    play.dashboard.clock.ahead_s = -AN_HOUR
    play.until_came(ACT * 3 // 4)
    play.break_one()
    play.dashboard.clock.ahead_s = 0.0
    play.until_came(ACT)
    everything = {name: set(BLINDING) for name in ("kubernetes", "consul")}
    assert {n: play.network.met()[n] for n in everything} == everything


def among_others(play: Play) -> None:
    """Likewise, and now and then another cluster answers."""
    play.network.chaos(play.seed, tuple(Mode))
    play.until_came(ACT // 2)
    play.here.stage.end_faults()
    play.break_one()
    play.until_came(ACT)


def told_of(dashboard: Dashboard, first: int, wrong: set[int]) -> str:
    """When a connection was first shown failing, and what for."""
    for picture in dashboard.pictures[first:]:
        if red := with_status(picture, "failing") & wrong:
            return f"{picture['at']}: {reasons(picture, red)}"
    return ""
