"""Watches: every change to what is watched, as one JSON line, the moment it is made.

A watch resumes from the store's history, tells bookmarks, ends at its time-out, and
says 410 inside the stream when what it should resume from is gone. `Streams` holds all
open ones, so that faults can end or silence them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from app.simulator.cluster_store import (
    AUTOSCALERS,
    DEPLOYMENTS,
    EVENTS,
    PODS,
    REPLICASETS,
    SERVICES,
    SLICES,
    STATEFULSETS,
    Change,
    Compacted,
    Object,
    Resource,
    Store,
)
from app.simulator.kubernetes_errors import status
from app.simulator.kubernetes_list import typed
from app.simulator.kubernetes_select import Selects

TOO_MANY: Final = 4096
"""Changes that a watcher may be behind before it is cut, as the real cache does."""
EMPTY_TEMPLATE: Final = {"metadata": {}, "spec": {"containers": None}}
EMPTY: Final[dict[Resource, Object]] = {
    PODS: {"spec": {"containers": None}, "status": {}},
    SERVICES: {"spec": {}, "status": {"loadBalancer": {}}},
    EVENTS: {
        "involvedObject": {}, "source": {}, "firstTimestamp": None,
        "lastTimestamp": None, "eventTime": None, "reportingComponent": "",
        "reportingInstance": "",
    },
    DEPLOYMENTS: {
        "spec": {"replicas": 0, "selector": None, "template": EMPTY_TEMPLATE,
                 "strategy": {}},
        "status": {},
    },
    REPLICASETS: {
        "spec": {"selector": None, "template": EMPTY_TEMPLATE},
        "status": {"replicas": 0},
    },
    STATEFULSETS: {
        "spec": {"selector": None, "template": EMPTY_TEMPLATE, "serviceName": "",
                 "updateStrategy": {}},
        "status": {"replicas": 0, "availableReplicas": 0},
    },
    SLICES: {"addressType": "", "endpoints": None, "ports": None},
    AUTOSCALERS: {
        "spec": {"scaleTargetRef": {"kind": "", "name": ""}, "maxReplicas": 0},
        "status": {"desiredReplicas": 0, "currentMetrics": None},
    },
}  # fmt: skip
"""What is in a bookmark's object besides the version: its kind's empty value."""


@dataclass(frozen=True, slots=True)
class WatchRequest:
    resource: Resource
    namespace: str
    selects: Selects | None
    version: str
    bookmarks: bool
    timeout_s: float


@dataclass(eq=False)
class Stream:
    """One open watch. `silent`: it stays open and nothing comes any more."""

    request: WatchRequest
    pending: list[bytes] = field(default_factory=list)
    sleeps: asyncio.Future[None] | None = None
    ended: bool = False
    silent: bool = False

    def offer(self, change: Change) -> None:
        line = line_for(self.request, change)
        if line is not None:
            self.pending.append(line)
            self.wake()
        if len(self.pending) > TOO_MANY:
            self.end()

    def end(self) -> None:
        self.ended = True
        self.wake()

    def wake(self) -> None:
        if self.sleeps and not self.sleeps.done():
            self.sleeps.set_result(None)

    async def sleep(self, seconds: float) -> None:
        """Until there is something to do. A bare future: the watcher goes on in the
        loop's very next turn."""
        loop = asyncio.get_running_loop()
        self.sleeps = loop.create_future()
        timer = loop.call_later(seconds, self.wake)
        try:
            await self.sleeps
        finally:
            timer.cancel()
            self.sleeps = None


class Streams:
    """Every open watch on one store."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        bookmark_every_s: float,
        sent: Callable[[], None] = lambda: None,
    ) -> None:
        """`sent` is told whenever a watcher is."""
        self._store = store
        self._sent = sent
        self._clock = clock
        self._bookmark_every_s = bookmark_every_s
        self.open: set[Stream] = set()
        self.silent = False
        store.listen(self._changed)

    def _changed(self, change: Change) -> None:
        for stream in self.open:
            stream.offer(change)

    def end(self, ends: Callable[[Stream], bool] = lambda stream: True) -> None:
        """End the open watches that `ends` picks."""
        for stream in tuple(self.open):
            if ends(stream):
                stream.end()

    def silence(self, *, silent: bool) -> None:
        """Let every watch fall silent; afterwards the silent ones are ended."""
        if self.silent and not silent:
            self.end(lambda stream: stream.silent)
        self.silent = silent
        for stream in self.open if silent else ():
            stream.silent = True

    async def lines(self, request: WatchRequest) -> AsyncIterator[bytes]:
        """What a watcher is sent, chunk by chunk."""
        stream = Stream(request, silent=self.silent)
        try:
            stream.pending = _first(self._store, request)
        except Compacted as exc:
            yield _line("ERROR", status(410, "Expired", str(exc)))
            return
        self.open.add(stream)
        try:
            async for chunk in self._live(stream):
                yield chunk
        finally:
            self.open.discard(stream)

    async def _live(self, stream: Stream) -> AsyncIterator[bytes]:
        ends_at = self._clock() + stream.request.timeout_s
        bookmark_at = self._clock() + self._bookmark_every_s
        while True:
            while stream.pending and not stream.silent:
                chunk, stream.pending = b"".join(stream.pending), []
                self._sent()
                yield chunk
            now = self._clock()
            if stream.ended or now >= ends_at:
                break
            if now >= bookmark_at:
                bookmark_at = now + self._bookmark_every_s
                stream.pending += self._bookmark(stream.request)
                continue
            await stream.sleep(min(bookmark_at, ends_at) - now)
        if not stream.silent and not stream.ended:
            for line in self._bookmark(stream.request):
                yield line

    def _bookmark(self, request: WatchRequest) -> list[bytes]:
        if not request.bookmarks:
            return []
        about = {"metadata": {"resourceVersion": str(self._store.version)}}
        empty = EMPTY.get(request.resource, {"spec": {}, "status": {}})
        return [_line("BOOKMARK", typed(request.resource, about | empty))]


def _first(store: Store, request: WatchRequest) -> list[bytes]:
    """What a new watch begins with. Raises `Compacted`.

    Without a version (or with 0) that is every object there is; else what was changed
    after that version.
    """
    if request.version in ("", "0"):
        return [
            _line("ADDED", typed(request.resource, obj))
            for key, obj in store.at(request.resource, store.version).items()
            if _wanted(request, key[0], obj)
        ]
    changes = store.since(int(request.version))
    lines = (line_for(request, change) for change in changes)
    return [line for line in lines if line is not None]


def line_for(request: WatchRequest, change: Change) -> bytes | None:
    """A change as this watch tells it; `None` if it is none of its own.

    With a selector, an object that comes to fit is ADDED, one that no longer fits is
    DELETED.
    """
    if change.resource is not request.resource:
        return None
    fitted = change.old is not None and _wanted(request, change.key[0], change.old)
    fits = change.type != "DELETED" and _wanted(request, change.key[0], change.new)
    if not fits and not fitted:
        return None
    type_ = ("MODIFIED" if fitted else "ADDED") if fits else "DELETED"
    return _line(type_, typed(request.resource, change.new))


def _wanted(request: WatchRequest, namespace: str, obj: Object) -> bool:
    return request.namespace in ("", namespace) and (
        request.selects is None or request.selects(obj)
    )


def _line(type_: str, obj: Any) -> bytes:
    return orjson.dumps(
        {"type": type_, "object": obj}, option=orjson.OPT_APPEND_NEWLINE
    )
