"""RESP, the protocol of Redis: commands in, answers out. Pure but for the buffer.

Commands come as arrays of bulk strings, or inline as one types them. Answers are bytes
in the second or the third version of the protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

LINE: Final = b"\r\n"
LONGEST: Final = 64 * 1024
"""Of a command, as the real one limits it inline."""


class Broken(Exception):
    """What came is not RESP. Its text is what a real Redis says before it hangs up."""


class Commands:
    """Takes bytes as they come, gives every command that is whole."""

    def __init__(self) -> None:
        self._got = b""

    def feed(self, data: bytes) -> Iterator[list[str]]:
        self._got += data
        while self._got:
            found = self._array() if self._got[:1] == b"*" else self._inline()
            if found is None:
                if len(self._got) > LONGEST:
                    raise Broken("too big inline request")
                return
            words, self._got = found
            if words:
                yield [word.decode(errors="replace") for word in words]

    def _inline(self) -> tuple[list[bytes], bytes] | None:
        line, ended, rest = self._got.partition(b"\n")
        return (line.split(), rest) if ended else None

    def _array(self) -> tuple[list[bytes], bytes] | None:
        head, ended, rest = self._got.partition(LINE)
        if not ended:
            return None
        words: list[bytes] = []
        for _ in range(_number(head[1:], "multibulk")):
            head, ended, rest = rest.partition(LINE)
            if not ended:
                return None
            if head[:1] != b"$":
                raise Broken(f"expected '$', got '{head[:1].decode(errors='replace')}'")
            size = _number(head[1:], "bulk")
            if len(rest) < size + len(LINE):
                return None
            words.append(rest[:size])
            rest = rest[size + len(LINE) :]
        return words, rest


def _number(text: bytes, what: str) -> int:
    if text.isdigit() and int(text) <= LONGEST:
        return int(text)
    raise Broken(f"invalid {what} length")


def simple(text: str) -> bytes:
    return f"+{text}\r\n".encode()


def error(text: str) -> bytes:
    return f"-{text}\r\n".encode()


def integer(value: int) -> bytes:
    return f":{value}\r\n".encode()


def bulk(text: str) -> bytes:
    body = text.encode()
    return b"$%d\r\n%s\r\n" % (len(body), body)


def verbatim(text: str, protocol: int) -> bytes:
    """A text to be shown as it is: a bulk string to who speaks the second version."""
    if protocol == 2:
        return bulk(text)
    body = b"txt:" + text.encode()
    return b"=%d\r\n%s\r\n" % (len(body), body)


def table(rows: Sequence[tuple[str, bytes]], protocol: int) -> bytes:
    """Names and encoded values: a map, or a flat array in the second version."""
    count = b"*%d\r\n" % (2 * len(rows)) if protocol == 2 else b"%%%d\r\n" % len(rows)
    return count + b"".join(bulk(name) + value for name, value in rows)
