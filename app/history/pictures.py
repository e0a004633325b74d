"""Whole pictures, packed against another one of the same hour, which they resemble.

A picture of 66 kB becomes some 1.5 kB so, and is there again in less than a
millisecond.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

import orjson
import zstandard

from app.history.base import Json

LEVEL: Final = 9
HOUR: Final = 3_600_000
MOST_READY: Final = 4
INSERT: Final = (
    "INSERT INTO picture (deployment, at, turned, base, packed) VALUES (?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Base:
    """The first picture of an hour that was kept, against which others are packed."""

    number: int
    hour: int
    plain: bytes


class Packer:
    """Packs against the pictures that were packed against last. What is ready for that
    takes 1.5 MB for each, which a hundred deployments must not hold. For one thread."""

    def __init__(self) -> None:
        self._ready: dict[bytes, zstandard.ZstdCompressor] = {}

    def packed(self, plain: bytes, base: Base) -> bytes:
        ready = self._ready.pop(base.plain, None) or _against(base.plain)
        self._ready[base.plain] = ready
        if len(self._ready) > MOST_READY:
            del self._ready[next(iter(self._ready))]
        return ready.compress(plain)


def put(
    connection: sqlite3.Connection,
    deployment: int,
    at: int,
    turned: bool,
    picture: Json,
    base: Base | None,
    packer: Packer,
) -> Base:
    """What the next one of the hour is packed against."""
    plain = orjson.dumps(picture)
    if base is not None and base.hour == at // HOUR:
        packed = packer.packed(plain, base)
        insert(connection, deployment, at, turned, base.number, packed)
        return base
    number = insert(connection, deployment, at, turned, None, alone(plain))
    return Base(number, at // HOUR, plain)


def insert(
    connection: sqlite3.Connection,
    deployment: int,
    at: int,
    turned: bool,
    base: int | None,
    packed: bytes,
) -> int:
    """The number of the picture; `base`: of the one that it is packed against."""
    row = deployment, at, turned, base, packed
    done = connection.execute(INSERT, row)
    assert done.lastrowid is not None
    return done.lastrowid


def alone(plain: bytes) -> bytes:
    """The first of an hour, packed."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(plain)


def _against(plain: bytes) -> zstandard.ZstdCompressor:
    known = _dictionary(plain)
    known.precompute_compress(level=LEVEL)
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=known, write_checksum=True)


def _dictionary(plain: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(plain, zstandard.DICT_TYPE_RAWCONTENT)


class Unpacker:
    """Of one reading: pictures of an hour share what they are packed against."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._base: tuple[int, zstandard.ZstdDecompressor] | None = None

    def picture(self, base: int | None, packed: bytes) -> Json:
        """Raises `zstandard.ZstdError` when it is damaged."""
        found: Json = orjson.loads(self._with(base).decompress(packed))
        return found

    def _with(self, base: int | None) -> zstandard.ZstdDecompressor:
        if base is None:
            return zstandard.ZstdDecompressor()
        if self._base is None or self._base[0] != base:
            found = self._connection.execute(
                "SELECT packed FROM picture WHERE id = ?", (base,)
            ).fetchone()
            if found is None:
                raise zstandard.ZstdError("what it is packed against is gone")
            plain = zstandard.ZstdDecompressor().decompress(found[0])
            known = zstandard.ZstdDecompressor(dict_data=_dictionary(plain))
            self._base = base, known
        return self._base[1]
