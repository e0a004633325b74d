"""`make soak`: does it stay as it is when it runs for long?

A simulated deployment goes through a round of troubles again and again: pods crash, are
evicted and rolled out; the Kubernetes API, Consul and the stores go and come back.
Viewers come and go, pages are asked for. At the calm end of every round it is noted
what the dashboard's process takes; exit code 1 when any of it grows by more than
`ALLOWED` over the run (`benchmarks.soak_flat` says how that is told).

SOAK_MINUTES    how long (60)
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from app.domain.limits import DEFAULT
from benchmarks.crowd import watching
from benchmarks.hundred import threads
from benchmarks.report import machine, table
from benchmarks.soak_flat import Allowance, Flatness, judge
from benchmarks.stage import Json, Stage, open_stage, usual_pace, wait_for
from benchmarks.usage import cpu_seconds, memory_mb

ROUND_S: Final = 60.0
LEAST_ROUNDS: Final = 6
"""Of a short run, rounds are shorter instead."""
VIEWERS: Final = 50
LASTS: Final = 0.06
"""How long a trouble lasts, as a share of the round."""
TROUBLES: Final = (
    (0.10, "pod_crash", "redis"),
    (0.20, "api_cut", "kubernetes"),
    (0.30, "consul_down", "consul"),
    (0.40, "store_down", "postgresql"),
    (0.50, "store_down", "redis"),
    (0.58, "evict", "interaction"),
    (0.66, "rolling_update", "statistics"),
)
"""When in a round, what, and where."""
PAGES: Final = (
    "/map/{id}",
    "/connections/{id}",
    "/timeline/{id}",
    "/metrics",
    "/debug",
)
CALM: Final = 0.95
"""When in a round it is looked."""
SETTLED_S: Final = DEFAULT.flap_window + DEFAULT.leave + 60.0
"""What turned five times in a flap window keeps its worse colour until that is over."""
ALLOWED: Final = {
    "memory, MB": Allowance(8.0, 0.04, least=15),
    "threads": Allowance(3.0, 0.02),
    "sockets": Allowance(3.0, 0.02),
    "file handles": Allowance(3.0, 0.02),
}
"""What is kept of the last hour, and of past pictures, fills during the first hour:
memory has room for it (docs/sizing.md)."""


@dataclass(frozen=True, slots=True)
class Look:
    """`at_s`: since the start of the soak."""

    at_s: float
    memory_mb: float
    threads: int
    sockets: int
    handles: int
    cpu_s: float
    deltas: int

    def taken(self) -> tuple[float, ...]:
        """In the order of `ALLOWED`."""
        return (self.memory_mb, self.threads, self.sockets, self.handles)


def look(pid: int, began: float, deltas: int) -> Look:
    sockets, handles = open_of(pid)
    return Look(
        time.monotonic() - began,
        memory_mb(pid),
        threads(pid),
        sockets,
        handles,
        cpu_seconds(pid),
        deltas,
    )


def open_of(pid: int) -> tuple[int, int]:
    """How many sockets, and how many file handles with them."""
    found = []
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(one))
        except OSError:
            continue  # It was closed meanwhile.
    return sum(one.startswith("socket:") for one in found), len(found)


def soak(folder: Path, minutes: float, told: Callable[[Look], None]) -> list[Look]:
    """`told` hears each look as soon as it was taken."""
    rounds = max(LEAST_ROUNDS, round(minutes * 60 / ROUND_S))
    round_s = minutes * 60 / rounds
    looks: list[Look] = []
    with open_stage(folder, lambda config: _kept(config, folder)) as stage:
        began = time.monotonic()
        for number in range(rounds):
            deltas = _round(stage, began + number * round_s, round_s)
            looks.append(look(stage.server.pid, began, deltas))
            told(looks[-1])
        wait_for("all is well again", lambda: _well(stage), SETTLED_S)
    return looks


def _kept(config: Json, folder: Path) -> None:
    """With records and history on the disk, as in life."""
    usual_pace(config)
    config["storage"] = {"records": str(folder / "records.db")}


def _round(stage: Stage, began: float, round_s: float) -> int:
    """One round; how many deltas its viewers were told."""
    with watching(stage, VIEWERS) as crowd:
        for share, act in _acts(stage):
            _sleep_until(began + share * round_s)
            act()
    _sleep_until(began + CALM * round_s)
    return int(crowd.seen["deltas"])


def _acts(stage: Stage) -> Iterator[tuple[float, Callable[[], object]]]:
    """What happens, each when its share of the round is over; in order."""
    for share, kind, target in TROUBLES:
        yield share, partial(stage.inject, kind, target)
        yield share + LASTS, stage.end_faults
    for number, path in enumerate(PAGES):
        asked = path.format(id=stage.deployment)
        yield 0.74 + number * 0.01, partial(stage.get, asked)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _well(stage: Stage) -> bool:
    return stage.snapshot()["status"] in ("ok", "idle")


def judged(looks: list[Look]) -> list[Flatness]:
    return [
        judge(what, [(one.at_s, one.taken()[place]) for one in looks], allowance)
        for place, (what, allowance) in enumerate(ALLOWED.items())
    ]


def looks_row(one: Look) -> str:
    cells = (f"{one.at_s / 60:.1f}", f"{one.memory_mb:.0f}", one.threads, one.sockets,
             one.handles, f"{one.cpu_s:.0f}", one.deltas)  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def verdict_table(found: list[Flatness]) -> str:
    rows = [
        (
            one.what,
            f"{one.level:.0f}",
            "too few looks" if one.growth is None else f"{one.growth:+.1f}",
            f"{one.allowed:.1f}",
            "yes" if one.flat else "no",
        )
        for one in found
    ]
    return table(["what", "median", "growth over the run", "allowed", "flat"], rows)


HEAD: Final = ("minute", "memory MB", "threads", "sockets", "file handles",
               "CPU s so far", "changes told")  # fmt: skip


def main(minutes: float) -> int:
    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    say(f"{machine()}\n\n{table(HEAD, [])}")
    with tempfile.TemporaryDirectory() as folder:
        looks = soak(Path(folder), minutes, lambda one: say(looks_row(one)))
    found = judged(looks)
    say(f"\n{verdict_table(found)}")
    return 0 if all(one.flat for one in found) else 1


if __name__ == "__main__":
    told = os.environ.get("SOAK_MINUTES", "60")  # noqa: TID251  this is a main module
    sys.exit(main(float(told)))
