"""The telemetry page shows what is asked."""

from __future__ import annotations

from tests.docs.telemetry_page import parts, questions


def test_the_page_shows_every_question() -> None:
    _, shown, _ = parts()
    assert shown == questions(), "run python -m tests.docs.telemetry_page"
