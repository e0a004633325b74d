"""`make bench`: measure, print, and on request put the figures into a page.

BENCH_EVENTS    events for each source and number of viewers, judgements (200)
BENCH_SECONDS   length of each measurement of load (60)
BENCH_LOADS     cold loads, asks of a large Redis (20)
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import pixel, report, usage
from benchmarks.judging import Cost, measure_judging
from benchmarks.stage import Json, open_stage, simulated, usual_pace, with_limits
from benchmarks.stores import StoreCost, measure_stores
from benchmarks.upstream import Asked, measure_upstream

PARTS = ("pixel", "cold", "usage", "judging", "stores", "upstream")


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
    if "pixel" in parts:
        yield "Fault to pixel", report.pixel_table(_pixel())
    if "cold" in parts:
        yield "Cold load to the coloured map", report.cold_table(_cold())
    if "usage" in parts:
        yield "The server's own cost", report.usage_table(_usage())
    if "judging" in parts:
        yield "One judgement", report.judging_table(_judging())
    if "stores" in parts:
        yield "Asking a Redis with 10,000 clients", report.stores_table(_stores())
    if "upstream" in parts:
        yield "Requests sent upstream", report.upstream_table(_upstream())


def _pixel() -> list[pixel.Sample]:
    with tempfile.TemporaryDirectory() as folder:
        with open_stage(Path(folder), _event_after_event) as stage:
            return asyncio.run(pixel.measure(stage, chosen("BENCH_EVENTS", 200)))


def _event_after_event(config: Json) -> None:
    usual_pace(config)
    with_limits(pixel.LIMITS)(config)


def _cold() -> list[float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(Path(folder), usual_pace) as stage,
    ):
        return asyncio.run(usage.measure_cold_loads(stage, chosen("BENCH_LOADS", 20)))


def _usage() -> list[usage.Usage]:
    seconds = chosen("BENCH_SECONDS", 60)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stage(Path(folder), usual_pace) as stage,
    ):
        return [usage.measure_usage(stage, viewers, seconds) for viewers in (0, 500)]


def _judging() -> list[Cost]:
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(Path(folder)) as (_, written),
    ):
        return measure_judging(written, chosen("BENCH_EVENTS", 200))


def _stores() -> list[StoreCost]:
    with tempfile.TemporaryDirectory() as folder:
        return measure_stores(Path(folder), chosen("BENCH_LOADS", 20))


def _upstream() -> list[Asked]:
    with tempfile.TemporaryDirectory() as folder:
        return measure_upstream(Path(folder), chosen("BENCH_SECONDS", 60))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
