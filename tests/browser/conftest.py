"""The demo as processes, Chromium, and a page whose console must stay clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from benchmarks.stage import Json, Stage, open_stage, wait_for
from tests.browser.map_page import MapPage

# Short holds and intervals, so that a fault's whole life fits into seconds. The rules
# stay the same; `test_defaults.py` runs with the holds that people get.
QUICK = {
    "enter": "200ms",
    "leave": "500ms",
    # Longer than two scrapes: what a fault of a moment made its callers count is known.
    "leave_hard": "4500ms",
    "understaffed": "1s",
    "unregistered": "1s",
    "flap_window": "1ms",
    # Counted over five seconds, a single failed request is several percent.
    "error_ratio": {"degraded": 0.2, "failing": 0.4},
    # A simulated Redis on two busy cores is not as quick as a real one.
    "latency_p95_ms_redis": {"degraded": 250, "failing": 1000},
}
WINDOW_S = 5
INTERVAL_S = 2
"""Fifty pages every second would take a fifth of two cores, which the browser needs."""


def quick(config: Json) -> None:
    """Edit a configuration so that faults are seen and forgotten quickly."""
    for deployment in config["deployments"]:
        deployment["limits"] = {**deployment.get("limits", {}), **QUICK}
        deployment["scrape"] = {
            **deployment.get("scrape", {}),
            "interval": f"{INTERVAL_S}s",
            "window": f"{WINDOW_S}s",
        }
        others = [deployment.get(name) for name in ("probes", "alertmanager")]
        for section in (*others, *deployment.get("backends", {}).values()):
            if section is not None:
                section["interval"] = f"{INTERVAL_S}s"


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One simulated deployment and its dashboard for all tests with short holds."""
    folder: Path = tmp_path_factory.mktemp("stage")
    with open_stage(folder, quick) as stage:
        yield stage


@pytest.fixture(scope="session")
def unhurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The same with the holds that people get."""
    with open_stage(tmp_path_factory.mktemp("unhurried")) as stage:
        yield stage


@pytest.fixture
def open_map(browser: Browser) -> Iterator[Callable[..., MapPage]]:
    """Makes pages; every one of them must have kept its console clean."""
    opened: list[MapPage] = []

    def make(stage: Stage, path: str = "", **context: Any) -> MapPage:
        context.setdefault("viewport", {"width": 1440, "height": 900})
        page = browser.new_context(**context).new_page()
        shown = MapPage(page, stage)
        opened.append(shown)
        shown.open(path)
        return shown

    yield make
    for shown in opened:
        shown.page.context.close()
    assert [complaint for shown in opened for complaint in shown.complaints] == []


@pytest.fixture
def map_page(stage: Stage, open_map: Callable[..., MapPage]) -> Iterator[MapPage]:
    """The map of a deployment in which all is well; no fault is left behind, nor
    requests that failed while it lasted."""
    stage.end_faults()
    # Of several targets the newest reading is shown: the others are an interval older
    # at most, and the regular look may put each off for a second.
    forgotten = stage.well_since + WINDOW_S + 2 * INTERVAL_S + 1
    wait_for("counts without the last fault", lambda: stage.read_since(forgotten))
    shown = open_map(stage)
    shown.wait_calm()
    shown.forget_changes()
    yield shown
    stage.end_faults()
