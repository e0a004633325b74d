"""The web application in this process, over pictures that are published by hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app.bus.memory import MemoryBus
from app.cli.listening import address, listen
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.server import Server
from app.web.site import Watched
from benchmarks.stage import wait_for


@contextmanager
def serving(watched: Iterable[Watched], bus: MemoryBus) -> Iterator[str]:
    """Its address, with a slash at the end; it runs in a thread of its own."""
    web = create_app(watched, bus, now, Exposition("bench"), version="bench")
    listening = listen("127.0.0.1", 0)
    server = Server(web.server, bus)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        wait_for("the application serves", lambda: server.started)
        yield address(listening)
    finally:
        server.end()
        thread.join()


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
