"""A TCP proxy between the dashboard and each source, and what it does to connections."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tests.chaos.fates import ENDS_ORDERLY, Fate, Mode, calm

Place = tuple[str, int]
NO_LINGER: Final = struct.pack("ii", 1, 0)
"""`SO_LINGER` on with no time: closing sends RST instead of FIN."""
DRIP_S: Final = 0.02
PIECE: Final = 65536
WATCHED: Final = re.compile(rb"GET (\S+?)\?\S*watch=true")
CHUNK: Final = re.compile(rb"([0-9a-f]+)\r\n(.*)\r\n", re.DOTALL)
MOST_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Route:
    """One source: its place, that of another cluster's, and what lets us in there."""

    source: str
    here: Place
    other: Place
    secrets: tuple[bytes, bytes] = (b"", b"")


class Link:
    """One connection, from its beginning to its end."""

    def __init__(self, proxy: ChaosProxy, fate: Fate) -> None:
        self._proxy = proxy
        self._fate = fate
        self._watched: bytes | None = None
        """The path that is watched over it."""

    async def live(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        mode = self._fate.mode
        if mode is Mode.RESET:
            return
        if mode is Mode.HANG:
            while await reader.read(PIECE):
                pass
            return
        route = self._proxy.route
        place = route.other if mode is Mode.OTHER else route.here
        up_reader, up_writer = await asyncio.open_connection(*place)
        up = asyncio.create_task(self._up(reader, up_writer))
        try:
            await self._down(up_reader, writer)
        finally:
            up_writer.transport.abort()  # first: what follows may be cancelled too
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)

    async def _up(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while piece := await reader.read(PIECE):
            found = WATCHED.search(piece)
            self._watched = found[1] if found else None
            if self._fate.mode is Mode.OTHER and self._proxy.route.secrets[0]:
                piece = piece.replace(*self._proxy.route.secrets)
            writer.write(piece)
            await writer.drain()
        writer.write_eof()

    async def _down(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        mode, left = self._fate.mode, self._fate.pieces
        while piece := await reader.read(PIECE):
            if mode in (Mode.CUT, Mode.HALF) and left == 0:
                writer.write(piece[: len(piece) // 2])
                await writer.drain()
                return
            left -= 1
            for part in self._parts(piece):
                writer.write(part)
                await writer.drain()
                if mode is Mode.TRICKLE:
                    await asyncio.sleep(DRIP_S)

    def _parts(self, piece: bytes) -> Iterator[bytes]:
        mode = self._fate.mode
        if mode is Mode.TRICKLE:
            yield from (piece[i : i + 1] for i in range(len(piece)))
            return
        yield piece
        if self._watched is None or mode is Mode.OTHER:
            return
        if mode is Mode.REPEAT and piece.endswith(b"\r\n"):
            yield self._proxy.old_event(self._watched)
        self._proxy.keep(self._watched, piece)


class ChaosProxy:
    """Call from its loop alone, but for `met`."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.port = 0
        self.met: Counter[Mode] = Counter()
        """How many connections came to each mode."""
        self._fates = calm()
        self._events: dict[bytes, list[bytes]] = defaultdict(list)
        self._chance = random.Random(route.source)
        self._links: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.follow(calm())

    async def follow(self, fates: Iterator[Fate]) -> None:
        """From now on these; every connection that is open is reset."""
        self._fates = fates
        self.met = Counter()
        links = tuple(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    def keep(self, path: bytes, piece: bytes) -> None:
        """Remember what a watch told, if it is one event and whole."""
        found = CHUNK.fullmatch(piece)
        if found is None or int(found[1], 16) != len(found[2]):
            return
        kept = self._events[path]
        if len(kept) < MOST_KEPT and piece not in kept:
            kept.append(piece)

    def old_event(self, path: bytes) -> bytes:
        kept = self._events[path]
        return self._chance.choice(kept) if kept else b""

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        fate = next(self._fates)
        self.met[fate.mode] += 1
        orderly = False
        try:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(fate.life_s):
                    await Link(self, fate).live(reader, writer)
                orderly = fate.mode in ENDS_ORDERLY
        except asyncio.CancelledError:
            pass  # by `follow`: the chaos begins, changes or ends
        finally:
            _end(writer, orderly=orderly)
            self._links.discard(task)


def _end(writer: asyncio.StreamWriter, *, orderly: bool) -> None:
    if orderly:
        writer.close()
        return
    sock = writer.get_extra_info("socket")
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
