"""When the server goes, or the deployment stops answering: what the page says then."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
]
BLIND_WITHIN_MS = 200_000
"""A watch may be silent for some time before it is given up."""


def test_a_page_outlives_a_restart_of_the_server(
    map_page: MapPage, stage: Stage
) -> None:
    assert stage.server.stop() == 0
    map_page.page.locator("[data-lost]").wait_for(state="visible")
    stage.start_server()
    map_page.page.locator("[data-lost]").wait_for(state="hidden")
    stage.inject("pod_not_ready", "voicemail")
    map_page.wait_until("connection", [17], *BAD)
    map_page.forgive("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING")
    map_page.forgive("the server did not respond")  # Dash, of the panel


@pytest.fixture
def freeze(unhurried: Stage) -> Iterator[Callable[[], None]]:
    """Makes the deployment accept connections and never answer, until the end."""
    yield lambda: unhurried.simulator.signal(signal.SIGSTOP)
    unhurried.simulator.signal(signal.SIGCONT)


@pytest.mark.thorough
def test_a_deployment_that_stops_answering_turns_stale_and_not_red(
    open_map: Callable[..., MapPage], unhurried: Stage, freeze: Callable[[], None]
) -> None:
    shown = open_map(unhurried)
    shown.wait_calm(within_ms=60_000)
    shown.forget_changes()
    freeze()
    painted = shown.statuses("source")
    sources = [name for name, status in painted.items() if status != "absent"]
    shown.wait_until("source", sources, "failing", within_ms=BLIND_WITHIN_MS)
    shown.wait_until("connection", range(1, 32), "stale", within_ms=BLIND_WITHIN_MS)
    assert [change for change in shown.changes() if change[2] in BAD] == []
