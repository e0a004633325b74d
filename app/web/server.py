"""uvicorn with one worker, that ends within seconds although streams are open."""

from __future__ import annotations

import signal
import socket
from collections.abc import Sequence
from typing import Final

import uvicorn
from fastapi import FastAPI

from app.bounds import USUAL, Bounds
from app.bus.base import Bus
from app.web.protocol import Config, Patient

GRACE_S: Final = 2
"""For requests that are being answered; streams are ended at once."""


class Server(uvicorn.Server):
    def __init__(
        self,
        app: FastAPI,
        bus: Bus,
        bounds: Bounds = USUAL,
        proxies: Sequence[str] = (),
    ) -> None:
        """`proxies`: addresses and networks whose word on who asks, and how, counts."""
        self._bus = bus
        config = Config(
            app,
            loop="auto",
            http=Patient,
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            forwarded_allow_ips=list(proxies),
            timeout_keep_alive=round(bounds.idle),
            timeout_graceful_shutdown=GRACE_S,
        )
        config.bounds = bounds
        super().__init__(config)

    def end_on_signals(self) -> None:
        """Let them end it, also before and after it runs."""
        for number in (signal.SIGTERM, signal.SIGINT):
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
