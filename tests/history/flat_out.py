"""Writes history as fast as it can, in a process that is killed for it."""

from __future__ import annotations

from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from app.history.book import Book
from app.history.file import File
from app.history.seal import due, seal
from tests.history.stage import BEGIN, entry, picture

STEP_S = 5


def status(second: int) -> str:
    return "failing" if second // STEP_S % 7 == 0 else "ok"


def write(path: Path, second: int, told: Connection) -> None:
    """From so many seconds after `BEGIN` on, a picture each five of them. Tells each
    second that is in the file, after it was written."""
    file = File(path)
    file.open()
    book = Book(file)
    while True:
        shown = picture(
            BEGIN + timedelta(seconds=second), {17: status(second)}, request_rate=second
        )
        book.keep([entry(shown, turned=second // STEP_S % 7 < 2)])
        told.send(second)
        second += STEP_S
        if second % 3600 == 0:
            while found := due(file):
                seal(file, *found)
            file.checkpoint()
