"""Saying hello to a store: connected is not yet served.

The kernel accepts connections for a process that hangs. Any byte of an answer will do,
a refusal as well: what is asked for needs no account.
"""

from __future__ import annotations

import ssl
from time import monotonic
from typing import Final

from app.domain.targets import Hello
from collectors.errors import CollectorError, SourceUnreachable
from collectors.sockets import Line

MOST: Final = 4096
"""Whole answers are read, since one that is left unread makes the store log a reset."""


class ClosedUnanswered(SourceUnreachable):
    """A process that is going away, or one that only speaks TLS."""


def greet(line: Line, hello: Hello, untrusting: ssl.SSLContext) -> float:
    """Seconds until the first byte of an answer. Raises `SourceUnreachable`."""
    began = monotonic()
    answer = bytearray(MOST)
    try:
        line.sendall(hello.says)
        length = line.receive_into(answer)
    except CollectorError as exc:
        raise SourceUnreachable(f"connected, but {exc}") from exc
    took_s = monotonic() - began
    if not length:
        raise ClosedUnanswered("connected, then closed without an answer")
    if bytes(answer[:length]) == hello.agrees:
        _take_leave(line, untrusting)
    return took_s


def _take_leave(line: Line, untrusting: ssl.SSLContext) -> None:
    try:
        line.secure(untrusting, None)
    except CollectorError:
        pass  # it has answered, and that was the question
