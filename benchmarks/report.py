"""Measurements as Markdown tables, each computed from the samples it is given."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.chart import FirstChart
from benchmarks.evaluation import AskedAll
from benchmarks.fleet import Cost as FleetCost
from benchmarks.judging import Cost
from benchmarks.judging_many import Round
from benchmarks.lighthouse import Score
from benchmarks.moments import Keeping
from benchmarks.page import CHROMIUM, POLLING
from benchmarks.painting import Painted
from benchmarks.parsing import Parsed
from benchmarks.pixel import Sample
from benchmarks.stores import StoreCost
from benchmarks.upstream import Asked
from benchmarks.usage import ColdLoad, Usage
from benchmarks.wall import Stood

START: Final = "<!-- results: written by make bench -->"
END: Final = "<!-- end of results -->"
BY: Final = ["source", "page", "viewers", "activity"]
MISSING: Final = "–"
MACHINE: Final = "Machine"
SECTION: Final = re.compile(r"^### (.+)\n((?:(?!### ).*\n)*)", re.MULTILINE)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines)


def pixel_table(samples: Sequence[Sample]) -> str:
    """Quiet, busy and all events of each source, the baseline before the crowds."""
    frame = pd.DataFrame(samples)
    whole = pd.concat([frame, frame.assign(activity="all")])
    whole["live"] = whole["page"] != POLLING
    ordered = whole.sort_values(["source", "live", "viewers"], kind="stable")
    rows = []
    for key, group in ordered.groupby(BY, sort=False):
        seen = group["painted_ms"].dropna()
        share = f"{len(seen)} of {len(group)}"
        turned = _quantiles(group["changed_ms"].dropna())[:2]
        second = _quantiles(group["second_ms"].dropna())[:2]
        rows.append((*key, share, *turned, *_quantiles(seen), *second))
    painted = ["painted p50 ms", "p95", "p99", "worst"]
    told = ["turned p50 ms", "p95", *painted, "second frame p50 ms", "p95"]
    return table([*BY, "seen", *told], rows)


def _quantiles(seen: pd.Series[float]) -> list[str]:
    if seen.empty:
        return [MISSING] * 4
    return [f"{seen.quantile(q):.0f}" for q in (0.50, 0.95, 0.99, 1.0)]


def cold_table(loads: Sequence[ColdLoad]) -> str:
    series = pd.Series([load.coloured_ms for load in loads])
    wire = f"{max(load.wire_bytes for load in loads) / 1000:.0f}"
    row = [len(loads), *_quantiles(series)[:2], f"{series.max():.0f}", wire]
    return table(["loads", "p50 ms", "p95 ms", "worst ms", "kB on the wire"], [row])


def painting_table(painted: Sequence[Painted]) -> str:
    rows = [
        (one.page, one.turned, f"{one.task_ms:.1f}", f"{one.script_ms:.1f}")
        for one in painted
    ]
    head = ["page", "connections turned", "main thread ms", "of it scripts ms"]
    return table(head, rows)


def lighthouse_table(scores: Sequence[Score]) -> str:
    rows = [
        (one.page, one.performance, one.accessibility, f"{one.largest_ms:.0f}",
         f"{one.shift:.3f}")
        for one in scores
    ]  # fmt: skip
    head = ["page", "performance", "accessibility", "largest paint ms", "layout shift"]
    return table(head, rows)


def chart_table(charts: Sequence[FirstChart]) -> str:
    """With an empty cache, and with a warm one; what was sent is the median."""
    rows = []
    for cache, warm in (("empty", False), ("warm", True)):
        found = [one for one in charts if one.warm is warm]
        took = pd.Series([one.took_ms for one in found])
        sizes = [
            f"{pd.Series([kind[name] for kind in parts]).median() / 1024:.0f}"
            for name in ("script", "figures")
            for parts in ([o.sent for o in found], [o.whole for o in found])
        ]
        row = [cache, len(found), *_quantiles(took)[:2], f"{took.max():.0f}", *sizes]
        rows.append(row)
    head = ["cache", "opened", "p50 ms", "p95 ms", "worst ms"]
    head += ["script KB sent", "whole", "figures KB sent", "whole"]
    return table(head, rows)


def usage_table(usages: Sequence[Usage]) -> str:
    rows = [
        (u.viewers, f"{u.seconds:.0f}", f"{u.cpu:.1%}", f"{u.memory_mb:.0f}")
        for u in usages
    ]
    return table(["viewers", "seconds", "CPU, of one core", "memory MB"], rows)


def judging_table(costs: Sequence[Cost]) -> str:
    """Each kind beside the first, which is the baseline."""
    baseline = pd.Series(costs[0].times_ms).median()
    rows = []
    for cost in costs:
        times = pd.Series(cost.times_ms)
        share = f"{times.median() / baseline:.0%}"
        p50, p95 = (f"{times.quantile(q):.1f}" for q in (0.50, 0.95))
        rows.append((cost.what, cost.facts, len(times), p50, p95, share))
    head = ["judgement", "facts", "times", "p50 ms", "p95 ms", "of the baseline"]
    return table(head, rows)


def rounds_table(rounds: Sequence[Round]) -> str:
    """Each beside the baseline that stands before it."""
    rows, baseline = [], 0.0
    for place, one in enumerate(rounds):
        times = pd.Series(one.times_ms)
        baseline = baseline if place % 2 else times.median()
        share = f"{times.median() / baseline:.0%}"
        p50, p95 = (f"{times.quantile(q):.1f}" for q in (0.50, 0.95))
        known = (one.deployments, one.changed, one.what)
        rows.append((*known, len(times), p50, p95, share))
    head = ["deployments", "changed in", "judgement", "times", "p50 ms", "p95 ms"]
    return table([*head, "of the baseline"], rows)


def stores_table(costs: Sequence[StoreCost]) -> str:
    """The collector beside the baseline."""
    rows = []
    for cost in costs:
        times = pd.Series(cost.times_ms)
        p50, p95 = (f"{times.quantile(q):.0f}" for q in (0.50, 0.95))
        served = f"{cost.serving_ms:.1f}"
        rows.append((cost.what, cost.clients, len(times), p50, p95, served))
    head = ["asked", "clients", "times", "p50 ms", "p95 ms", "of it in Redis, ms"]
    return table(head, rows)


def evaluation_table(ways: Sequence[AskedAll]) -> str:
    """The baseline, and the collector beside it."""
    rows = []
    for way in ways:
        cpu = pd.Series(way.cpu_ms)
        p50, p95 = (f"{cpu.quantile(q):.0f}" for q in (0.50, 0.95))
        whole = f"{pd.Series(way.whole_ms).median():.0f}"
        kilobytes = f"{way.received / 1024:.0f}"
        known = (way.connections, way.sources, way.queries, kilobytes)
        rows.append((way.what, *known, len(cpu), p50, p95, whole))
    head = ["asked", "connections", "sources", "queries", "KB received", "times"]
    return table([*head, "CPU p50 ms", "CPU p95 ms", "whole p50 ms"], rows)


def parsing_table(ways: Sequence[Parsed]) -> str:
    """The baseline, and the collector's reader beside it."""
    rows = []
    for way in ways:
        times = pd.Series(way.times_s)
        lines, size = way.lines / way.pages, way.size / way.pages / 1024
        a_line = f"{times.median() / way.lines * 1e6:.1f}"
        shares = (f"{times.quantile(q) / way.every_s:.1%}" for q in (0.50, 0.95))
        known = (way.pages, f"{way.every_s:.0f}", f"{lines:.0f}", f"{size:.1f}")
        rows.append((way.what, *known, len(times), a_line, *shares))
    head = ["reader", "pages", "every s", "lines a page", "KB a page", "times"]
    return table([*head, "a line, us", "of one core p50", "p95"], rows)


def keeping_table(kept: Keeping) -> str:
    """What the pipeline pays, what a thread of its own does, and what it takes."""
    size = pd.Series(kept.sizes).median()
    rows = []
    for what, times in (("noted", kept.noted_ms), ("packed", kept.packed_ms)):
        taken = pd.Series(times)
        shares = (f"{taken.quantile(q):.3f}" for q in (0.50, 0.95, 1.0))
        kilobytes = f"{size / 1024:.1f}" if what == "packed" else MISSING
        rows.append((what, len(taken), *shares, kilobytes))
    head = ["a picture is", "times", "p50 ms", "p95 ms", "worst ms", "KB"]
    return table(head, rows)


def fleet_table(costs: Sequence[FleetCost]) -> str:
    rows = []
    for cost in costs:
        values = pd.Series(cost.values)
        p50, p95 = (values.quantile(q) for q in (0.50, 0.95))
        told = (f"{one:.0f}" if one >= 10 else f"{one:.2f}" for one in (p50, p95))
        rows.append((cost.what, len(values), *told, cost.unit))
    return table(["what", "times", "p50", "p95", "unit"], rows)


def wall_table(stories: Sequence[Stood]) -> str:
    """What a wall holds early and late; how soon it is back."""
    rows = []
    for one in stories:
        early, late = one.early, one.late
        grown = f"{late.heap_mb / early.heap_mb - 1:+.1%}"
        heap = f"{early.heap_mb:.2f}, {late.heap_mb:.2f}"
        nodes, listeners, streams = (
            f"{getattr(early, name)}, {getattr(late, name)}"
            for name in ("nodes", "listeners", "streams")
        )
        rows.append((one.what, heap, grown, nodes, listeners, streams, *_back(one)))
    head = ["wall", "heap MB early, late", "grown", "nodes", "listeners", "streams"]
    return table([*head, "back p50 s", "worst s"], rows)


def _back(story: Stood) -> tuple[str, str]:
    if not story.back_s:
        return MISSING, MISSING
    times = pd.Series(story.back_s)
    return f"{times.median():.1f}", f"{times.max():.1f}"


def upstream_table(asked: Sequence[Asked]) -> str:
    rows = [(a.source, a.viewers, f"{a.per_minute:.1f}") for a in asked]
    return table(["source", "viewers", "requests a minute"], sorted(rows))


def machine() -> str:
    """What the figures were taken on."""
    said = subprocess.run(
        [CHROMIUM, "--version"], capture_output=True, text=True, check=True
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release()}",
        "Python": platform.python_version(),
        "Dash": version("dash"),
        "browser": f"{said.stdout.strip()}, headless, software rendering",
    }
    return table(["machine", ""], facts.items())


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release()["PRETTY_NAME"]


def write_into(page: Path, sections: Mapping[str, str]) -> None:
    """Put results, by heading, between the two marks of a page, under their machine.
    What was measured on another one stays under that, but for what is measured anew."""
    text = page.read_text()
    before, found, rest = text.partition(START)
    there, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"{page.name} lacks {START} or {END}")
    known = _by_machine(there)
    own = sections[MACHINE].strip()
    merged = {own: known.pop(own, {}) | dict(sections)}
    for machine, told in known.items():
        left = {name: one for name, one in told.items() if name not in sections}
        merged |= {machine: {MACHINE: machine} | left} if left else {}
    results = "\n\n".join(
        f"### {name}\n\n{told.strip()}"
        for machine in merged.values()
        for name, told in machine.items()
    )
    page.write_text(f"{before}{START}\n\n{results}\n\n{END}{after}")


def _by_machine(text: str) -> dict[str, dict[str, str]]:
    """The sections of a page; each machine's follow its own."""
    found: dict[str, dict[str, str]] = {}
    machine = ""
    for name, told in SECTION.findall(text):
        machine = told.strip() if name == MACHINE else machine
        found.setdefault(machine, {})[name] = told
    return found
