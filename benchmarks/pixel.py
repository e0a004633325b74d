"""From a fault to the pixel: how long until a changed connection is on the screen.

Time starts when the simulation sends the change (`sent_at` in its control's answer) and
is stopped three times: when the connection's `data-status` turned bad, when the frame
that shows it was made, and at the second animation frame after it. All are read from
the one clock of this machine.

An event is *quiet* when no change was sent in the `QUIET_S` before it, and *busy* when
one was sent to another box 0.1 to 2.5 s before.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.crowd import watching
from benchmarks.page import BAD, LIVE, POLLING, Screen, a_browser, watched
from benchmarks.stage import Stage

QUIET_S: Final = 2.6
BUSY_S: Final = (0.1, 2.5)
GIVE_UP_S: Final = 15.0
STOPS: Final = ("changed", "painted", "second")
"""As `seen.js` calls them."""
CROWDS: Final = (200, 500)
"""How many others look on."""
POLLING_SHARE: Final = 4
"""The baseline needs fewer events: its times spread evenly over its interval."""

# Holds that only keep one event from following the next; none delays a fault's colour.
LIMITS: Final = {"leave": "100ms", "leave_hard": "100ms", "flap_window": "1ms"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A source, a kind of fault that it tells first, and where to put it.

    `places`: (box, the connection that turns). Stores for Kubernetes: Consul does not
    list them, and no caller's error counters keep them red after the fault.
    """

    source: str
    kind: str
    places: tuple[tuple[str, int], ...]


PLANS: Final = (
    Plan(
        "kubernetes",
        "pod_not_ready",
        (("elasticsearch", 13), ("postgresql", 9)),
    ),
    Plan(
        "consul",
        "consul_critical",
        (("statistics", 30), ("setting", 31), ("voice", 29), ("data-collector", 15)),
    ),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One event. The three times are `None` when it never showed.

    `painted_ms`: to the task that follows the animation frame in which the change was
    drawn; `second_ms`: to the second animation frame.
    """

    source: str
    page: str
    viewers: int
    activity: str
    connection: int
    changed_ms: float | None
    painted_ms: float | None
    second_ms: float | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Where events happen: the deployment, the screen, and what is told of both."""

    stage: Stage
    screen: Screen
    page: str
    viewers: int
    chance: random.Random


Round = tuple[str, int, int]
"""The page, how many others look on, and how many events of each source."""


async def measure(stage: Stage, rounds: Iterable[Round]) -> list[Sample]:
    """Every source in every round."""
    samples: list[Sample] = []
    async with a_browser() as browser:
        for page, viewers, count in rounds:
            with watching(stage, viewers):
                async with watched(browser, stage, page) as screen:
                    scene = Scene(stage, screen, page, viewers, random.Random(viewers))
                    for plan in PLANS:
                        samples += await _round(scene, plan, count)
    return samples


def alone(events: int) -> Iterator[Round]:
    """One viewer: first with the polling page, then live."""
    yield POLLING, 0, max(2, events // POLLING_SHARE)
    yield LIVE, 0, events


def crowded(events: int) -> Iterator[Round]:
    """Live, with each crowd."""
    for viewers in CROWDS:
        yield LIVE, viewers, events


async def _round(scene: Scene, plan: Plan, count: int) -> list[Sample]:
    """`count` events, quiet and busy in turn, over the places in turn."""
    samples = []
    for turn in range(count):
        activity = ("quiet", "busy")[turn % 2]
        place = plan.places[turn // 2 % len(plan.places)]
        if activity == "busy":
            await _disturb(scene, plan, place)
        else:
            await asyncio.sleep(QUIET_S)
        samples.append(await _event(scene, plan, place, activity))
        await _recovered(scene, plan)
    return samples


async def _disturb(scene: Scene, plan: Plan, besides: tuple[str, int]) -> None:
    others = [place for place in plan.places if place != besides]
    box, _ = scene.chance.choice(others)
    await asyncio.to_thread(scene.stage.inject, plan.kind, box)
    await asyncio.sleep(scene.chance.uniform(*BUSY_S))


async def _event(
    scene: Scene, plan: Plan, place: tuple[str, int], activity: str
) -> Sample:
    box, number = place
    turned = scene.screen.expect(number)
    answer = await asyncio.to_thread(scene.stage.inject, plan.kind, box)
    try:
        told = await asyncio.wait_for(turned, GIVE_UP_S)
    except TimeoutError:
        told = {}
    at = [told[stop] - answer["sent_at"] if told else None for stop in STOPS]
    return Sample(plan.source, scene.page, scene.viewers, activity, number, *at)


async def _recovered(scene: Scene, plan: Plan) -> None:
    """End the faults; wait until no place of the plan is painted bad."""
    await asyncio.to_thread(scene.stage.end_faults)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + GIVE_UP_S
    numbers = [number for _, number in plan.places]
    while any(scene.screen.statuses.get(number) in BAD for number in numbers):
        if loop.time() > deadline:
            shown = {number: scene.screen.statuses.get(number) for number in numbers}
            raise TimeoutError(f"not recovered within {GIVE_UP_S:.0f} s: {shown}")
        await asyncio.sleep(0.01)
