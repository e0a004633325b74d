"""A real Prometheus beside the simulated deployment: what it measured, and its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.engines import filled_prometheus
from benchmarks.stage import Json, Stage, open_stage, wait_for
from tests.browser.conftest import quick
from tests.browser.map_page import BAD, MapPage

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(180)]

AHEAD_S = 300
"""Samples are there for so long: it is as if the mesh went on being scraped."""
CALL = (
    'reporter="source",source_workload="gws-app-workspace-blue",'
    'source_workload_namespace="gws",destination_workload="{to}",'
    'destination_workload_namespace="gws",response_code="200"'
)
LINES = [
    f"istio_requests_total{{{CALL.format(to='gws-platform-voice-blue')}}} 0+150",
    f"istio_requests_total{{{CALL.format(to='gws-platform-statistics-blue')}}} 0+75",
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Its address, and how to end it."""
    with ExitStack() as running:
        held = filled_prometheus(tmp_path, LINES, time.time() + AHEAD_S)
        yield running.enter_context(held), running.close


@pytest.fixture
def measured(
    engine: tuple[str, Callable[[], None]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """A dashboard that knows of traffic by that engine alone."""

    def edit(config: Json) -> None:
        quick(config)
        (deployment,) = config["deployments"]
        deployment["scrape"] = {"enabled": False}
        deployment["prometheus"] = {"url": engine[0], "interval": "1s"}

    with open_stage(tmp_path_factory.mktemp("measured"), edit) as stage:
        wait_for("the engine was asked", lambda: traffic(stage, 29) == "ok")
        yield stage


def traffic(stage: Stage, number: int) -> str:
    """What the witness traffic makes of a connection."""
    rows = {c["number"]: c for c in stage.snapshot()["connections"]}
    return str(rows[number]["witnesses"]["traffic"])


@pytest.mark.thorough
def test_a_prometheus_that_ends_blinds_and_breaks_nothing(
    measured: Stage,
    engine: tuple[str, Callable[[], None]],
    open_map: Callable[..., MapPage],
) -> None:
    shown = open_map(measured)
    shown.wait_calm()
    shown.choose(29)
    panel = shown.page.locator("#panel").inner_text()
    assert "10.0 requests/s within limits, counted by the caller, by Istio" in panel
    before = shown.statuses()
    shown.forget_changes()

    _, end = engine
    end()

    shown.wait_error("prometheus", "connection refused")
    wait_for("the last count is too old", lambda: traffic(measured, 29) == "stale")
    assert [change for change in shown.changes() if change[2] in BAD] == []
    assert shown.statuses() == before, "the last picture is kept"
