"""A name that is asked for: of the system, and of a server over UDP."""

import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from app.domain.subject import NodeId
from app.domain.targets import ProbeTarget
from collectors.errors import CollectorError, SourceMisread
from collectors.probes_dns import A, addresses, by_server, by_system, query
from collectors.probes_once import Prober
from collectors.sockets import Lines, Patience

NAME = "gws-platform-configuration.service.consul"
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
V4 = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\x0a\x01\x00\x15"
V6 = b"\xc0\x0c\x00\x1c\x00\x01\x00\x00\x00\x00\x00\x10" + b"\xfd" + b"\0" * 15
ALIAS = b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x00\x00\x02\xc0\x0c"
BY_NAME = b"\x01a\x02bc\0" + V4[2:]
NO_SUCH = (
    "no such name: the zone consul is not forwarded, or nothing healthy is called so"
)


def answered(asked: bytes, *records: bytes, code: int = 0) -> bytes:
    head = asked[:2] + bytes([0x81, 0x80 | code]) + b"\0\1" + bytes([0, len(records)])
    return head + b"\0\0\0\0" + asked[12:] + b"".join(records)


@contextmanager
def server(*replies):
    """A name server that answers each question by the next function, then no more."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(10)
        got = []

        def run():
            for reply in replies:
                asked, whence = sock.recvfrom(4096)
                got.append(asked)
                for answer in reply(asked):
                    sock.sendto(answer, whence)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"127.0.0.1:{sock.getsockname()[1]}", got
        thread.join(30)


def ask(where: str, patience_s: float = 5.0) -> int:
    return by_server(Lines(), NAME, where, patience_s)


def test_addresses_are_counted_and_what_else_is_in_there_is_not():
    with server(lambda q: [answered(q, ALIAS, V4, V4, BY_NAME)]) as (where, got):
        assert ask(where) == 3
    assert (
        got[0][12:] == b"\x1agws-platform-configuration\x07service\x06consul\0\0\1\0\1"
    )


def test_where_there_is_none_of_the_old_form_the_new_one_is_asked_for():
    with server(lambda q: [answered(q)], lambda q: [answered(q, V6)]) as (where, _):
        assert ask(where) == 1


def test_a_lost_datagram_is_sent_again_and_a_stranger_s_answer_is_passed_over():
    def stranger(asked):
        other = bytes([asked[0] ^ 1]) + asked[1:]
        return [answered(other, V4, V4), answered(asked, V4)]

    with server(lambda q: [], stranger) as (where, got):
        assert ask(where, 1.0) == 1
    assert got[0] == got[1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (3, NO_SUCH),
        (2, "the name server found nobody who answers for it (SERVFAIL): the zone"),
        (5, "the name server refuses to answer (REFUSED): the zone consul"),
        (9, "the name server answers with code 9: the zone consul"),
    ],
)
def test_a_refusal_is_told_in_words(code, said):
    with server(lambda q: [answered(q, code=code)]) as (where, _):
        with pytest.raises(CollectorError) as caught:
            ask(where)
    assert str(caught.value).startswith(said)


def test_silence_ends_in_time():
    with server(lambda q: [], lambda q: []) as (where, _):
        with pytest.raises(CollectorError, match=r"time-out: no answer in 0\.2 s"):
            ask(where, 0.2)


def test_a_port_that_nobody_listens_on_is_told():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with pytest.raises(CollectorError, match="connection refused"):
        ask(f"127.0.0.1:{port}")


@pytest.mark.parametrize("where", ["127.0.0.1:port", "[::1"])
def test_a_server_that_is_no_address_is_told(where):
    with pytest.raises(CollectorError, match="is not known"):
        ask(where)


def test_stopping_ends_the_wait():
    lines = Lines()
    cut = threading.Event()

    def hang(asked):
        lines.cut()
        cut.set()
        return []

    with server(hang) as (where, _):
        with pytest.raises(CollectorError):
            by_server(lines, NAME, where, 5.0)
    assert cut.is_set()


@pytest.mark.parametrize("length", [2, 20, 60, 70])
def test_an_answer_that_is_cut_short_is_misread_or_counts_nothing(length):
    whole = answered(query(1, NAME, A), V4)
    with_less = whole[:length]
    try:
        assert addresses(with_less, NAME, A) == 0
    except SourceMisread as exc:
        assert "can't be read" in str(exc)


@pytest.mark.parametrize("name", ["a..b", "a" * 70, "é" * 70])
def test_what_is_no_name_is_not_asked_for(name):
    with pytest.raises(SourceMisread, match="not a name"):
        query(1, name, A)


def found(*ips):
    return lambda name, port: [(socket.AF_INET, 1, 6, "", (ip, 0)) for ip in ips * 2]


def failing(error):
    def lookup(name, port):
        raise error

    return lookup


def test_the_system_s_addresses_are_counted_once_each():
    assert by_system(NAME, 5.0, found("10.1.0.1", "10.1.0.2")) == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), NO_SUCH),
        (
            socket.gaierror(socket.EAI_AGAIN, "x"),
            "found nobody who answers for the zone",
        ),
        (UnicodeError("x"), "not a name that can be asked for"),
    ],
)
def test_the_system_s_failure_is_told_in_words(error, said):
    with pytest.raises(CollectorError) as caught:
        by_system(NAME, 5.0, failing(error))
    assert said in str(caught.value)


def test_a_system_that_is_silent_is_left_behind():
    ended = threading.Event()

    def hang(name, port):
        ended.wait(30)
        return []

    try:
        with pytest.raises(CollectorError, match="time-out"):
            by_system(NAME, 0.05, hang)
    finally:
        ended.set()


def outcome(**more):
    target = ProbeTarget(NodeId("consul"), "dns", NAME, NAME, 53, **more)
    prober = Prober(Lines(), lambda: NOW, Patience(1, 1, 1), None)
    return prober(target).outcome


def test_a_probe_of_a_name_says_how_many_addresses_it_has():
    with server(lambda q: [answered(q, V4, V4, V4)]) as (where, _):
        told = outcome(server=where)
    assert (told.ok, told.text) == (True, "answered with 3 addresses")
    assert told.first_byte_s is not None
    with server(lambda q: [answered(q, V4)]) as (where, _):
        assert outcome(server=where).text == "answered with 1 address"


def test_a_name_without_an_address_has_nothing_healthy_behind_it():
    with server(lambda q: [answered(q)], lambda q: [answered(q)]) as (where, _):
        told = outcome(server=where)
    assert (told.ok, told.text) == (False, NO_SUCH)


def test_without_a_server_the_system_is_asked():
    target = ProbeTarget(NodeId("consul"), "dns", "localhost", "localhost", 53)
    prober = Prober(Lines(), lambda: NOW, Patience(5, 5, 5), None)
    assert prober(target).outcome.ok
