"""How every process that `serve` may be goes on: until a signal ends it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from app.cli.quiet import keep_what_is_made, stay_prompt

if TYPE_CHECKING:  # Loads a web framework, which who only watches does without.
    from app.web.server import Server


class Working(Protocol):
    """What goes on beside the web server."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def at_work(work: Working, deployments: int = 1) -> Iterator[None]:
    """`deployments`: so many are watched here."""
    stay_prompt(deployments)
    work.start()
    try:
        yield
    finally:
        work.stop()


def until_ended(
    server: Server,
    listening: socket.socket,
    announce: Callable[[], None],
    follow: AbstractContextManager[None],
) -> None:
    """`announce` is called before anybody is answered; `follow` is held while it is
    served (`app.cli.reload.following`). That signals end it is told it before, by who
    has begun what ends with it."""
    keep_what_is_made()
    announce()
    with follow:
        server.run(sockets=[listening])
