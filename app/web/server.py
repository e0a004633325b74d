"""uvicorn with one worker, that ends within seconds although streams are open."""

from __future__ import annotations

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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams would hold the server open for ever: they are ended first."""
        self._bus.close()
        await super().shutdown(sockets)
