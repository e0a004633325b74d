"""The log outlives whoever reads it."""

from __future__ import annotations

import errno
import io

import pytest
import structlog

from app.cli import logs


class ClosedTerminal(io.StringIO):
    """What stderr is once its terminal was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_line_that_nobody_can_read_ends_nothing(log_format):
    before = structlog.get_config()
    try:
        logs.configure(log_format, ClosedTerminal())
        structlog.get_logger("test").error("configuration refused", problem="x")
    finally:
        logs.configure(log_format, io.StringIO())
        structlog.configure(**before)
