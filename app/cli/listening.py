"""The socket that the dashboard listens on, taken before anything else is begun."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Final

from app.cli.main import Failure

BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that already listens. Raises `Failure`: taken, or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as exc:
        said = (os.strerror(exc.errno) if exc.errno else str(exc)).lower()
        raise Failure(f"cannot listen on {host} port {port}: {said}") from exc
    # Inherited by every connection: a delta never waits for the ACK of the last one.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address(listening: socket.socket) -> str:
    """The address that a person on this machine can open."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(listening: socket.socket) -> bool:
    """Whether nobody but this machine reaches it."""
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback
