"""Callers that are slow on purpose are let go; those who only listen are not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from app.bounds import Bounds
from tests.web.conftest import Live, picture, start

IMPATIENT = Bounds(arrival=0.4, idle=1.0, connections=8)
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = (
    b"POST /api/v1/deployments/demo/notes HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
)


DASH = (
    b"POST /_dash-update-component HTTP/1.1\r\nHost: x\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)


@pytest.fixture(scope="module")
def impatient() -> Iterator[Live]:
    for running in start("demo", bounds=IMPATIENT):
        running.bus.publish(picture(), None)
        yield running


class Caller:
    """A connection that says what a test gives it, byte by byte if need be."""

    def __init__(self, live: Live) -> None:
        parts = urlsplit(live.url)
        self.raw = socket.create_connection((parts.hostname, parts.port), 30)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *exc: object) -> None:
        self.raw.close()

    def rest(self) -> bytes:
        """All until the server ends it."""
        try:
            return b"".join(iter(lambda: self.raw.recv(65_536), b""))
        except ConnectionResetError:
            return b""

    def dribble(self, piece: bytes) -> bytes:
        """The same again and again, until the server has enough of it."""
        self.raw.settimeout(0.02)
        answer = b""
        while True:
            try:
                self.raw.sendall(piece)
                got = self.raw.recv(65_536)
                answer += got
                if not got:
                    return answer
            except TimeoutError:
                pass
            except OSError:
                return answer


def test_who_says_nothing_is_let_go_without_a_word(impatient):
    with Caller(impatient) as caller:
        assert caller.rest() == b""


@pytest.mark.parametrize("begun", [GET, b"G", POST, POST + b'{"by": "me'])
def test_who_begins_a_request_and_stops_is_told_so_and_let_go(impatient, begun):
    with Caller(impatient) as caller:
        caller.raw.sendall(begun)
        answer = caller.rest()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in answer


@pytest.mark.parametrize(
    ("begun", "piece"),
    [(GET, b"X-A: b\r\n"), (POST, b" "), (b"", b"\r\n"), (GET + b"X: ", b"y")],
)
def test_dribbling_wins_no_time(impatient, begun, piece):
    with Caller(impatient) as caller:
        caller.raw.sendall(begun)
        caller.dribble(piece)


def test_a_later_request_of_a_connection_has_no_more_time(impatient):
    with Caller(impatient) as caller:
        caller.raw.sendall(GET + b"\r\n")
        assert caller.raw.recv(65_536).startswith(b"HTTP/1.1 200")
        caller.dribble(b"\r\n")
    with Caller(impatient) as caller:
        caller.raw.sendall(GET + b"\r\n" + GET)
        answer = caller.rest()
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408 " in answer


def test_a_body_that_nobody_wants_holds_nothing_open(impatient):
    with Caller(impatient) as caller:
        caller.raw.sendall(GET + b"Content-Length: 50000\r\n\r\n")
        assert caller.raw.recv(65_536).startswith(b"HTTP/1.1 200")
        caller.dribble(b"x")


def test_headers_that_never_end_are_not_collected(impatient):
    with Caller(impatient) as caller:
        caller.raw.sendall(GET)
        sent = 0
        try:
            while sent < 64 << 20:
                sent += caller.raw.send(b"X-Long: " + b"y" * 60_000)
        except OSError:
            pass
    assert sent < 64 << 20


def test_a_viewer_listens_for_as_long_as_it_likes(impatient):
    """Several times as long as a request may take to arrive."""
    with impatient.stream() as stream:
        beats = 0
        for line in stream.iter_lines():
            beats += line.startswith(b":")
            if beats > 6:
                break
    assert beats == 7  # one each 0.2 s


def test_a_connection_without_a_next_request_is_closed(impatient):
    with Caller(impatient) as caller:
        caller.raw.sendall(GET + b"\r\n")
        assert caller.rest().startswith(b"HTTP/1.1 200")


def test_connections_end_where_the_handles_would(impatient):
    callers = [Caller(impatient) for _ in range(12)]
    ended = [caller.rest() == b"" for caller in callers]
    assert all(ended)
    for caller in callers:
        caller.raw.close()
    assert impatient.get("/healthz").status_code == 200


def test_who_hangs_up_in_the_middle_is_no_bug_of_ours(impatient):
    with capture_logs() as logs:
        for begun in (POST + b'{"by":', DASH):
            with Caller(impatient) as caller:
                caller.raw.sendall(begun)
            with Caller(impatient) as caller:
                caller.raw.sendall(begun)
                assert caller.rest()
    assert not [entry for entry in logs if entry["log_level"] == "error"]
