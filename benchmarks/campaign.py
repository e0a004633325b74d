"""`make campaign`: every fault where it can happen, alone and in pairs, and a calm day.

The simulated deployment and the judgement run in one process, in virtual time: facts
are read by the collectors' own readers from what the simulation would have answered.
What is true is known, so each verdict can be held against it. A part is then met over
the wire, as the processes that people run.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from app.simulator.faults import KINDS
from benchmarks.campaign_day import DAY_S, Day, healthy_day
from benchmarks.campaign_trials import Injected, Trial, begun, tried
from benchmarks.campaign_wire import FAULTS, measure_wire
from benchmarks.report import MACHINE, MISSING, machine, table, write_into

SEED: Final = 1
CORES: Final = 2
AT_ONCE: Final = 4
"""Trials handed to a process at a time."""
BLINDING: Final = frozenset(
    {
        "api_cut", "api_gone", "api_forbidden", "api_silent", "consul_acl_denied",
        "metrics_gone", "metrics_stale", "metrics_garbage", "clock_skew",
        "rolling_update", "evict",
    }
)  # fmt: skip
"""Kinds that break nothing: they take our sight, or are no fault at all."""


def singles() -> list[Injected]:
    """Every kind at every place, in the order of the simulation."""
    return [Injected(kind.name, place) for kind in KINDS for place in kind.places]


def pairs(seed: int, count: int) -> list[tuple[Injected, Injected]]:
    """Two faults that break something, at two places, by chance."""
    chance = random.Random(seed)
    breaking = [fault for fault in singles() if fault.kind not in BLINDING]
    found: list[tuple[Injected, Injected]] = []
    while len(found) < count:
        one, other = chance.sample(breaking, 2)
        if one.target != other.target:
            found.append((one, other))
    return found


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    found = {MACHINE: machine()}
    for heading, text in measured(options):
        sys.stdout.write(f"### {heading}\n\n{text}\n\n")
        sys.stdout.flush()
        found[heading] = text
    if options.write:
        write_into(options.write, found)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make campaign ARGS=...", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--singles", type=int, default=len(singles()))
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--wire", type=int, default=len(FAULTS))
    parser.add_argument("--hours", type=float, default=DAY_S / 3600)
    parser.add_argument("--write", type=Path, help="page whose results to replace")
    return parser.parse_args(arguments)


def measured(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Each part's heading and table."""
    every = [(fault,) for fault in singles()]
    random.Random(options.seed).shuffle(every)
    alone = every[: options.singles]
    both = pairs(options.seed, options.pairs)
    with ProcessPoolExecutor(CORES) as pool:
        day = pool.submit(healthy_day, options.seed, round(options.hours * 3600))
        run = partial(_run, options.seed)
        trials = list(pool.map(run, [*alone, *both], chunksize=AT_ONCE))
        yield "Single faults", trials_table(trials[: len(alone)])
        yield "Pairs of faults", trials_table(trials[len(alone) :])
        yield "What was not as it should be", odd_ones(trials)
        yield "A healthy day", day_table(day.result())
    if options.wire:
        wired = measure_wire(options.wire)
        yield "Over the wire", trials_table(wired)
        yield "What was not as it should be over the wire", odd_ones(wired)


def _run(seed: int, faults: tuple[Injected, ...]) -> Trial:
    """One trial, on a rig that has seen no other: five changes in ten minutes hold a
    colour, whatever they were for."""
    return tried(begun(seed), faults)


def trials_table(trials: Sequence[Trial]) -> str:
    """A line a kind (or one for all pairs), and one for all."""
    kinds: dict[str, list[Trial]] = {}
    for trial in trials:
        name = trial.faults[0].kind if len(trial.faults) == 1 else "pairs"
        kinds.setdefault(name, []).append(trial)
    rows = [_row(kind, kinds[kind]) for kind in sorted(kinds)]
    head = (
        "kind", "trials", "seen", "median s", "worst s", "wrong colours",
        "suspect right", "recovered, worst s", "held, worst s",
    )  # fmt: skip
    every = [_row("all", trials)] if len(kinds) > 1 else []
    return table(head, rows + every)


def _row(kind: str, trials: Sequence[Trial]) -> tuple[object, ...]:
    seen = [s for trial in trials if (s := seen_after(trial)) is not None]
    blamed = [trial for trial in trials if trial.expected]
    recovered = [s for t in trials if (s := t.recovery.shown_s) is not None]
    held = [s for t in trials if (s := t.recovery.held_s) is not None]
    right = sum(trial.named for trial in blamed)
    return (
        kind,
        len(trials),
        f"{len(seen)} of {sum(map(shows, trials))}",
        f"{median(seen):.0f}" if seen else MISSING,
        max(seen, default=MISSING),
        sum(len(trial.wrong) for trial in trials),
        f"{right} of {len(blamed)}" if blamed else MISSING,
        f"{len(recovered)} of {len(trials)}, {max(recovered, default=MISSING)}",
        max(held, default=MISSING),
    )


def shows(trial: Trial) -> bool:
    """Whether there is anything to see: something broke, or a source went blind."""
    kinds = {fault.kind for fault in trial.faults}
    return bool(trial.expected) or bool(kinds & BLINDING - UNSEEN)


UNSEEN: Final = frozenset({"rolling_update", "evict", "api_gone", "clock_skew"})
"""Kinds after which nothing is to be seen at all."""


def seen_after(trial: Trial) -> int | None:
    """Seconds until the first colour; of a kind that blinds, until that was told."""
    if trial.expected:
        return trial.detected_s
    return trial.blind_s if shows(trial) else None


def odd_ones(trials: Sequence[Trial]) -> str:
    """Every trial that missed something, in words."""
    rows = []
    for trial in trials:
        what = ", ".join(_odd(trial))
        if what:
            rows.append((" and ".join(map(str, trial.faults)), what))
    return table(("fault", "what"), rows) if rows else "Nothing."


def _odd(trial: Trial) -> Iterator[str]:
    if shows(trial) and seen_after(trial) is None:
        yield "not seen"
    elif trial.missed:
        yield f"{_numbers(trial.missed)} not coloured"
    if trial.wrong:
        yield f"{_numbers(trial.wrong)} coloured wrongly"
    if trial.expected and trial.detected_s is not None and not trial.named:
        blamed = " and ".join(trial.causes)
        yield f"{trial.first or 'nobody'} suspected first, {blamed} to blame"
    if trial.recovery.shown_s is None:
        yield "not recovered in time"


def _numbers(connections: frozenset[int]) -> str:
    return " ".join(map(str, sorted(connections)))


def day_table(day: Day) -> str:
    hours = f"{day.seconds / 3600:g}"
    rows = [
        (hours, day.events, f"{day.failing_s / 60:.1f}", f"{day.degraded_s / 60:.1f}")
    ]
    head = ("hours", "events", "false failing, minutes", "false degraded, minutes")
    told = "".join(f"\n- {text}" for text in day.told)
    return table(head, rows) + (f"\n{told}" if told else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
