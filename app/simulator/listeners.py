"""Where the simulated deployment listens: any address and port, healthy or broken.

One listening socket per address and port, all on one event loop. A `Mode` breaks the
way in as a network or a hung process does, under whatever protocol is spoken there.
What is spoken comes as a factory: `http` for an ASGI application,
`app.simulator.listeners_protocols` for the stores.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import StrEnum
from typing import Any, Final, cast

import uvicorn
from uvicorn.server import ServerState

BACKLOG: Final = 64
LINGER_NONE: Final = struct.pack("ii", 1, 0)
"""`SO_LINGER` on with no time: closing sends RST instead of FIN."""

Speaks = Callable[[], asyncio.Protocol]
Place = tuple[str, int]


class Mode(StrEnum):
    NORMAL = "normal"
    REFUSE = "refuse"
    """Nobody listens: a connect is refused, open connections are reset."""
    SLOW = "slow"
    """All that arrives is acted on only after some seconds."""
    HANG = "hang"
    """Accept, and say nothing."""
    RESET = "reset"
    """Accept, then reset."""


SAYS_NOTHING: Final = (Mode.HANG, Mode.RESET)


@dataclass(eq=False)
class Listener:
    """One address and port, and the connections that came in by it."""

    place: Place
    speaks: Speaks
    tls: ssl.SSLContext | None
    mode: Mode = Mode.NORMAL
    seconds: float = 0.0
    server: asyncio.Server | None = None
    gates: set[Gate] = field(default_factory=set)

    async def listen(self) -> None:
        """Open the socket; a port of 0 is replaced by the one that was given."""
        incoming = _bound(self.place)
        self.place = (self.place[0], incoming.getsockname()[1])
        loop = asyncio.get_running_loop()
        # A process that hangs answers no TLS handshake either.
        tls = None if self.mode in SAYS_NOTHING else self.tls
        # Known before it serves: who is cancelled while it begins can still stop it.
        self.server = await loop.create_server(
            lambda: Gate(self),
            sock=incoming,
            ssl=tls,
            backlog=BACKLOG,
            start_serving=False,
        )
        try:
            await self.server.start_serving()
        except asyncio.CancelledError:
            self.stop()
            raise

    def stop(self) -> None:
        """Close the listening socket; connections stay."""
        if self.server is not None:
            self.server.close()
            self.server = None

    def cut(self) -> None:
        """Reset every connection."""
        for gate in tuple(self.gates):
            gate.reset()


class Gate(asyncio.Protocol):
    """One connection: passes it to the protocol behind, as the mode allows."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._inner: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._listener.gates.add(self)
        if self._listener.mode is Mode.RESET:
            self.reset()
        elif self._listener.mode is not Mode.HANG:
            self._inner = self._listener.speaks()
            self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._listener.mode is Mode.SLOW:
            loop = asyncio.get_running_loop()
            loop.call_later(self._listener.seconds, self._pass_on, data)
        elif self._listener.mode is Mode.NORMAL:
            self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        if self._inner and self._transport and not self._transport.is_closing():
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner else None

    def pause_writing(self) -> None:
        if self._inner:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.gates.discard(self)
        if self._inner:
            self._inner.connection_lost(exc)

    def reset(self) -> None:
        """Close with RST."""
        if self._transport is None:
            return
        incoming = self._transport.get_extra_info("socket")
        if incoming is not None:
            incoming.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NONE)
        self._transport.abort()


class Listeners:
    """Every address and port that the simulated deployment listens on."""

    def __init__(self) -> None:
        self._at: dict[Place, Listener] = {}

    async def open(
        self,
        address: str,
        port: int,
        speaks: Speaks,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> int:
        """Listen; returns the port, which is a free one if 0 was asked for.

        Raises `OSError` where the address and port cannot be bound.
        """
        listener = Listener((address, port), speaks, tls)
        await listener.listen()
        self._at[listener.place] = listener
        return listener.place[1]

    async def set_mode(
        self, address: str, port: int, mode: Mode, seconds: float = 0.0
    ) -> None:
        """Break or mend one place. Raises `KeyError` where nothing was opened."""
        listener = self._at[address, port]
        before, listener.mode, listener.seconds = listener.mode, mode, seconds
        if mode in (Mode.REFUSE, Mode.RESET):
            listener.cut()
        tls_changes = (before in SAYS_NOTHING) != (mode in SAYS_NOTHING)
        if mode is Mode.REFUSE or (listener.tls and tls_changes):
            listener.stop()
        if mode is not Mode.REFUSE and listener.server is None:
            await listener.listen()

    async def close(self, address: str, port: int) -> None:
        """Stop listening for good and reset what is connected, or is about to be."""
        listener = self._at.pop((address, port))
        listener.mode = Mode.RESET
        listener.stop()
        listener.cut()

    async def close_all(self) -> None:
        """Close every place."""
        for address, port in tuple(self._at):
            await self.close(address, port)


class _Dated(ServerState):
    """uvicorn's shared state, outside a uvicorn server that would keep its date."""

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        return [(b"date", formatdate(usegmt=True).encode())]

    @default_headers.setter
    def default_headers(self, value: list[tuple[bytes, bytes]]) -> None:
        """The date is told on reading."""


def http(app: Any) -> Speaks:
    """Speak HTTP/1.1 for an ASGI application (without lifespan)."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, ws="none"
    )
    config.load()
    state = _Dated()
    protocol = cast(Any, config.http_protocol_class)
    return lambda: cast(
        asyncio.Protocol, protocol(config=config, server_state=state, app_state={})
    )


def _bound(place: Place) -> socket.socket:
    incoming = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        incoming.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # As Go's servers do: else the body of an answer waits for the ACK of its head.
        incoming.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        incoming.bind(place)
        incoming.setblocking(False)
    except OSError:
        incoming.close()
        raise
    return incoming
