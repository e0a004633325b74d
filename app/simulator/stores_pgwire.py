"""PostgreSQL's protocol 3.0: messages in, messages out. Pure but for the buffer.

What comes is read as far as a client's driver sends it; what goes out is bytes. Values
travel as text or in binary, as the client asks for each column.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

LONGEST: Final = 64 * 1024
"""Of one message; the questions that a watcher asks are short."""
SSL_REQUEST: Final = 80_877_103
GSS_REQUEST: Final = 80_877_104
CANCEL_REQUEST: Final = 80_877_102
MAJOR: Final = 3
OURS: Final = 3 << 16
"""Version 3.0."""
IDLE, IN_TRANSACTION, FAILED = b"I", b"T", b"E"


class Refused(Exception):
    """What the server answers with an error: its SQLSTATE and its words."""

    def __init__(
        self, code: str, text: str, *, fatal: bool = False, position: int = 0
    ) -> None:
        super().__init__(text)
        self.code = code
        self.fatal = fatal
        self.position = position


def broken(text: str) -> Refused:
    """What came is not the protocol: nothing more can be understood."""
    return Refused("08P01", text, fatal=True)


class Message(NamedTuple):
    """`tag`: one byte; none for what begins a connection."""

    tag: bytes
    body: bytes


class Messages:
    """Takes bytes as they come, gives every message that is whole.

    `begun` is set by who reads it: until then messages have no tag.
    """

    def __init__(self) -> None:
        self._got = b""
        self.begun = False

    @property
    def more(self) -> bool:
        """Whether something has come after the message that was given last."""
        return bool(self._got)

    def feed(self, data: bytes) -> Iterator[Message]:
        self._got += data
        while True:
            at = 1 if self.begun else 0
            if len(self._got) < at + 4:
                return
            size = int.from_bytes(self._got[at : at + 4], "big")
            if not 4 <= size <= LONGEST:
                raise broken("invalid message length")
            if len(self._got) < at + size:
                return
            tag, body = self._got[:at], self._got[at + 4 : at + size]
            self._got = self._got[at + size :]
            yield Message(tag, body)


class Fields:
    """The fields of one message, one after another."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    @property
    def left(self) -> bytes:
        return self._left

    def take(self, size: int) -> bytes:
        if not 0 <= size <= len(self._left):
            raise broken("insufficient data left in message")
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def text(self) -> str:
        found, ended, self._left = self._left.partition(b"\0")
        if not ended:
            raise broken("invalid string in message")
        return found.decode(errors="replace")

    def int16(self) -> int:
        return int.from_bytes(self.take(2), "big", signed=True)

    def int32(self) -> int:
        return int.from_bytes(self.take(4), "big", signed=True)

    def int16s(self) -> list[int]:
        return [self.int16() for _ in range(self.int16())]

    def value(self) -> bytes | None:
        size = self.int32()
        return None if size < 0 else self.take(size)

    def pairs(self) -> dict[str, str]:
        """Names and values up to an empty name."""
        found: dict[str, str] = {}
        while name := self.text():
            found[name] = self.text()
        return found


@dataclass(frozen=True, slots=True)
class Type:
    """One type of values. `size`: in binary, -1 where it varies."""

    oid: int
    size: int
    text: Callable[[Any], str]
    binary: Callable[[Any], bytes]


BOOL: Final = Type(16, 1, lambda v: "t" if v else "f", lambda v: bytes([bool(v)]))
INT8: Final = Type(20, 8, str, lambda v: struct.pack("!q", v))
INT4: Final = Type(23, 4, str, lambda v: struct.pack("!i", v))
FLOAT8: Final = Type(
    701, 8, lambda v: repr(v).removesuffix(".0"), lambda v: struct.pack("!d", v)
)
NAME: Final = Type(19, 64, str, lambda v: str(v).encode())
TEXT: Final = Type(25, -1, str, lambda v: str(v).encode())


class Column(NamedTuple):
    name: str
    type: Type


def formats(asked: Sequence[int], count: int) -> list[int]:
    """Of each value: 0 text, 1 binary. None asked for: text; one: it is for all."""
    if len(asked) <= 1:
        return list(asked or [0]) * count
    if len(asked) != count:
        said = f"bind message has {len(asked)} result formats"
        raise Refused("08P01", f"{said} but query has {count} columns")
    return list(asked)


def message(tag: bytes, body: bytes = b"") -> bytes:
    return tag + _int32(len(body) + 4) + body


def authentication(code: int, body: bytes = b"") -> bytes:
    return message(b"R", _int32(code) + body)


def parameter(name: str, value: str) -> bytes:
    return message(b"S", _text(name) + _text(value))


def key(pid: int, secret: int) -> bytes:
    return message(b"K", _int32(pid) + _int32(secret))


def ready(status: bytes) -> bytes:
    return message(b"Z", status)


def negotiated(unknown: Sequence[str]) -> bytes:
    """To a newer client: 3.0 it is, and these of its options are not known."""
    body = _int32(OURS) + _int32(len(unknown)) + b"".join(map(_text, unknown))
    return message(b"v", body)


def described(columns: Sequence[Column], asked: Sequence[int] = ()) -> bytes:
    if not columns:
        return message(b"n")
    each = zip(columns, formats(asked, len(columns)), strict=True)
    body = b"".join(
        _text(column.name)
        + struct.pack("!ihihih", 0, 0, column.type.oid, column.type.size, -1, form)
        for column, form in each
    )
    return message(b"T", _int16(len(columns)) + body)


def parameters(types: Sequence[Type]) -> bytes:
    body = b"".join(_int32(one.oid) for one in types)
    return message(b"t", _int16(len(types)) + body)


def row(
    columns: Sequence[Column], values: Sequence[Any], asked: Sequence[int] = ()
) -> bytes:
    each = zip(columns, values, formats(asked, len(columns)), strict=True)
    body = b"".join(_value(column.type, value, form) for column, value, form in each)
    return message(b"D", _int16(len(columns)) + body)


def complete(tag: str) -> bytes:
    return message(b"C", _text(tag))


def error(refused: Refused) -> bytes:
    severity = "FATAL" if refused.fatal else "ERROR"
    told: Mapping[str, str] = {
        "S": severity, "V": severity, "C": refused.code, "M": str(refused),
        "P": str(refused.position or ""),
    }  # fmt: skip
    body = b"".join(_text(name + value) for name, value in told.items() if value)
    return message(b"E", body + b"\0")


def _value(kind: Type, value: Any, form: int) -> bytes:
    if value is None:
        return _int32(-1)
    body = kind.binary(value) if form else kind.text(value).encode()
    return _int32(len(body)) + body


def _text(text: str) -> bytes:
    return text.encode() + b"\0"


def _int16(value: int) -> bytes:
    return struct.pack("!h", value)


def _int32(value: int) -> bytes:
    return struct.pack("!i", value)
