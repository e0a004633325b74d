"""Stores are greeted: one that accepts and then says nothing is not well."""

import socket
import struct
from dataclasses import replace

import pytest

from app.domain.subject import NodeId
from app.domain.targets import HELLOS

REDIS, POSTGRESQL, ELASTICSEARCH = map(NodeId, ("redis", "postgresql", "elasticsearch"))
ALERT = b"\x15\x03\x03\x00\x02\x02\x28"
RST = struct.pack("ii", 1, 0)


def replies(raw):
    """A server that answers whatever it hears and ends the connection."""

    def handle(server, connection):
        server.requests.append(connection.recv(4096))
        connection.sendall(raw)

    return handle


@pytest.fixture
def greet(aimed, prober):
    """The outcome of greeting a store on this port."""

    def once(port, node=REDIS):
        target = replace(aimed(port), node=node, hello=HELLOS[node])
        (reading,) = prober(target).ask_once()
        return reading.facts[0].outcomes[-1]

    return once


@pytest.mark.parametrize(
    ("node", "raw"),
    [
        (REDIS, b"+PONG\r\n"),
        (REDIS, b"-NOAUTH Authentication required.\r\n"),
        (REDIS, b"-ERR max number of clients reached\r\n"),
        (REDIS, ALERT),
        (POSTGRESQL, b"N"),
        (POSTGRESQL, b"S"),
        (POSTGRESQL, b"E\0\0\0\x08xxxx"),
        (ELASTICSEARCH, b"HTTP/1.0 200 OK\r\n\r\n"),
        (ELASTICSEARCH, b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
    ],
)
def test_any_answer_is_a_sign_of_life_and_is_timed(node, raw, serve, greet):
    server = serve(replies(raw))
    outcome = greet(server.port, node)
    assert (outcome.ok, outcome.text) == (True, "connected and answered")
    assert 0 < outcome.first_byte_s < 0.5
    assert server.requests[0] == HELLOS[node].says


def test_a_late_answer_is_timed_apart_from_the_connect(serve, greet):
    def slowly(server, connection):
        connection.recv(4096)
        server.ended.wait(0.15)
        connection.sendall(b"+PONG\r\n")

    outcome = greet(serve(slowly).port)
    assert outcome.ok
    assert outcome.connect_s < 0.14 < outcome.first_byte_s


def test_a_store_that_accepts_and_is_silent_is_not_well(serve, greet):
    outcome = greet(serve(lambda s, c: s.ended.wait(9)).port)
    assert (outcome.ok, outcome.text) == (False, "connected, but no answer in 0.5 s")
    assert outcome.connect_s is not None
    assert outcome.first_byte_s is None


def test_a_store_that_hangs_up_is_not_well(serve, greet):
    outcome = greet(serve(lambda s, c: c.recv(4096)).port)
    assert (outcome.ok, outcome.text) == (
        False,
        "connected, then closed without an answer",
    )


def test_a_store_that_resets_is_not_well(serve, greet):
    def reset(server, connection):
        connection.recv(4096)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)

    outcome = greet(serve(reset).port)
    assert (outcome.ok, outcome.text) == (
        False,
        "connected, but connection reset by the other side",
    )


def test_one_that_hangs_up_on_all_but_tls_is_alive(serve, certificate, greet):
    context, _ = certificate(30)

    def picky(server, connection):
        first = connection.recv(1, socket.MSG_PEEK)
        if first == b"\x16":
            with context.wrap_socket(connection, server_side=True):
                pass
        else:
            connection.recv(4096)

    outcome = greet(serve(picky).port, ELASTICSEARCH)
    assert (outcome.ok, outcome.text) == (True, "connected, speaks TLS")
    assert outcome.first_byte_s is None


def test_a_postgresql_that_agrees_to_tls_is_not_left_waiting(serve, certificate, greet):
    context, _ = certificate(30)
    spoken = []

    def agrees(server, connection):
        connection.recv(4096)
        connection.sendall(b"S")
        with context.wrap_socket(connection, server_side=True) as secured:
            spoken.append(secured.version())
        server.ended.set()

    server = serve(agrees)
    assert greet(server.port, POSTGRESQL).ok
    assert server.ended.wait(30)
    assert spoken == ["TLSv1.3"]
