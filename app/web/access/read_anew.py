"""A small file whose content matters at once when it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from app.domain.credentials import Wrong
from collectors.stamps import Stamp, stamp

T = TypeVar("T")

log = structlog.get_logger(__name__)


class ReadAnew(Generic[T]):
    """What `read` makes of it. While it can't be read, or has a line that is wrong,
    what it was before holds; the log says so once."""

    def __init__(
        self, file: Path, read: Callable[[str], tuple[T, list[Wrong]]]
    ) -> None:
        """Raises `OSError` or `ValueError` for a file that is not right to begin
        with."""
        self._file, self._read = file, read
        self._mark = self._marked()
        self._value, wrong = read(file.read_text(encoding="utf-8"))
        if wrong:
            raise ValueError(f"{file}:{wrong[0][0]}: {wrong[0][1]}")

    def now(self) -> T:
        mark = self._marked()
        if mark != self._mark:
            self._mark = mark
            self._take()
        return self._value

    def _take(self) -> None:
        try:
            value, wrong = self._read(self._file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as exc:
            log.error("file kept as it was", file=str(self._file), problem=str(exc))
            return
        if wrong:
            line, text = wrong[0]
            place = f"{self._file}:{line}"
            log.error("file kept as it was", file=place, problem=text)
            return
        self._value = value
        log.info("file read anew", file=str(self._file))

    def _marked(self) -> Stamp | None:
        try:
            return stamp(self._file)
        except OSError:
            return None
