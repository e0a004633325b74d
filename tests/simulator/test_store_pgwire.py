"""PostgreSQL's protocol as the simulation speaks it, byte by byte; held against a real
one."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from app.simulator.stores_pgwire import IDLE, Fields, Messages, Refused, message
from app.simulator.stores_postgresql import PostgresqlServer
from app.simulator.stores_postgresql_asking import Asking
from app.simulator.stores_postgresql_commands import Asker
from app.simulator.stores_postgresql_talk import Talk
from collectors import postgresql_store
from tests.simulator.postgresql_alone import POD, connect, stores

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
GSS_REQUEST = bytes.fromhex("0000000804d21630")
CANCEL = bytes.fromhex("0000001004d2162e0000000100000002")


@pytest.fixture
def simulated(simulated_postgresql: int) -> int:
    return simulated_postgresql


@pytest.fixture
def real(real_postgresql: int) -> int:
    return real_postgresql


def startup(version: int = 3 << 16, **named: str) -> bytes:
    body = b"".join(f"{k}\0{v}\0".encode() for k, v in named.items()) + b"\0"
    return (len(body) + 8).to_bytes(4, "big") + version.to_bytes(4, "big") + body


def said(port: int, *sent: bytes) -> bytes:
    """All that is answered until it hangs up, or until nothing more is sent."""
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as made:
        made.sendall(b"".join(sent))
        made.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: made.recv(65536), b""))


def asked(text: bytes) -> list[bytes]:
    """A question in the extended way, all at once."""
    parse = message(b"P", b"\0" + text + b"\0\0\0")
    bind, execute = b"\0\0\0\0\0\0\0\0", b"\0\0\0\0\0"
    return [parse, message(b"B", bind), message(b"E", execute)]


def kinds(answer: bytes) -> tuple[bytes, bytes | str]:
    """What is said to a request for TLS; then an offer, or an error's SQLSTATE."""
    first, rest = answer[:1], answer
    if first == b"N":
        rest = answer[1:]
    return first, code(rest) if rest[:1] == b"E" else rest


def code(answer: bytes) -> str:
    """The SQLSTATE of an error, which is all that is answered."""
    assert answer[:1] == b"E", answer
    fields = answer[5:].split(b"\0")
    return next(one[1:].decode() for one in fields if one[:1] == b"C")


@pytest.mark.real
@pytest.mark.parametrize(
    "sent",
    [
        (SSL_REQUEST,),
        (CANCEL,),
        (SSL_REQUEST, startup(user="observatory", database="gws")),
        (startup(user="observatory"),),
    ],
)
def test_a_beginning_is_met_as_a_real_one_meets_it(
    simulated: int, real: int, sent: tuple[bytes, ...]
) -> None:
    """Up to the sign-in, which a real one offers in the same words. What follows a
    request for TLS unasked is refused."""
    mine, told = (kinds(said(port, *sent)) for port in (simulated, real))
    assert mine == told


@pytest.mark.real
@pytest.mark.parametrize(
    "sent",
    [
        (startup(database="gws"),),
        (startup(user="observatory", database="gws"), b"Q\0\0\0\x0dSELECT 1\0"),
        (startup(user="observatory"), message(b"p", b"PLAIN\0\0\0\0\0")),
        (
            startup(user="observatory"),
            message(b"p", b"SCRAM-SHA-256\0\0\0\0\x05n,,xx"),
        ),
    ],
)
def test_a_beginning_that_is_wrong_is_refused_with_a_real_ones_code(
    simulated: int, real: int, sent: tuple[bytes, ...]
) -> None:
    offered = said(simulated, startup(user="observatory"))
    mine, told = (said(port, *sent).removeprefix(offered) for port in (simulated, real))
    assert code(mine) == code(told)


def test_a_client_of_another_age_is_refused(simulated: int) -> None:
    assert code(said(simulated, startup(2 << 16, user="observatory"))) == "0A000"


def test_another_encryption_is_declined_too(simulated: int) -> None:
    assert said(simulated, GSS_REQUEST) == b"N"


def test_a_newer_client_is_told_what_is_spoken(simulated: int) -> None:
    answer = said(simulated, startup((3 << 16) + 2, user="x", **{"_pq_.new": "1"}))
    assert answer.startswith(message(b"v", b"\0\x03\0\0\0\0\0\x01_pq_.new\0"))


def test_a_probe_that_asks_for_tls_and_leaves_is_no_session() -> None:
    server = PostgresqlServer(POD, stores())
    talk = Talk(server, "10.0.0.1", "nonce")
    assert talk.hear(SSL_REQUEST) == b"N"
    talk.leave()
    assert server.everybody() == []


def test_a_message_in_pieces_is_read_once_it_is_whole() -> None:
    messages = Messages()
    messages.begun = True
    sent = message(b"Q", b"SELECT 1\0") + message(b"S")
    found = [one for byte in sent for one in messages.feed(bytes([byte]))]
    assert found == [(b"Q", b"SELECT 1\0"), (b"S", b"")]


@pytest.mark.parametrize("length", [0, 3, 70_000])
def test_a_length_that_can_not_be_is_refused(length: int) -> None:
    with pytest.raises(Refused, match="invalid message length"):
        list(Messages().feed(length.to_bytes(4, "big")))


def test_fields_that_are_cut_are_refused() -> None:
    with pytest.raises(Refused, match="insufficient data"):
        Fields(b"\0").int32()
    with pytest.raises(Refused, match="invalid string"):
        Fields(b"no end").text()


@pytest.mark.real
@pytest.mark.parametrize(
    "course",
    [
        [message(b"B", b"\0none\0\0\0\0\0\0\0")],
        [message(b"E", b"none\0\0\0\0\0")],
        [message(b"D", b"Snone\0")],
        [message(b"D", b"Pnone\0")],
        [message(b"P", b"a\0SELECT 1\0\0\0"), message(b"P", b"a\0SELECT 1\0\0\0")],
        [message(b"P", b"\0SELECT 1; SELECT 1\0\0\0")],
        [message(b"P", b"\0SELECT 1\0\0\0"), message(b"B", b"\0\0\0\0\0\x01\0\0\0\x011\0\0")],
        [message(b"P", b"\0SELECT 1\0\0\0"), message(b"B", b"\0\0\0\0\0\0\0\x02\0\0\0\0")],
        [
            message(b"P", b"\0SELECT 1\0\0\0"), message(b"B", b"p\0\0\0\0\0\0\0\x01\0\x01"),
            message(b"D", b"S\0"), message(b"D", b"Pp\0"), message(b"E", b"p\0\0\0\0\x01"),
            message(b"H"), message(b"C", b"Pp\0"), message(b"C", b"S\0"),
        ],
        [
            message(b"P", b"\0\0\0\0"), message(b"B", b"\0\0\0\0\0\0\0\0"),
            message(b"D", b"P\0"), message(b"E", b"\0\0\0\0\0"),
        ],
        [
            *asked(b"SELECT 1"), *asked(b"SELECT * FROM no"), *asked(b"SELECT 1"),
        ],
        [message(b"!")],
    ],
)  # fmt: skip
def test_the_extended_way_is_gone_as_with_a_real_one(
    simulated: int, real: int, course: list[bytes]
) -> None:
    """Type by type of what is answered, and code by code of what is refused."""
    assert shape(signed_in(simulated, *course)) == shape(signed_in(real, *course))


def test_rows_are_given_a_few_at_a_time_to_who_asks_for_few() -> None:
    server = PostgresqlServer(POD, stores())
    sessions = [server.begin(f"10.0.0.{n}", "gws", {}) for n in range(3)]
    asking = server.begin("10.0.0.9", "gws", {})
    asked = Asking(Asker(server, asking))

    def tags(*sent: bytes) -> str:
        found = Messages()
        found.begun = True
        turns = [one for part in sent for one in found.feed(part)]
        return "".join(tag for tag, _ in shape(b"".join(map(asked.hear, turns))))

    text = postgresql_store.SESSIONS.encode()
    assert tags(message(b"P", b"\0" + text + b"\0\0\0")) == "1"
    assert tags(message(b"B", b"\0\0\0\0\0\0\0\0")) == "2"
    two = message(b"E", b"\0\0\0\0\x02")
    assert tags(two) == "DDs"
    assert tags(two) == "DC"
    assert tags(message(b"S")) == "Z"
    assert tags(two) == "E"
    assert asking.status == IDLE
    assert len(server.everybody()) == len(sessions) + 1


def shape(answer: bytes) -> list[tuple[str, str]]:
    found = Messages()
    found.begun = True
    return [
        (one.tag.decode(), code_in(one.body) if one.tag == b"E" else "")
        for one in found.feed(answer)
        if one.tag != b"N"
    ]


def code_in(body: bytes) -> str:
    return next(f[1:].decode() for f in body.split(b"\0") if f[:1] == b"C")


def signed_in(port: int, *course: bytes) -> bytes:
    """What is answered to some messages after the sign-in, which the driver does."""
    with connect(port) as connection:
        way = socket.socket(fileno=socket.dup(connection.fileno()))
        with closing(way):
            way.setblocking(True)
            way.settimeout(5)
            way.sendall(b"".join(course) + message(b"S"))
            got = b""
            while True:
                more = way.recv(65536)
                got += more
                if not more or ("Z", "") in shape(got):
                    return got
