"""Everything an API server, or what stands before it, can do wrong."""

import gzip
import json
import socket

import pytest

from tests.collectors.kubernetes_server import (
    listed,
    listing,
    pod,
    refused,
    server,
)
from tests.collectors.kubernetes_watcher import HASTY, names, watching

__all__ = ["server"]

FORBIDDEN = 'pods is forbidden: User "viewer" cannot list resource "pods"'


def html(exchange):
    exchange.answer(b"<html>sign in</html>", Content_Type="text/html")


@pytest.mark.parametrize("verb", ["list", "watch"])
def test_a_denied_verb_is_named_with_its_resource_and_namespace(server, verb):
    server.on(f"{verb} pods", refused(403, "Forbidden", FORBIDDEN))
    with watching(server.url) as heard:
        text = heard.trouble(kind="refused")
    assert text == f"not allowed to {verb} pods in namespace gws: {FORBIDDEN}"


def test_a_denied_feed_does_not_blind_another(server):
    server.on("list events", refused(403, "Forbidden", "no"))
    server.on("list pods", listed("pods", pod("a")))
    with watching(server.url) as heard:
        heard.trouble("events/gws")
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_a_denied_watch_is_not_replaced_by_listing(server):
    server.on("watch pods", refused(403, "Forbidden", "no"))
    with watching(server.url):
        server.wait_for("watch pods", 4)
    assert server.count("list pods") == 1


def test_the_same_trouble_is_told_once_until_something_is_heard(server):
    server.on("list pods", *[refused(403, "Forbidden", "no")] * 4, listed("pods"))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: r.complete)
    assert [bool(r.trouble) for r in heard.of("pods/gws")][:2] == [True, False]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        pytest.param(html, "misread", "sign-in page in between", id="html"),
        pytest.param(
            lambda e: e.answer(b"{}", 302, Location="https://sso.example/?token=x"),
            "misread",
            "302: a redirection",
            id="redirected",
        ),
        pytest.param(
            lambda e: e.answer(b"<html>", 502), "unreachable", "answers 502", id="502"
        ),
        pytest.param(
            refused(404, "NotFound", "the server could not find the resource"),
            "misread",
            "does not serve this resource",
            id="404",
        ),
        pytest.param(
            refused(500, "InternalError", "etcdserver: no leader"),
            "unreachable",
            "etcdserver: no leader",
            id="500",
        ),
        pytest.param(
            lambda e: e.answer({"kind": "Status", "status": "Success"}),
            "misread",
            "the answer is a 'Status'",
            id="not-a-list",
        ),
        pytest.param(
            lambda e: e.answer(b'{"kind": "PodLi'), "misread", "not JSON", id="half"
        ),
        pytest.param(
            lambda e: e.answer({"kind": "PodList", "items": 3}),
            "misread",
            "items is not a list",
            id="items-not-a-list",
        ),
        pytest.param(
            lambda e: e.answer({"kind": "PodList", "items": []}),
            "misread",
            "resourceVersion is missing",
            id="no-version",
        ),
        pytest.param(
            lambda e: e.answer(b"no gzip", Content_Encoding="gzip"),
            "misread",
            "compression is broken",
            id="bad-gzip",
        ),
        pytest.param(
            lambda e: e.raw(b"SSH-2.0-OpenSSH\r\n"), "unreachable", "pods", id="ssh"
        ),
        pytest.param(lambda e: e.hang(), "unreachable", "in time", id="hangs"),
        pytest.param(
            lambda e: (
                e.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
                e.hang(),
            ),
            "unreachable",
            "does not come to an end",
            id="hangs-midway",
        ),
    ],
)
def test_a_wrong_answer_is_named_and_then_recovered_from(server, answer, kind, words):
    server.on("list pods", answer, answer, listed("pods", pod("a")))
    with watching(server.url, timing=HASTY) as heard:
        text = heard.trouble(kind=kind)
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert words in text
    assert "pods in namespace gws" in text
    assert "token" not in text


def endless(exchange):
    exchange.open_stream()
    for _ in range(70):
        exchange.chunk(b" " * 2**20)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(endless, "an answer of over 64 MiB", id="body"),
        pytest.param(
            listed("pods", more="always"), "more than 200000 objects", id="pages"
        ),
    ],
)
def test_a_list_without_end_is_given_up(server, answer, words):
    server.on("list pods", answer)
    with watching(server.url) as heard:
        assert words in heard.trouble(kind="limit")


@pytest.mark.parametrize("code", [429, 503])
def test_an_overloaded_server_is_left_alone_for_as_long_as_it_asks(server, code):
    overloaded = refused(code, "TooManyRequests", "later", Retry_After="1")
    server.on("list pods", overloaded, listed("pods"))
    with watching(server.url) as heard:
        text = heard.trouble()
        again = server.wait_for("list pods", 2)
    assert again.at - server.wait_for("list pods").at >= 1.0
    assert text == (
        f"cannot list pods in namespace gws: {server.url} is overloaded ({code}),"
        " asks us to wait 1 s"
    )


def test_a_date_in_retry_after_is_passed_over_since_clocks_may_differ(server):
    late = {"Retry_After": "Fri, 31 Dec 2999 23:59:59 GMT"}
    server.on("list pods", refused(429, "TooManyRequests", "", **late), listed("pods"))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: r.complete)


def test_a_compressed_list_is_read(server):
    body = gzip.compress(json.dumps(listing("pods", pod("a"))).encode())
    server.on("list pods", lambda e: e.answer(body, Content_Encoding="gzip"))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        watched = server.wait_for("watch pods")
    assert server.wait_for("list pods").headers["accept-encoding"] == "gzip"
    assert watched.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:{free}", "http://127.0.0.1:{free} refuses the connection"),
        ("http://no.such.invalid:80", "http://no.such.invalid:80 does not resolve"),
        ("http://user:secret@127.0.0.1:{free}", "http://127.0.0.1:{free} refuses"),
        ("http://[::1", "no access to Kubernetes"),
    ],
)
def test_nobody_at_the_address_is_said_in_plain_words(url, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    with watching(url.format(free=free)) as heard:
        text = heard.trouble()
    assert words.format(free=free) in text
    assert "secret" not in text


def test_a_server_that_accepts_and_says_nothing_is_told():
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        watching(f"http://127.0.0.1:{mute.getsockname()[1]}", timing=HASTY) as heard,
    ):
        assert "does not answer in time" in heard.trouble(kind="unreachable")


def test_a_dead_server_is_asked_less_and_less_often_and_found_again_when_back(server):
    url = server.url
    server.on("list pods", *[lambda e: e.cut()] * 6, listed("pods", pod("a")))
    with watching(url) as heard:
        heard.trouble(kind="unreachable")
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert server.count("list pods") == 7
