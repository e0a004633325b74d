"""Every way in which a metrics page can fail, over real sockets."""

import gzip
import socket

import pytest

from app.domain.subject import NodeId
from app.domain.targets import ScrapeTarget
from collectors.scrape import ScrapeCollector
from collectors.sockets import Patience

IMPATIENT = Patience(connect_s=0.5, read_s=0.5, total_s=1.0)
GOOD = "# TYPE jvm_threads_deadlocked gauge\njvm_threads_deadlocked 2\n"


def target(port, path="/prometheus", tls=False):
    return ScrapeTarget(
        NodeId("voice"), f"voice-1:{port}", "127.0.0.1", port, path, tls
    )


@pytest.fixture
def scrape(clock, heard):
    def once(port, path="/prometheus", tls=False, largest=1_000_000):
        collector = ScrapeCollector(
            lambda: (), heard, clock, patience=IMPATIENT, largest_page=largest
        )
        return collector.read(target(port, path, tls))

    return once


def http(status, body=b"", headers=""):
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def chunked(*chunks, end=b"0\r\n\r\n"):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + end


def zipped(data):
    return gzip.compress(data)


GZIP = "Content-Encoding: gzip\r\n"

ANSWERS = {
    "401": (http("401 Unauthorized"), "refused", "HTTP 401 from /prometheus: scraping"),
    "403": (http("403 Forbidden"), "refused", "HTTP 403"),
    "404": (http("404 Not Found"), "misread", "there is no metrics page"),
    "302": (
        http("302 Found", headers="Location: http://elsewhere/\r\n"),
        "misread",
        "redirects are not followed",
    ),
    "418": (http("418 Teapot"), "misread", "HTTP 418"),
    "503": (http("503 Service Unavailable"), "unreachable", "HTTP 503"),
    "nothing": (b"", "unreachable", "closed without an answer"),
    "not-http": (b"SSH-2.0-OpenSSH_9.2\r\n", "misread", "not HTTP"),
    "too-many-headers": (
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
        "misread",
        "not HTTP",
    ),
    "endless-header": (
        b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 70_000 + b"\r\n\r\n",
        "misread",
        "not HTTP",
    ),
    "cut": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + GOOD.encode(),
        "misread",
        "cut short",
    ),
    "cut-chunked": (chunked(GOOD.encode(), end=b""), "misread", "cut short"),
    "cut-line": (
        http("200 OK", b"jvm_threads_deadlocked 0\njvm_threads_dead"),
        "misread",
        "ends in the middle of line 2",
    ),
    "cut-gzip": (
        http("200 OK", zipped(GOOD.encode())[:-9], GZIP),
        "misread",
        "within its gzip",
    ),
    "lying-gzip": (http("200 OK", GOOD.encode(), GZIP), "misread", "says gzip"),
    "brotli": (
        http("200 OK", b"x", "Content-Encoding: br\r\n"),
        "misread",
        "only gzip is read",
    ),
    "gzip-bomb": (
        http("200 OK", zipped(b"# " + b"a" * 20_000_000 + b"\n"), GZIP),
        "limit",
        "larger than 1 MB",
    ),
    "announced-large": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n",
        "limit",
        "larger than 1 MB",
    ),
    "html": (
        http("200 OK", b"<!DOCTYPE html><html>Sign in</html>\n"),
        "misread",
        "HTML",
    ),
    "html-by-type": (
        http("200 OK", b"hello\n", "Content-Type: text/html\r\n"),
        "misread",
        "HTML",
    ),
    "not-utf8": (
        http("200 OK", b'a 1\na{b="\xff"} 1\n'),
        "misread",
        "line 2 is not UTF-8",
    ),
    "malformed": (
        http("200 OK", GOOD.encode() + b'jetty_responses_total{status="2xx} 1\n'),
        "misread",
        "line 3 is not a metric: 'jetty_responses_total{",
    ),
    "malformed-elsewhere": (
        http("200 OK", GOOD.encode() + b"what is this\n"),
        "misread",
        "line 3 is not a metric: 'what is this'",
    ),
    "huge-integer": (
        http("200 OK", b"jvm_threads_deadlocked 1" + b"0" * 400 + b"\n"),
        "misread",
        "line 1",
    ),
}


@pytest.mark.parametrize(("raw", "kind", "text"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_bad_answer_is_a_trouble_that_names_target_and_cause(
    raw, kind, text, serve, answer, scrape
):
    port = serve(answer(raw)).port
    reading = scrape(port)
    assert reading.trouble.kind == kind
    assert reading.trouble.text.startswith(f"voice-1:{port}: ")
    assert text in reading.trouble.text
    assert reading.facts == ()


def test_a_refused_connection_says_so(refused_port, scrape):
    trouble = scrape(refused_port).trouble
    assert trouble.kind == "unreachable"
    assert "connection refused" in trouble.text


def test_a_connect_that_nobody_answers_ends_in_time(black_hole, scrape):
    assert "connect timed out after 0.5 s" in scrape(black_hole).trouble.text


def test_a_silent_server_ends_in_time(serve, scrape):
    def hang(server, connection):
        server.ended.wait(20)

    assert "no answer in 0.5 s" in scrape(serve(hang).port).trouble.text


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_byte_now_and_then_does_not_stretch_the_deadline(where, serve, scrape):
    def drip(server, connection):
        server.request(connection)
        if where == "body":
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.ended.wait(0.05):
            connection.sendall(b"a")

    assert "not done within 1 s" in scrape(serve(drip).port).trouble.text


def test_a_reset_says_so(serve, scrape):
    def reset(server, connection):
        server.request(connection)
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    assert "reset by the other side" in scrape(serve(reset).port).trouble.text


@pytest.mark.parametrize("framing", ["chunked", "until-close"])
def test_50_mb_are_refused_and_reading_stops_at_the_limit(framing, serve, scrape):
    sent = []

    def flood(server, connection):
        server.request(connection)
        chunk = b"# " + b"x" * 65533 + b"\n"
        head = b"Transfer-Encoding: chunked\r\n" if framing == "chunked" else b""
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
        for _ in range(800):
            connection.sendall(framed if head else chunk)
            sent.append(len(chunk))

    trouble = scrape(serve(flood).port).trouble
    assert trouble.kind == "limit"
    assert "larger than 1 MB" in trouble.text
    assert sum(sent) < 20_000_000  # what the kernel buffers on loopback, no more


def test_a_path_that_http_cannot_ask_for_is_told(serve, answer, scrape):
    port = serve(answer(b"")).port
    assert "path" in scrape(port, path="/a b\r\nX: y").trouble.text


def test_a_name_that_is_not_known_is_told(clock, heard):
    collector = ScrapeCollector(lambda: (), heard, clock, patience=IMPATIENT)
    gone = ScrapeTarget(NodeId("voice"), "x:1", "no-such-name.invalid", 1, "/")
    assert (
        "the name no-such-name.invalid is not known"
        in collector.read(gone).trouble.text
    )


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(http("200 OK", GOOD.encode()), id="plain"),
        pytest.param(http("200 OK", zipped(GOOD.encode()), GZIP), id="gzip"),
        pytest.param(chunked(GOOD[:9].encode(), GOOD[9:].encode()), id="chunked"),
        pytest.param(
            b"HTTP/1.0 200 OK\r\n\r\n" + GOOD.encode(), id="http-1.0-until-close"
        ),
        pytest.param(b"HTTP/1.1 204 No\r\n\r\n", id="204-is-not-a-page"),
    ],
)
def test_every_framing_is_read(raw, serve, answer, scrape):
    server = serve(answer(raw))
    reading = scrape(server.port)
    if b" 204 " in raw:
        assert reading.trouble.kind == "misread"
    else:
        assert [(f.name, f.value) for f in reading.facts] == [("deadlocked_threads", 2)]
    assert b"Accept-Encoding: gzip" in server.requests[0]
    assert f"Host: 127.0.0.1:{server.port}".encode() in server.requests[0]


def test_an_empty_page_is_a_page_without_facts(serve, answer, scrape):
    reading = scrape(serve(answer(http("200 OK"))).port)
    assert reading.trouble is None
    assert reading.facts == ()
