"""uvicorn with one worker, that ends within seconds although streams are open."""

from __future__ import annotations

import signal
import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from app.bus.base import Bus

GRACE_S: Final = 2
"""For requests that are being answered; streams are ended at once."""


class Server(uvicorn.Server):
    def __init__(self, app: FastAPI, bus: Bus) -> None:
        self._bus = bus
        super().__init__(
            uvicorn.Config(
                app,
                loop="auto",
                ws="none",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    def end_on(self, *numbers: signal.Signals) -> None:
        """Let these signals end it, also before and after it runs."""
        for number in numbers:
            signal.signal(number, lambda _number, _frame: self.end())

    def end(self) -> None:
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams would hold the server open for ever: they are ended first, and who
        does not read is not waited for."""
        self._bus.close()
        for connection in list(self.server_state.connections):
            flow = getattr(connection, "flow", None)
            if flow is not None and flow.write_paused:
                connection.transport.abort()
        await super().shutdown(sockets)
