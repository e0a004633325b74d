"""With the holds that people get: a hard fault at once, and back after five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from benchmarks.stage import Stage
from tests.browser.map_page import BAD, MapPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
]
AT_ONCE_S = 8.0
"""Less than the hold of what rests on measurements."""
LEAVE_HARD_S = 5.0


def test_a_hard_fault_colours_at_once_and_leaves_after_its_hold(
    unhurried: Stage, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(unhurried)
    shown.wait_calm(within_ms=60_000)

    begun = time.monotonic()
    unhurried.inject("pod_not_ready", "voicemail")
    shown.wait_until("connection", [17], *BAD)
    assert time.monotonic() - begun < AT_ONCE_S
    assert shown.bad() == {17}

    unhurried.end_faults()
    ended = time.monotonic()
    shown.wait_calm(within_ms=60_000)
    assert time.monotonic() - ended >= LEAVE_HARD_S
