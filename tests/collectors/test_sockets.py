"""A connection that ends early leaves nothing open."""

from __future__ import annotations

import gc
import select
import socket
import struct

import pytest

from collectors.errors import SourceUnreachable
from collectors.sockets import Line, Lines, Patience, untrusting

AT_ONCE = struct.pack("ii", 1, 0)


def test_a_connection_reset_before_tls_begins_is_told_and_closed() -> None:
    """What is left open would be warned of, and warnings are errors here."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        theirs.close()
        select.select([ours], [], [], 30)
        line = Line(Lines(), ours, Patience())
        with pytest.raises(SourceUnreachable, match="TLS cannot begin"):
            line.secure(untrusting(), None)
        line.hang_up()
    gc.collect()
