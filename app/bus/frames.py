"""Server-Sent Events as bytes, and the ids by which a stream is resumed.

An id is `<epoch>-<version>`: versions start again with every process, so an id of an
earlier process must not be mistaken for one of this. Several processes that take over
from each other share them: there the epoch is the term of who leads.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

RETRY: Final = b"retry: 1000\n\n"
HEARTBEAT: Final = b": still here\n\n"


def come_back(after_s: float) -> bytes:
    """When a viewer is to open its stream anew."""
    return f"retry: {after_s * 1000:.0f}\n\n".encode()


def event(name: str, event_id: str, body: bytes) -> bytes:
    """One whole event. `body` is JSON, which never holds a line break."""
    head = f"event: {name}\nid: {event_id}\ndata: ".encode()
    return head + body + b"\n\n"


def dump(value: Any) -> bytes:
    return orjson.dumps(value)


def event_id(epoch: str, version: int) -> str:
    return f"{epoch}-{version}"
