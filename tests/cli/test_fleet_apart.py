"""A deployment that hangs, floods or lies never delays another: nothing that one waits
for is shared with the others. How fast the others stay is for `make bench`."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count

import pytest

from app.bus.memory import MemoryBus
from app.cli.watch import Watches
from app.config.load import load
from tests.collectors.kubernetes_kubeconfig import kubeconfig
from tests.collectors.kubernetes_server import KINDS, ApiServer, Exchange, listed, pod
from tests.collectors.scripted_consul import ScriptedConsul, check

CHANGES = 5
FLOOD = 2000
"""So many changes of pods have been sent before the others are looked at."""
PAGE = 50 * 1024 * 1024


class Bad:
    """A server that all sources of the bad deployment lead to."""

    def __init__(self) -> None:
        self.news = threading.Condition()
        self.met = 0

    def note(self, times: int = 1) -> None:
        with self.news:
            self.met += times
            self.news.notify_all()

    def wait(self, times: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: self.met >= times, 30), self.met


class Silent(Bad):
    """Accepts, reads nothing, says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._kept: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                self._kept.append(self._socket.accept()[0])
            except OSError:
                return
            self.note()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        for one in (self._socket, *self._kept):
            one.close()


NONSENSE = b'\x00\xff{"items": [[[[' * 1000


class Anything(ApiServer):
    """An API server that is taken for Consul and Prometheus too."""

    def _script(self, asked):
        if asked.plural in KINDS:
            return super()._script(asked)
        return lambda exchange: exchange.answer(NONSENSE)


class Speaking(Bad):
    """A server whose answers are made by a script."""

    def __init__(self, question: str, script: Callable[[Exchange], None]) -> None:
        super().__init__()
        self._server = Anything()
        self.url = self._server.url
        self._server.on(question, script)

    def close(self) -> None:
        self._server.close()


def flood() -> Speaking:
    """A watch of pods that tells of a restart, and another, as fast as it is read."""

    def tell(exchange: Exchange) -> None:
        exchange.open_stream()
        for version in count(101):
            told = {"restartCount": version, "name": "main", "ready": True}
            changed = pod(version=str(version), containerStatuses=[told])
            lines = json.dumps({"type": "MODIFIED", "object": changed}).encode() + b"\n"
            exchange.chunk(lines)
            server.note()

    server = Speaking("watch pods", tell)
    server._server.on("list pods", listed("pods", pod()))
    return server


def page() -> Speaking:
    """A list of pods that never ends: 50 MB of it, and again."""

    def tell(exchange: Exchange) -> None:
        server.note()
        exchange.open_stream()
        for _ in range(PAGE // 65536):
            exchange.chunk(b" " * 65536)
        exchange.end_stream()

    server = Speaking("list pods", tell)
    return server


def garbage() -> Speaking:
    def tell(exchange: Exchange) -> None:
        server.note()
        exchange.answer(NONSENSE)

    server = Speaking("list pods", tell)
    for plural in ("services", "events", "deployments", "statefulsets"):
        server._server.on(f"list {plural}", tell)
    return server


class Fleet:
    """Two deployments watched by one process, and the pictures of both."""

    def __init__(self, watches: Watches, bus: MemoryBus) -> None:
        self.watches, self.bus = watches, bus
        self._news = threading.Condition()
        bus.listen(self._hear)

    def _hear(self, _deployment: str) -> None:
        with self._news:
            self._news.notify_all()

    def wait(self, deployment: str, text: str) -> None:
        """Until its newest picture says so."""

        def shown() -> bool:
            latest = self.bus.latest(deployment)
            return latest is not None and text in latest.body.decode()

        with self._news:
            assert self._news.wait_for(shown, 30), (deployment, text)

    def waiting(self, deployment: str) -> tuple[int, int]:
        """Feeds with news that waits, and feeds in all."""
        (one,) = [w for w in self.watches.watched() if w.id == deployment]
        inside = one.inside()
        return inside.waiting, len(inside.feeds)


@contextmanager
def watched(folder, good: str, bad: str) -> Iterator[Fleet]:
    config = kubeconfig(folder / "kubeconfig", bad)
    written = folder / "gws.yaml"
    written.write_text(
        "deployments:\n"
        f"  - {{id: bad, consul: {{url: '{bad}'}}, prometheus: {{url: '{bad}'}}, "
        f"kubernetes: {{kubeconfig: {config}}}}}\n"
        f"  - {{id: good, consul: {{url: '{good}'}}}}\n"
    )
    bus = MemoryBus("apart")
    watches = Watches(
        load(written, {}),
        bus,
        lambda: datetime.fromtimestamp(time.time(), UTC),
        lambda name: lambda seconds: None,
    )
    fleet = Fleet(watches, bus)
    watches.start()
    try:
        yield fleet
    finally:
        watches.stop()


@pytest.mark.parametrize(
    ("make", "times"),
    [(Silent, 12), (flood, FLOOD), (page, 2), (garbage, 8)],
    ids=["hangs", "floods", "tells-50-MB", "lies"],
)
def test_a_deployment_that_is_bad_delays_no_other(make, times, tmp_path):
    with (
        closing(make()) as bad,
        ScriptedConsul() as consul,
        watched(tmp_path, consul.url, bad.url) as fleet,
    ):
        bad.wait(times)
        for number in range(CHANGES):
            told = f"change number {number}"
            consul.change([check(status="critical", Output=told)])
            fleet.wait("good", told)
        waiting, feeds = fleet.waiting("bad")
        assert waiting <= max(feeds, 60), (
            "what waits is bounded by what there is to know"
        )
        assert fleet.watches.ill() == []


def test_every_deployment_has_threads_of_its_own(tmp_path):
    with (
        closing(Silent()) as bad,
        ScriptedConsul() as consul,
        watched(tmp_path, consul.url, bad.url) as fleet,
    ):
        bad.wait(12)
        fleet.wait("good", "instances passing")
        names = [one.name for one in threading.enumerate()]
        assert {"pipeline-bad", "pipeline-good"} <= set(names)
        consuls = [name for name in names if name.startswith("consul-")]
        assert len(consuls) == 2 * len(set(consuls)), "none is shared"
