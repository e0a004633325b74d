"""The log outlives whoever reads it."""

from __future__ import annotations

import errno
import io
import logging

import pytest
import structlog

from app.cli import logs
from app.warned import KEPT, LONGEST, Warned


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
        logs.configure(log_format, ClosedTerminal(), Warned())
        structlog.get_logger("test").error("configuration refused", problem="x")
    finally:
        logs.configure(log_format, io.StringIO(), Warned())
        structlog.configure(**before)


@pytest.fixture
def written():
    """What is logged, and what is kept of it."""
    before = structlog.get_config()
    stream, warned = io.StringIO(), Warned()

    def begin(log_format: str) -> tuple[io.StringIO, Warned]:
        logs.configure(log_format, stream, warned)
        return stream, warned

    yield begin
    logs.configure("json", io.StringIO(), Warned())
    structlog.configure(**before)


FORGED = "x\r\n2026-11-24 [error] all is lost\x1b[2J\u2028and more"


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("library", [False, True])
def test_what_comes_from_outside_makes_no_line_of_its_own(log_format, library, written):
    stream, _ = written(log_format)
    if library:
        logging.getLogger("requests").warning("asked for %s", FORGED)
    else:
        structlog.get_logger("test").warning(f"asked {FORGED}", path=FORGED)
    (line,) = stream.getvalue().splitlines()
    assert "all is lost" in line
    assert "\x1b" not in line


def test_the_last_warnings_are_kept_and_all_are_counted(written):
    _, warned = written("json")
    log = structlog.get_logger("test")
    for number in range(KEPT + 3):
        log.warning("blind", number=number)
    log.info("nothing to see")
    logging.getLogger("urllib3").error("long %s", "x" * LONGEST)
    newest, second, *_ = warned.lines()
    assert (newest.level, len(newest.text)) == ("error", LONGEST)
    assert second.text == f"blind number={KEPT + 2}"
    assert second.at.endswith("Z")
    assert len(warned.lines()) == KEPT
    assert warned.counts() == {"warning": KEPT + 3, "error": 1, "critical": 0}
