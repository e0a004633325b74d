"""Asking a Prometheus-compatible engine, from any thread; its failures as `Unreadable`.

Questions are sent as forms, since one about all subjects is longer than some proxies
allow an address to be. A VictoriaMetrics is told to answer what is asked: its cache
would move the steps, and the newest half minute would be told by what came before.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode

from app.history.base import Unreadable
from collectors.errors import CollectorError, SourceRefused, SourceTooLarge
from collectors.http_errors import Cut, SourceUnsupported
from collectors.http_line import HttpLine
from collectors.prometheus import PrometheusAddress
from collectors.prometheus_read import read_answer
from collectors.telemetry import Series

CONNECT_S: Final = 3.0
ANSWER_S: Final = 30.0
QUERY: Final = "/api/v1/query"
QUERY_RANGE: Final = "/api/v1/query_range"
AT_ONCE: Final = 4
"""Questions that are asked at a time; more wait."""
EXACTLY: Final = {"nocache": "1", "latency_offset": "1ms"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Engine:
    def __init__(self, address: PrometheusAddress) -> None:
        self._address = address
        self._where = f"the history engine at {address.shown}"
        self._free: list[HttpLine] = []
        self._seats = threading.Semaphore(AT_ONCE)

    def now(self, query: str, at: float) -> tuple[Series, ...]:
        """The series at a moment, in seconds since 1970; of a range these have all
        their samples."""
        return self._asked(QUERY, {"query": query, "time": f"{at:.3f}"})

    def over(
        self, query: str, first: int, last: int, step_s: int
    ) -> tuple[Series, ...]:
        """The series at each step from `first` to `last`."""
        span = {"start": str(first), "end": str(last), "step": str(step_s)}
        return self._asked(QUERY_RANGE, {"query": query, **span})

    def close(self) -> None:
        while self._free:
            self._free.pop().close()

    def _asked(self, path: str, params: Mapping[str, str]) -> tuple[Series, ...]:
        limit = {"timeout": f"{ANSWER_S:.0f}s"}
        body = urlencode({**params, **limit, **EXACTLY}).encode()
        try:
            with self._line() as line:
                return read_answer(_answered(line, path, body))
        except CollectorError as exc:
            raise Unreadable(f"{self._where}: {exc}{_advice(exc)}") from exc

    @contextmanager
    def _line(self) -> Iterator[HttpLine]:
        with self._seats:
            try:
                line = self._free.pop()
            except IndexError:
                line = HttpLine(self._address, self._address.dialect, CONNECT_S)
            try:
                yield line
            finally:
                self._free.append(line)


def _answered(line: HttpLine, path: str, body: bytes) -> bytes:
    """A kept connection may have been cut by anything in between."""
    try:
        return line.tell(path, body, FORM, ANSWER_S).body
    except Cut:
        return line.tell(path, body, FORM, ANSWER_S).body


def _advice(exc: CollectorError) -> str:
    """What to look at, where the words themselves don't say it."""
    if isinstance(exc, SourceUnsupported):
        return "; storage.history takes the address that stands before /api/v1"
    if isinstance(exc, SourceRefused):
        keys = "history_token_file, history_user, history_password_file"
        return f"; see storage.{keys} and history_ca_file"
    if isinstance(exc, SourceTooLarge):
        return "; ask for a shorter span or fewer subjects"
    return ""
