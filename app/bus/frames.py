"""Server-Sent Events as bytes, and the ids by which a stream is resumed.

An id is `<epoch>-<version>`: versions start again with every process, so an id of an
earlier process must not be mistaken for one of this.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

RETRY: Final = b"retry: 1000\n\n"
HEARTBEAT: Final = b": still here\n\n"


def event(name: str, event_id: str, body: bytes) -> bytes:
    """One whole event. `body` is JSON, which never holds a line break."""
    head = f"event: {name}\nid: {event_id}\ndata: ".encode()
    return head + body + b"\n\n"


def dump(value: Any) -> bytes:
    return orjson.dumps(value)


def event_id(epoch: str, version: int) -> str:
    return f"{epoch}-{version}"


def version_in(text: str | None, epoch: str) -> int | None:
    """The version that an id names, if this very process gave it out."""
    if text is None:
        return None
    head, _, tail = text.rpartition("-")
    return int(tail) if head == epoch and tail.isdecimal() and tail.isascii() else None
