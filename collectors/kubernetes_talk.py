"""List and watch one kind in one namespace, as the API's own rules say.

A list comes in pages, all of one resourceVersion; where that grows too old between two
pages (410) the list begins anew. A watch is a stream of lines that the server ends at
`timeoutSeconds`, and on which it says at least a bookmark a minute.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from app.domain.bucket import Bucket
from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceSilent,
    SourceTooLarge,
    SourceUnreachable,
)
from collectors.kubernetes_access import Access, Query
from collectors.kubernetes_errors import Cut, Expired, about
from collectors.kubernetes_json import Fields, Json, field, fields, items, text
from collectors.kubernetes_lines import Lines, parse_json, version_of
from collectors.kubernetes_resources import Question
from collectors.kubernetes_same import server
from collectors.switchboard import Idle

T = TypeVar("T")

PAGE: Final = 500
MOST_PAGES: Final = 400
MOST_RESTARTS: Final = 3
PAGE_LIMIT: Final = 64 * 2**20
READ_SIZE: Final = 2**16
SHARE: Final = 0.2
"""Of a core: so much may a watch take that has news all the time, so that a deployment
which floods us delays no other."""
BURST_S: Final = 0.5
"""Of processor time, before it is held to its share."""


@dataclass(frozen=True, slots=True)
class Timing:
    """`watch_s`: how long a watch may last; each asks for somewhat more or less.
    `silence_s`: when a watch has said nothing for too long; an API server sends a
    bookmark every 60 to 75 s. `list_s`: how long an answer may pause. `retry_s`,
    `retry_most_s`: the second pause between attempts (the first is next to none), from
    which they double, and the longest.
    """

    watch_s: float = 300.0
    silence_s: float = 90.0
    list_s: float = 30.0
    retry_s: float = 0.25
    retry_most_s: float = 10.0

    @property
    def max_age_s(self) -> float:
        """A silent watch is first given the time to be opened anew."""
        return self.silence_s + 15.0


class Listed(NamedTuple, Generic[T]):
    """`version`: the one to watch from. `by`: the server that told it."""

    found: list[T]
    version: str
    by: str | None


class Talk:
    """The questions of one collector to one API server."""

    def __init__(
        self,
        access: Access,
        timing: Timing,
        monotonic: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        self._access = access
        self.timing = timing
        self.monotonic = monotonic
        self._chance = chance or random.Random()

    def list_all(self, question: Question, read: Callable[[Json], T]) -> Listed[T]:
        """What `read` gives for each object."""
        for _ in range(MOST_RESTARTS - 1):
            try:
                return self._list_pages(question, read)
            except Expired:
                continue
        return self._list_pages(question, read)

    def open_watch(self, question: Question, version: str) -> BaseHTTPResponse:
        """A stream of what changes after `version`, for `lines`."""
        seconds = self.timing.watch_s * self._chance.uniform(0.8, 1.2)
        query = [
            ("watch", "true"),
            ("resourceVersion", version),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", str(max(1, round(seconds)))),
        ]
        return self._access.ask(question, query, self.timing.silence_s)

    def lines(
        self, response: BaseHTTPResponse, question: Question
    ) -> Iterator[bytes | Idle]:
        """Each line as soon as it is whole; an `Idle` where there is nothing to read,
        to be gone on from when it is over. Ends where the server ends the watch."""
        lines, last = Lines(), self.monotonic()
        share = Bucket(last, size=BURST_S, per_s=SHARE)
        while True:
            if self._access.drained(response):
                yield from self._silence(response, question)
            data = _some(response, question)
            if not data:
                break
            began = time.thread_time()
            with about(question):
                whole = lines.feed(data)
            for line in whole:
                yield line
                last = self.monotonic()
            yield from self._rest(share, time.thread_time() - began)
            if self.monotonic() - last > self.timing.silence_s:
                raise _too_slow(question)
        if lines.unfinished:
            raise Cut(f"cannot {question}: the watch was cut in the middle of a line")

    def _rest(self, share: Bucket, spent_s: float) -> Iterator[Idle]:
        """Let others have their turn, where a watch is never done."""
        pause_s = share.spend(spent_s, self.monotonic())
        if pause_s > 0:
            yield Idle(time.monotonic() + pause_s)

    def _silence(
        self, response: BaseHTTPResponse, question: Question
    ) -> Iterator[Idle]:
        idle = Idle(time.monotonic() + self.timing.silence_s, response.fileno())
        yield idle
        if not idle.readable:
            raise _too_slow(question)

    def pause_s(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        if failures <= 1:
            return self._chance.uniform(0.0, 0.05)
        doubled = self.timing.retry_s * 2.0 ** min(failures - 2, 16)
        return min(doubled, self.timing.retry_most_s) * self._chance.uniform(0.5, 1.0)

    def _list_pages(self, question: Question, read: Callable[[Json], T]) -> Listed[T]:
        found: list[T] = []
        query = [("limit", str(PAGE))]
        first: str | None = None
        for number in range(MOST_PAGES):
            body, by = self._page(question, query)
            if number and by != first:
                raise Expired(f"cannot {question}: another API server goes on")
            first = by
            with about(question):
                page = _as_list(body, question)
                found.extend(read(obj) for obj in items(page, "items"))
                follow = text(field(page, "metadata"), "continue")
                if follow is None:
                    return Listed(found, version_of(page), first)
            query = [("limit", str(PAGE)), ("continue", follow)]
        raise SourceTooLarge(
            f"cannot {question}: more than {MOST_PAGES * PAGE} objects"
        )

    def _page(self, question: Question, query: Query) -> tuple[bytes, str | None]:
        response = self._access.ask(question, query, self.timing.list_s)
        try:
            return self._body(response, question), server(response.headers)
        finally:
            response.close()

    def _body(self, response: BaseHTTPResponse, question: Question) -> bytes:
        parts, size = [], 0
        deadline = self.monotonic() + 2 * self.timing.list_s
        while data := _some(response, question):
            parts.append(data)
            size += len(data)
            if size > PAGE_LIMIT:
                limit = PAGE_LIMIT // 2**20
                raise SourceTooLarge(
                    f"cannot {question}: an answer of over {limit} MiB"
                )
            if self.monotonic() > deadline:
                raise _too_slow(question)
        return b"".join(parts)


def _as_list(body: bytes, question: Question) -> Fields:
    page = fields(parse_json(body, "the answer"), "the answer")
    if (kind := text(page, "kind")) != f"{question.resource.kind}List":
        raise SourceMisread(f"the answer is a {str(kind)[:40]!r}")
    return page


def _some(response: BaseHTTPResponse, question: Question) -> bytes:
    """What has come, at once; empty at the end."""
    try:
        return response.read1(READ_SIZE, decode_content=True)
    except ReadTimeoutError as exc:
        raise _too_slow(question) from exc
    except DecodeError as exc:
        raise SourceMisread(f"cannot {question}: the compression is broken") from exc
    except (HTTPError, OSError) as exc:
        raise Cut(f"cannot {question}: the connection was cut") from exc


def _too_slow(question: Question) -> CollectorError:
    if question.verb == "watch":
        return SourceSilent(f"cannot {question}: the watch has fallen silent")
    return SourceUnreachable(f"cannot {question}: the answer does not come to an end")
