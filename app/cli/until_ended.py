"""How every process that `serve` may be goes on: until a signal ends it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from app.cli.quiet import stay_prompt
from app.web.server import Server


class Working(Protocol):
    """What goes on beside the web server."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def until_ended(
    server: Server,
    listening: socket.socket,
    work: Working,
    announce: Callable[[], None],
    follow: AbstractContextManager[None],
    deployments: int = 1,
) -> None:
    """`announce` is called once `work` has begun; `follow` is held while it is served
    (`app.cli.reload.following`). `deployments`: so many are watched here."""
    server.end_on_signals()
    stay_prompt(deployments)
    work.start()
    try:
        announce()
        with follow:
            server.run(sockets=[listening])
    finally:
        work.stop()
