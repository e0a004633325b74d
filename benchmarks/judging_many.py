"""What it costs to judge one deployment, and a hundred one after the other, when one
fact of each has changed, or facts of a few.

The knowledge is that of `benchmarks.judging`; every deployment has its own memory, as
in life. The baseline takes nothing over from the judgement before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.evaluate import Deployment, Made, Memory, evaluate
from app.domain.knowledge import Knowledge

DEPLOYMENTS: Final = 100
FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds of each round over all deployments, facts having changed in some."""

    what: str
    deployments: int
    changed: int
    times_ms: tuple[float, ...]


@dataclass
class Watched:
    """One deployment: what is known of it in turn, and what is remembered."""

    deployment: Deployment
    turns: list[Knowledge]
    memory: Memory

    def change(self) -> None:
        self.turns.reverse()

    def judge(self, now: datetime, *, anew: bool) -> None:
        memory = replace(self.memory, made=Made()) if anew else self.memory
        self.memory = evaluate(self.deployment, self.turns[0], memory, now).memory


def rounds(
    deployment: Deployment,
    turns: tuple[Knowledge, Knowledge],
    moments: Iterator[datetime],
    times: int,
    pause: Callable[[], None],
    many: int = DEPLOYMENTS,
) -> list[Round]:
    """`turns`: what is known before a fact has changed, and after."""
    found = []
    for count, changed in ((1, 1), (many, many), (many, min(FEW, many))):
        for anew in (True, False):
            all_ = watched(deployment, turns, moments, count)
            found.append(_measured(all_, changed, moments, times, pause, anew=anew))
    return found


def watched(
    deployment: Deployment,
    turns: tuple[Knowledge, Knowledge],
    moments: Iterator[datetime],
    count: int,
) -> list[Watched]:
    """So many deployments, each judged once."""
    named = [replace(deployment, id=f"{deployment.id}-{n}") for n in range(count)]
    made = [Watched(one, list(turns), Memory()) for one in named]
    now = next(moments)
    for one in made:
        one.judge(now, anew=True)
    return made


def _measured(
    all_: Sequence[Watched],
    changed: int,
    moments: Iterator[datetime],
    times: int,
    pause: Callable[[], None],
    *,
    anew: bool,
) -> Round:
    took = []
    for _ in range(times):
        for one in all_[:changed]:
            one.change()
        pause()
        now = next(moments)
        began = time.perf_counter()
        for one in all_:
            one.judge(now, anew=anew)
        took.append((time.perf_counter() - began) * 1000)
    what = "everything anew (baseline)" if anew else "what did not change taken over"
    return Round(what, len(all_), changed, tuple(took))
