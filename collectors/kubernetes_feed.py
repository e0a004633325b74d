"""One feed: it lists one kind in one namespace, then watches it for ever.

What goes wrong decides how it goes on. A cut watch is resumed where it ended, at once
the first time. A version that is too old (410), an answer that is not understood or a
watch that falls silent means that news may have been missed, and that another server
answers means that its versions are others: everything is listed anew.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Generator
from time import monotonic
from typing import Final

from urllib3 import BaseHTTPResponse

from app.domain.facts import Fact
from app.domain.locate import Locator
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import FactKey
from collectors.base import Clock, Report
from collectors.errors import (
    CollectorError,
    SourceEmpty,
    SourceMisread,
    SourceSilent,
    SourceTooLarge,
)
from collectors.kubernetes_errors import (
    BrokenAnswer,
    Busy,
    Cut,
    Expired,
    Forbidden,
    NotServed,
    about,
    in_stream,
)
from collectors.kubernetes_lines import Change, read_line, read_status, version_of
from collectors.kubernetes_picture import Picture
from collectors.kubernetes_resources import Question, Resource
from collectors.kubernetes_same import SameServer, server
from collectors.kubernetes_talk import Talk
from collectors.pulse import Pulse
from collectors.switchboard import Idle, Steps

SETTLED_S: Final = 5.0
"""A watch that lived this long was a good one; its end begins a new count."""
LIFE_S: Final = 1.0
"""Signs of life without news are passed on no more often than this."""
WITHHELD_S: Final = 600.0
"""What may not be asked for and can be done without is asked for so seldom: the API
server's audit log has a line for each refusal."""

log = logging.getLogger(__name__)


class KubernetesFeed:
    def __init__(
        self,
        talk: Talk,
        resource: Resource,
        namespace: str,
        locator: Locator,
        report: Report,
        clock: Clock,
        pulse: Pulse,
    ) -> None:
        self.feed: Final = Feed(
            source="kubernetes",
            name=f"{resource.plural}/{namespace}",
            max_age_s=talk.timing.max_age_s,
            continuous=True,
            expects_some=resource.always,
            optional=bool(resource.lost),
        )
        self._lost = resource.lost
        self._talk = talk
        self._list = Question("list", resource, namespace)
        self._watch = Question("watch", resource, namespace)
        self._picture = Picture(resource.kind, locator)
        self._report, self._clock, self._pulse = report, clock, pulse
        self._stopped = threading.Event()
        self._version: str | None = None
        self._same = SameServer()
        self._failures: Counter[type[CollectorError]] = Counter()
        self._told: Trouble | None = None
        self._silent: Trouble | None = None
        self._said_at = 0.0

    @property
    def version(self) -> str | None:
        """Where the watch goes on from; `None`: with a whole list."""
        return self._version

    def stop(self) -> None:
        """End after what is being waited for."""
        self._stopped.set()

    def run(self) -> Steps:
        """List, watch, and go on, until stopped. It rests while there is no news."""
        while not self._stopped.is_set():
            failure = yield from self._attempt()
            if failure is not None and not self._stopped.is_set():
                yield Idle(monotonic() + self._after(failure))

    def ask_once(self) -> tuple[Reading, ...]:
        """One list, for `doctor`; it leaves no trace in the feed."""
        try:
            entries = self._talk.list_all(self._list, self._picture.read).found
        except CollectorError as exc:
            return (self._troubled(self._trouble_of(exc)),)
        facts = tuple(fact for one in entries for fact in one.facts)
        unread = [one.unread for one in entries if one.unread]
        reading = Reading(self.feed, self._clock(), facts)
        if not unread:
            return (reading,)
        return (reading, self._troubled(Trouble("misread", unread[0])))

    def _attempt(self) -> Generator[Idle, None, CollectorError | None]:
        try:
            if self._version is None:
                self._list_everything()
            yield from self._follow()
        except CollectorError as exc:
            return exc
        except Exception:  # a bug in one feed must not blind the others
            log.exception("bug in the feed %s", self.feed.name)
            return CollectorError(
                f"{self.feed.name}: a bug in the dashboard; see its log"
            )
        return None

    def _list_everything(self) -> None:
        began = self._talk.monotonic()
        entries, version, by = self._talk.list_all(self._list, self._picture.read)
        self._pulse.listed(self._talk.monotonic() - began)
        ours = any(one.facts or one.unread for one in entries)
        if self.feed.expects_some and len(self._picture) and not ours:
            raise SourceEmpty(
                f"{self.feed.name}: an empty list where there were {len(self._picture)}"
            )
        self._say(self._picture.listed(entries), complete=True)
        self._version = version
        self._same.listed(by)

    def _follow(self) -> Steps:
        """Open a watch and hear it to its end."""
        stream = self._talk.open_watch(self._watch, self._version or "")
        opened_at = self._talk.monotonic()
        self._pulse.watched()
        try:
            yield from self._hear(stream)
        finally:
            stream.close()
            lived_s = self._talk.monotonic() - opened_at
            if lived_s >= SETTLED_S:
                self._failures.clear()
        if lived_s < SETTLED_S:
            raise Cut(f"cannot {self._watch}: it is ended as soon as it begins")

    def _hear(self, stream: BaseHTTPResponse) -> Steps:
        if self._same.differs(server(stream.headers)):
            raise Expired(f"cannot {self._watch}: another API server answers")
        self._sign_of_life()
        for told in self._talk.lines(stream, self._watch):
            if isinstance(told, Idle):
                yield told
            else:
                self._line(told)

    def _line(self, line: bytes) -> None:
        self._silent = None
        with about(self._watch):
            change, obj = read_line(line)
            version = version_of(obj) if change is Change.BOOKMARK else None
        if change is Change.ERROR:
            raise in_stream(self._watch, read_status(obj))
        if change is Change.BOOKMARK:
            self._advance(version)
            self._sign_of_life()
            return
        news = self._picture.changed(change, obj)
        # First: an old change that is told again must not be believed.
        self._advance(news.version)
        if news.facts or news.gone:
            self._say(news.facts, gone=news.gone)
        else:
            self._sign_of_life()

    def _advance(self, version: str | None) -> None:
        """Resume from here. A version can only grow, unless it is another's store."""
        before = self._version or ""
        if version is None:
            return
        if version.isdecimal() and before.isdecimal() and int(version) < int(before):
            raise Expired(f"cannot {self._watch}: the server's versions went backwards")
        self._version = version

    def _after(self, failure: CollectorError) -> float:
        """Tell what went wrong, decide how to go on, and say after what pause."""
        self._failures[type(failure)] += 1
        failures = self._failures.total()
        if _news_was_missed(failure, failures):
            self._version = None
        trouble = self._trouble_of(failure)
        if isinstance(failure, SourceSilent):
            self._silent = trouble
        if self._is_ordinary(failure):
            return self._talk.pause_s(1)
        self._tell(trouble)
        if self._lost and isinstance(failure, Forbidden | NotServed):
            return WITHHELD_S
        pause_s = self._talk.pause_s(failures)
        return max(pause_s, failure.wait_s) if isinstance(failure, Busy) else pause_s

    def _trouble_of(self, failure: CollectorError) -> Trouble:
        trouble = failure.trouble()
        if not self._lost:
            return trouble
        return Trouble(trouble.kind, f"{self._lost}: {trouble.text}")

    def _tell(self, trouble: Trouble) -> None:
        """Once, until something is heard again."""
        if trouble == self._told:
            return
        reading = self._troubled(trouble)
        self._pulse.heard(reading)
        try:
            self._report(reading)
            self._told = trouble
        except Exception:  # whoever cannot listen now is told at the next attempt
            log.exception("bug in who hears the feed %s", self.feed.name)

    def _is_ordinary(self, failure: CollectorError) -> bool:
        """A watch may be cut, and then find its version expired; once each."""
        ordinary = isinstance(failure, Cut | Expired)
        return ordinary and self._failures[type(failure)] == 1

    def _sign_of_life(self) -> None:
        long_ago = self._talk.monotonic() - self._said_at >= LIFE_S
        if long_ago or self._told != self._lasting():
            self._say()

    def _say(
        self,
        facts: tuple[Fact, ...] = (),
        *,
        gone: tuple[FactKey, ...] = (),
        complete: bool = False,
    ) -> None:
        now = self._clock()
        self._report(Reading(self.feed, now, facts, complete=complete, gone=gone))
        self._said_at = self._talk.monotonic()
        self._told = self._lasting()
        if self._told is not None:
            self._report(self._troubled(self._told))

    def _lasting(self) -> Trouble | None:
        """What still is wrong although the server answers: after a silence, a list is
        no proof that the next watch will speak."""
        return self._silent or self._picture.trouble()

    def _troubled(self, trouble: Trouble) -> Reading:
        return Reading(self.feed, self._clock(), complete=False, trouble=trouble)


def _news_was_missed(failure: CollectorError, failures: int) -> bool:
    if isinstance(failure, BrokenAnswer):
        return failures > 1
    missed = SourceMisread | SourceTooLarge | SourceSilent
    return isinstance(failure, missed) or failure.kind == "bug"
