"""The thread that writes: what waits in the box goes into the file, soon or later.

While that fails it waits on, and is tried again; what happened meanwhile is told once
it is over, here and in the file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from app.domain.instants import instant
from app.history.base import Health, Unreadable
from app.history.book import Book, SetBack
from app.history.file import File
from app.history.fold import STEP
from app.history.inbox import Entry, Inbox
from app.history.reading import Loss, last_loss, millis, moment
from app.history.trouble import Damaged
from app.threads import Threaded

RETRY_S: Final = 5.0
SETTLE_S: Final = 0.25
"""Who unfolds an outage turns many times a second; they are written together."""
AT_ONCE: Final = 64
"""Entries of one transaction; when so many wait, they wait no longer."""
LATE: Final = 2_000
"""How long a step may wait for a picture that was made within it, in milliseconds."""
TOO_MUCH: Final = "more was seen than could be written"
TOLD: Final = 3_600_000
"""How long a loss that is over is told of, in milliseconds."""

log = structlog.get_logger(__name__)


class Writer(Threaded):
    def __init__(
        self,
        file: File,
        inbox: Inbox,
        clock: Callable[[], datetime],
        tell: Callable[[], None],
        *,
        settle_s: float = SETTLE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        super().__init__("history")
        self.written_at: datetime | None = None
        self._file, self._inbox, self._clock, self._tell = file, inbox, clock, tell
        self._settle_s, self._retry_s = settle_s, retry_s
        self._book = Book(file)
        self._paused: str | None = None
        self._loss: Loss | None = None
        self._damage: str | None = None
        self._changed = threading.Condition()
        self._urgent = self._ending = False

    def stop(self) -> None:
        """Ask it to write what is left, and to end; return at once."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    def hurry(self) -> None:
        """What waits is news, or much. From any thread."""
        with self._changed:
            self._urgent = True
            self._changed.notify()

    def damaged(self, exc: Damaged) -> None:
        """Somebody who read found the file damaged. From any thread."""
        self._damage = str(exc)
        self.hurry()

    def health(self) -> Health:
        lost_from = self._inbox.lost_from
        if self._paused is not None or lost_from is not None:
            begin = None if lost_from is None else moment(lost_from)
            return Health(self._paused, begin)
        loss = self._loss
        if loss is None or millis(self._clock()) - loss.until > TOLD:
            return Health()
        return Health(None, moment(loss.begin), moment(loss.until), loss.why)

    def _run(self) -> None:
        while not self._ending:
            self._try()
            self._wait()
            self._go_on()
        self._try()
        try:
            self._book.leave()
        except Unreadable as exc:
            log.warning("history not written", trouble=str(exc))
        self._file.close()

    def _wait(self) -> None:
        with self._changed:
            if self._paused is not None:
                self._changed.wait_for(lambda: self._ending, self._retry_s)
                return
            self._changed.wait_for(lambda: self._ending or self._urgent, self._rest_s())
            if self._urgent:
                self._changed.wait_for(lambda: self._ending, self._settle_s)
            self._urgent = False

    def _rest_s(self) -> float:
        """Until the step that runs is over, and whatever was made in it is here."""
        return (STEP - (millis(self._clock()) - LATE) % STEP) / 1000

    def _go_on(self) -> None:
        """Nothing new was seen, and time went on all the same."""
        at = millis(self._clock()) - LATE
        for name in self._inbox.deployments():
            self._inbox.put(Entry(name, at))

    def _try(self) -> None:
        try:
            if self._damage is not None:
                self._begin_anew(self._damage)
            if not self._file.is_open:
                self._open()
            self._write()
        except Damaged as exc:
            self._damage = str(exc)
            self._judge(str(exc))
        except Unreadable as exc:
            self._file.shut()
            self._judge(str(exc))
        except Exception:
            log.exception("bug in keeping history")
            self._inbox.drop()
            self._file.shut()
            self._judge("a bug; the log says more")
        else:
            self._judge(None)

    def _open(self) -> None:
        self._file.open()
        self._book.forget()
        with self._file.reading() as connection:
            self._loss = last_loss(connection)

    def _begin_anew(self, damage: str) -> None:
        """The damaged file is kept, beside the one that is begun."""
        now = self._clock()
        aside = self._file.set_aside(now)
        self._damage = None
        self._open()
        why = f"{damage}; it was set aside as {aside.name}, and history begins anew"
        self._lose(Loss(millis(now), millis(now), why))

    def _write(self) -> None:
        while entries := self._inbox.first(AT_ONCE):
            lost_from = self._inbox.lost_before
            if lost_from is not None:
                self._book.forget()
            try:
                self._book.keep(entries)
            except SetBack as back:
                self._set_back(back)
                continue
            self._inbox.done()
            self.written_at = self._clock()
            seen = [entry.at for entry in entries if entry.picture is not None]
            if lost_from is not None and seen:
                self._inbox.told()
                self._lose(Loss(lost_from, min(seen), self._paused or TOO_MUCH))

    def _set_back(self, back: SetBack) -> None:
        shown, kept = moment(back.at), moment(back.until)
        if self._book.cut(back):
            why = (
                f"the clock was set back from {kept:%Y-%m-%d %H:%M:%S} UTC, and what "
                "was kept as later than it shows now was let go"
            )
            self._lose(Loss(back.at, back.until, why))
            return
        self._inbox.drop()
        raise Unreadable(
            f"{self._file.path}: the clock shows {shown:%Y-%m-%d %H:%M} UTC, but what "
            f"is kept reaches to {kept:%Y-%m-%d %H:%M}: it goes on then, or at once "
            "with another file when this one is moved away"
        )

    def _lose(self, loss: Loss) -> None:
        log.warning(
            "history lost",
            begin=instant(moment(loss.begin)),
            until=instant(moment(loss.until)),
            why=loss.why,
        )
        self._loss = loss
        self._book.lose(loss)
        self._tell()

    def _judge(self, paused: str | None) -> None:
        if paused != self._paused:
            self._paused = paused
            tell = log.info if paused is None else log.warning
            tell("history", paused=paused)
            self._tell()
