"""Probes over real sockets: what happened, in words; and how soon it is certain."""

import pytest

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def probe(prober):
    """The outcome of probing a target once, and the certificate's days."""

    def once(asked, **more):
        (reading,) = prober(asked, **more).ask_once()
        (fact,) = reading.facts
        return fact.outcomes[-1], fact.certificate_days

    return once


def test_a_listening_port_is_connected_to_and_timed(aimed, serve, answer, probe):
    outcome, days = probe(aimed(serve(answer(b"")).port))
    assert (outcome.ok, outcome.text, days) == (True, "connected", None)
    assert outcome.connect_s > 0
    assert outcome.first_byte_s is None


def test_a_closed_port_says_connection_refused(aimed, refused_port, probe):
    outcome, _ = probe(aimed(refused_port))
    assert (outcome.ok, outcome.text) == (False, "connection refused")
    assert outcome.connect_s is None


def test_a_black_hole_says_how_long_was_waited(aimed, black_hole, probe):
    outcome, _ = probe(aimed(black_hole))
    assert (outcome.ok, outcome.text) == (False, "connect timed out after 0.5 s")


@pytest.mark.parametrize(
    ("raw", "ok", "text"),
    [
        (OK, True, "HTTP 200 from /health"),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", True, "HTTP 302 from /health"),
        (b"HTTP/1.1 503 Down\r\n\r\n", False, "HTTP 503 from /health"),
        (b"HTTP/1.1 404 No\r\n\r\n", False, "HTTP 404 from /health"),
        (b"", False, "closed without an answer"),
        (b"220 smtp\r\n", False, "the answer is not HTTP (BadStatusLine)"),
    ],
)
def test_a_health_path_is_well_as_kubelet_takes_it(
    aimed, raw, ok, text, serve, answer, probe
):
    outcome, _ = probe(aimed(serve(answer(raw)).port, "http", "/health"))
    assert (outcome.ok, outcome.text) == (ok, text)
    assert outcome.connect_s is not None


def test_a_slow_first_byte_is_timed_apart_from_the_connect(aimed, serve, probe):
    def slowly(server, connection):
        server.request(connection)
        server.ended.wait(0.15)
        connection.sendall(OK)

    outcome, _ = probe(aimed(serve(slowly).port, "http", "/health"))
    assert outcome.ok
    assert outcome.connect_s < 0.14 < outcome.first_byte_s


def test_a_server_that_accepts_and_is_silent_is_not_well(aimed, serve, probe):
    outcome, _ = probe(aimed(serve(lambda s, c: s.ended.wait(9)).port, "http", "/"))
    assert (outcome.ok, outcome.text) == (False, "no answer in 0.5 s")


def test_the_body_is_never_read(aimed, serve, probe):
    def endless(server, connection):
        server.request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.ended.is_set():
            connection.sendall(b"x" * 65536)

    outcome, _ = probe(aimed(serve(endless).port, "http", "/health"))
    assert outcome.ok


@pytest.mark.parametrize("kind", ["tls", "http"])
def test_a_certificate_is_read_though_nobody_trusts_it(
    aimed, kind, serve, answer, certificate, probe
):
    context, _ = certificate(90)
    server = serve(answer(OK), context)
    asked = aimed(server.port, kind, "/", True, True, "localhost")
    outcome, days = probe(asked)
    assert outcome.ok
    assert outcome.text.endswith("; certificate not trusted: self-signed certificate")
    assert 90 < days < 90.1
    assert outcome.connect_s is not None


def test_a_trusted_certificate_is_not_remarked_upon(
    aimed, serve, answer, certificate, probe
):
    context, path = certificate(90)
    asked = aimed(serve(answer(OK), context).port, "http", "/", True, True, "localhost")
    outcome, _ = probe(asked, ca_file=path)
    assert outcome.text == "HTTP 200 from /"


def test_a_certificate_for_another_name_is_told(
    aimed, serve, answer, certificate, probe
):
    context, path = certificate(90)
    asked = aimed(serve(answer(OK), context).port, "tls", None, True, True)
    outcome, _ = probe(asked, ca_file=path)
    assert outcome.ok
    assert "IP address mismatch" in outcome.text


@pytest.mark.parametrize(
    ("days", "ok", "text"),
    [
        (5, True, "TLS handshake done; certificate expires in 5 days"),
        (1, True, "TLS handshake done; certificate expires in 1 day"),
        (0, True, "TLS handshake done; certificate expires in 0 hours"),
        (-3, False, "TLS handshake done; certificate expired 2 days ago"),
    ],
)
def test_a_certificate_near_its_end_is_told_in_days(
    aimed, days, ok, text, serve, answer, certificate, probe
):
    context, _ = certificate(days)
    asked = aimed(serve(answer(OK), context).port, "tls", None, True)
    outcome, left = probe(asked)
    assert (outcome.ok, outcome.text) == (ok, text)
    assert days < left < days + 0.1


def test_tls_where_there_is_none_is_told(aimed, serve, probe):
    def plain(server, connection):
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    outcome, _ = probe(aimed(serve(plain).port, "tls", None, True))
    assert not outcome.ok
    assert outcome.text.startswith("TLS failed: ")


def test_a_handshake_that_never_ends_does(aimed, serve, probe):
    outcome, _ = probe(aimed(serve(lambda s, c: s.ended.wait(9)).port, "tls"))
    assert (outcome.ok, outcome.text) == (False, "no answer in 0.5 s")
