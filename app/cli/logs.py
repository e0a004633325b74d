"""Structured logs to stderr: readable on a terminal, JSON lines elsewhere.

Libraries speak through the standard `logging`; they are heard from WARNING on, in the
same form. Tracebacks carry no local variables: those may hold a token.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final, TextIO, cast

import structlog

from app.warned import Warned

SHARED: Final = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


LINES: Final = ("exception", "stack")


def configure(log_format: str | None, stream: TextIO, warned: Warned) -> None:
    """`log_format`: `json`, `console`, or `None` for what fits the stream. `warned`
    keeps the last warnings."""
    as_json = (log_format or _fitting(stream)) == "json"
    tail: tuple[structlog.typing.Processor, ...] = (
        (structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
        if as_json
        else (
            _harmless,
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            ),
        )
    )
    structlog.configure(
        processors=[*SHARED, warned, *tail],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Fading(stream))),
        cache_logger_on_first_use=False,
    )
    _hear_libraries((warned, *tail), stream)


def _harmless(
    _logger: object, _method: str, entry: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A terminal obeys control characters, and others write what is logged: of a text
    they are shown as what they are. A traceback keeps its lines."""
    return {
        key: value if key in LINES or not isinstance(value, str) else _shown(value)
        for key, value in entry.items()
    }


def _shown(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class _Fading:
    """A stream that may go away, as a terminal does that is closed: the SIGHUP of that
    does not end `serve`, and neither may a line that nobody can read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _fitting(stream: TextIO) -> str:
    return "console" if stream.isatty() else "json"


def _hear_libraries(
    tail: tuple[structlog.typing.Processor, ...], stream: TextIO
) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *tail,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
