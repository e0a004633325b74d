"""`make bench`: measure, print, and on request put the figures into a page.

BENCH_EVENTS    events for each source and number of viewers, judgements, forecasts of
                each kind (200)
BENCH_SECONDS   length of each measurement of load (60; 600 with a thousand viewers)
BENCH_LOADS     cold loads, first charts, asks of a large Redis or a Prometheus, rounds
                of pages (20)
BENCH_DAYS      days of history that are made up (90)
BENCH_HOURS     hours that a wall stands, a minute each; as many restarts as loads (8)
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from benchmarks import chart, fleet, pixel, report, report_load, scrub, usage
from benchmarks.apart import measure_apart
from benchmarks.evaluation import measure_evaluation
from benchmarks.forecast import forecast_table, measure_forecasts, measure_reviews
from benchmarks.history import Cost as HistoryCost
from benchmarks.history import measure_history
from benchmarks.history_report import history_table
from benchmarks.hundred import measure_hundred, measure_large
from benchmarks.judging import measure_judging, measure_rounds
from benchmarks.lighthouse import Score, measure_lighthouse
from benchmarks.load import measure_load
from benchmarks.moments import Keeping, measure_keeping
from benchmarks.painting import Painted, measure_painting
from benchmarks.parsing import measure_parsing
from benchmarks.replicas import measure_replicas
from benchmarks.stage import (
    Json,
    Stage,
    open_stage,
    simulated,
    usual_pace,
    wait_for,
    with_limits,
)
from benchmarks.stores import measure_stores
from benchmarks.upstream import measure_upstream
from benchmarks.wall import Stood, measure_wall

T = TypeVar("T")


def chosen(name: str, default: int) -> int:
    """A number from the environment."""
    return int(os.environ.get(name, default))  # noqa: TID251  this is a main module


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    results = {}
    for heading, text in measured(options.only):
        sys.stdout.write(f"### {heading}\n\n{text}\n\n")
        sys.stdout.flush()
        results[heading] = text
    if options.write:
        report.write_into(options.write, results)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS)
    parser.add_argument("--write", type=Path, help="page whose results to replace")
    return parser.parse_args(arguments)


def measured(parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each part's heading and table, as soon as it has been measured."""
    yield report.MACHINE, report.machine()
    for part, (heading, measure) in MEASURES.items():
        if part in parts:
            yield heading, measure()


def _pixel(rounds: Callable[[int], Iterator[pixel.Round]]) -> list[pixel.Sample]:
    with tempfile.TemporaryDirectory() as folder:
        with open_stage(Path(folder), _event_after_event) as stage:
            events = rounds(chosen("BENCH_EVENTS", 200))
            return asyncio.run(pixel.measure(stage, events))


def _event_after_event(config: Json) -> None:
    usual_pace(config)
    with_limits(pixel.LIMITS)(config)


@contextmanager
def _staged() -> Iterator[Stage]:
    """A deployment as it is usually watched."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(Path(folder), usual_pace) as stage,
    ):
        yield stage


def _cold() -> list[usage.ColdLoad]:
    with _staged() as stage:
        return asyncio.run(usage.measure_cold_loads(stage, chosen("BENCH_LOADS", 20)))


def _chart() -> list[chart.FirstChart]:
    with _staged() as stage:
        loads = chosen("BENCH_LOADS", 20)
        return asyncio.run(chart.measure_first_charts(stage, loads))


def _usage() -> list[usage.Usage]:
    seconds = chosen("BENCH_SECONDS", 60)
    with _staged() as stage:
        return [usage.measure_usage(stage, viewers, seconds) for viewers in (0, 500)]


def _painting() -> list[Painted]:
    with _staged() as stage:
        return asyncio.run(measure_painting(stage, chosen("BENCH_LOADS", 20)))


def _lighthouse() -> list[Score]:
    with _staged() as stage:
        return measure_lighthouse(stage)


def _of_one(measure: Callable[[Path, int], T], extent: int) -> T:
    """Of a simulated deployment's configuration, so often."""
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(Path(folder)) as (_, written),
    ):
        return measure(written, extent)


def _keeping() -> Keeping:
    with _staged() as stage:
        return measure_keeping(stage, chosen("BENCH_LOADS", 20))


def _history() -> list[HistoryCost]:
    picture = _well()
    with tempfile.TemporaryDirectory() as folder:
        days, times = chosen("BENCH_DAYS", 90), chosen("BENCH_LOADS", 20)
        return measure_history(Path(folder), picture, days, times)


def _within(measure: Callable[[Path, int], T], extent: int) -> T:
    """In a folder of its own, so long or so often."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), extent)


def _fleet() -> list[fleet.Cost]:
    return fleet.measure_fleet(_well(), chosen("BENCH_LOADS", 20))


def _well() -> Json:
    """A picture in which all is well."""
    with _staged() as stage:
        wait_for("all is well", lambda: stage.snapshot()["status"] in ("ok", "idle"))
        return stage.snapshot()


def _scrub() -> list[fleet.Cost]:
    return scrub.measure_scrub(_well(), rounds=chosen("BENCH_LOADS", 20) // 4 or 1)


def _wall() -> list[Stood]:
    return measure_wall(chosen("BENCH_HOURS", 8), chosen("BENCH_LOADS", 20))


def _forecast() -> str:
    outcomes = measure_forecasts(chosen("BENCH_EVENTS", 200))
    return forecast_table(outcomes, measure_reviews(chosen("BENCH_LOADS", 20)))


MEASURES: Final[Mapping[str, tuple[str, Callable[[], str]]]] = {
    "pixel": ("Fault to pixel", lambda: report.pixel_table(_pixel(pixel.alone))),
    "crowds": (
        "Fault to pixel, others looking on",
        lambda: report.pixel_table(_pixel(pixel.crowded)),
    ),
    "cold": ("Cold load to the coloured map", lambda: report.cold_table(_cold())),
    "painting": (
        "One change in the browser",
        lambda: report.painting_table(_painting()),
    ),
    "lighthouse": (
        "Lighthouse",
        lambda: report.lighthouse_table(_lighthouse()),
    ),
    "chart": ("First chart", lambda: report.chart_table(_chart())),
    "usage": ("The server's own cost", lambda: report.usage_table(_usage())),
    "judging": (
        "One judgement",
        lambda: report.judging_table(
            _of_one(measure_judging, chosen("BENCH_EVENTS", 200))
        ),
    ),
    "deployments": (
        "Judging a hundred deployments",
        lambda: report.rounds_table(_of_one(measure_rounds, chosen("BENCH_LOADS", 20))),
    ),
    "moments": ("Keeping past pictures", lambda: report.keeping_table(_keeping())),
    "history": ("Months of history", lambda: history_table(_history())),
    "stores": (
        "Asking a Redis with 10,000 clients",
        lambda: report.stores_table(_within(measure_stores, chosen("BENCH_LOADS", 20))),
    ),
    "evaluation": (
        "Asking a Prometheus for all connections",
        lambda: report.evaluation_table(
            _within(measure_evaluation, chosen("BENCH_LOADS", 20))
        ),
    ),
    "parsing": (
        "Reading the metrics pages of 300 pods",
        lambda: report.parsing_table(
            _within(measure_parsing, chosen("BENCH_LOADS", 20))
        ),
    ),
    "fleet": (
        "A hundred deployments on one page",
        lambda: report.fleet_table(_fleet()),
    ),
    "scrub": (
        "A day on the slider",
        lambda: report.fleet_table(_scrub()),
    ),
    "upstream": (
        "Requests sent upstream",
        lambda: report.upstream_table(
            _within(measure_upstream, chosen("BENCH_SECONDS", 60))
        ),
    ),
    "load": (
        "A thousand viewers",
        lambda: report_load.load_table(
            _within(measure_load, chosen("BENCH_SECONDS", 600))
        ),
    ),
    "replicas": (
        "A thousand viewers of three replicas",
        lambda: report_load.replicas_table(
            _within(measure_replicas, chosen("BENCH_SECONDS", 600))
        ),
    ),
    "hundred": (
        "Watching a hundred deployments",
        lambda: report_load.hundred_table(
            _within(measure_hundred, chosen("BENCH_SECONDS", 60))
        ),
    ),
    "large": (
        "The start with 2,000 pods",
        lambda: report_load.large_table(
            _within(measure_large, chosen("BENCH_LOADS", 20))
        ),
    ),
    "apart": (
        "A bad deployment beside good ones",
        lambda: report_load.apart_table(
            _within(measure_apart, chosen("BENCH_EVENTS", 200))
        ),
    ),
    "forecast": ("Capacity forecasts", _forecast),
    "wall": ("A wall that stands", lambda: report.wall_table(_wall())),
}
"""By part: its heading, and what measures it and makes its table."""
PARTS: Final = tuple(MEASURES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
