"""What a process uses of processor and memory, by its own page."""

from __future__ import annotations

import pytest

from app.domain.facts_usage import UsageFact
from app.domain.subject import NodeId
from app.domain.targets import ScrapeTarget
from collectors.boxes_read import read_containers
from collectors.exposition import Page, read_page
from collectors.scrape import WANTED
from collectors.scrape_pages import Pages, counts
from collectors.telemetry import Asked, Series
from collectors.usage_read import usage_of
from tests.collectors.scripted_prometheus import NAMES, now

VOICE, WORKSPACE = NodeId("voice"), NodeId("workspace")
MIB = 2**20


def page(*lines: str) -> Page:
    body = "".join(f"{line}\n" for line in lines).encode()
    return read_page(body, "text/plain", WANTED, counts)


def node_js(spent: float, started: float = 1.0) -> Page:
    return page(
        "nodejs_eventloop_lag_seconds 0.004",
        f"process_start_time_seconds {started}",
        f"process_cpu_seconds_total {spent}",
        f"process_resident_memory_bytes {300 * MIB}",
    )


def used(found: tuple[object, ...]) -> list[tuple[float | None, float | None]]:
    return [(f.cpu, f.memory) for f in found if isinstance(f, UsageFact)]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("process_cpu_usage 0.25", "system_cpu_count 2"), [(0.5, None)]),
        (('process_cpu_usage{application="x"} 0.25',
          'system_cpu_count{application="x"} 1'), [(0.25, None)]),
        (("process_cpu_usage 0.25",), []),
        (("process_cpu_usage -1", "system_cpu_count 2"), []),
        (("process_cpu_seconds_total 9", "process_resident_memory_bytes 9"), []),
        ((), []),
    ],
    ids=["jvm", "labelled", "of-how-many", "not-yet", "an-exporter", "nothing"],
)  # fmt: skip
def test_a_jvm_tells_a_share_of_the_processors_it_has(
    lines: tuple[str, ...], told: list[tuple[float, None]]
) -> None:
    assert used(usage_of(VOICE, "p:1", page(*lines), None)) == told


def test_node_js_tells_seconds_that_two_pages_make_cores_of() -> None:
    pages = Pages(interval_s=15, window_s=60)
    target = ScrapeTarget(WORKSPACE, "p:48051", "127.0.0.1", 48051, "/prometheus")
    spans = ((node_js(100), 0.0), (node_js(103), 15.0), (node_js(1, started=9), 30.0))
    told = [used(pages.news(target, one, at) or ()) for one, at in spans]
    assert told == [
        [(None, 300 * MIB)],
        [(pytest.approx(0.2), 300 * MIB)],
        [(pytest.approx(1 / 15), 300 * MIB)],
    ]


def test_node_js_without_these_metrics_tells_nothing_of_them() -> None:
    bare = page("nodejs_eventloop_lag_seconds 0.004")
    pages = Pages(interval_s=15, window_s=60)
    target = ScrapeTarget(WORKSPACE, "p:48051", "127.0.0.1", 48051, "/prometheus")
    for at in (0.0, 15.0):
        assert used(pages.news(target, bare, at) or ()) == []


def test_cadvisor_tells_of_whole_containers() -> None:
    pod = {"namespace": "gws", "pod": "gws-platform-voice-blue-6f7d8c9b5-k2x4v"}
    other = {"namespace": "gws", "pod": "gws-app-workspace-blue-7d9f8b6c5d-x2k4q"}
    answers = {
        "memory_share": [], "throttled": [], "periods": [],
        "cpu": [Series(pod, 12.0), Series({"namespace": "x", "pod": "y"}, 1.0)],
        "memory": [Series(pod, 400.0 * MIB), Series(other, 1.0)],
    }  # fmt: skip
    assert read_containers(answers, Asked(NAMES, 60, now())) == (
        UsageFact(VOICE, pod["pod"], 0.2, 400.0 * MIB, by="cadvisor"),
        UsageFact(WORKSPACE, other["pod"], None, 1.0, by="cadvisor"),
    )
