"""Everything that can go wrong within a watch, once it is open."""

import json
import threading

import pytest

from tests.collectors.kubernetes_server import (
    bookmark,
    listed,
    pod,
    refused,
    server,
    streamed,
)
from tests.collectors.kubernetes_watcher import HASTY, names, watching

__all__ = ["server"]


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        pytest.param(b"{not json}\n", "misread", "not JSON", id="not-json"),
        pytest.param(b"[1]\n", "misread", "not an object", id="a-list"),
        pytest.param(b'{"type":"SMOKE","object":{}}\n', "misread", "SMOKE", id="type"),
        pytest.param(b'{"object":{}}\n', "misread", "type is missing", id="no-type"),
        pytest.param(
            b'{"type":"BOOKMARK","object":{}}\n', "misread", "missing", id="bookmark"
        ),
        pytest.param(
            b'{"type":"ERROR","object":{}}\n', "misread", "without a Status", id="error"
        ),
        pytest.param(
            b'{"type":"ERROR","object":{"kind":"Status","code":403,"message":"no"}}\n',
            "refused",
            "not allowed to watch pods in namespace gws: no",
            id="denied-in-stream",
        ),
        pytest.param(
            b'{"type":"ERROR","object":{"kind":"Status","code":500,'
            b'"reason":"InternalError","message":"etcd event"}}\n',
            "unreachable",
            "InternalError (500): etcd event",
            id="error-in-stream",
        ),
        pytest.param(b"x" * (9 * 2**20), "limit", "longer than", id="endless-line"),
    ],
)
def test_a_wrong_line_is_named_and_the_watch_goes_on(server, line, kind, words):
    def wrong(exchange):
        exchange.open_stream()
        exchange.chunk(line)
        exchange.hang()

    server.on("watch pods", wrong, wrong, streamed(("ADDED", pod("a"))))
    with watching(server.url) as heard:
        text = heard.trouble(kind=kind)
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert words in text


def test_after_a_line_that_is_not_understood_everything_is_listed_again(server):
    def wrong(exchange):
        exchange.open_stream()
        exchange.chunk(b'{"type": "MODI\n')
        exchange.hang()

    server.on("watch pods", wrong, streamed())
    with watching(server.url):
        server.wait_for("list pods", 2)


def test_a_line_cut_in_the_middle_is_asked_for_again(server):
    def cut(exchange):
        exchange.open_stream()
        exchange.line(*bookmark("150"))
        exchange.chunk(b'{"type":"ADDED","object":{"metadata":{"na')
        exchange.end_stream()

    server.on("watch pods", cut, streamed(("ADDED", pod("a", "151"))))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert server.wait_for("watch pods", 2).query["resourceVersion"] == "150"
    assert server.count("list pods") == 1


def test_a_watch_that_is_cut_as_soon_as_it_begins_is_told(server):
    server.on("watch pods", streamed(end="end"))
    with watching(server.url) as heard:
        text = heard.trouble(kind="unreachable")
    assert (
        text == "cannot watch pods in namespace gws: it is ended as soon as it begins"
    )


@pytest.mark.parametrize("drip", [False, True])
def test_a_watch_that_falls_silent_is_told_and_everything_listed_anew(server, drip):
    """Neither event nor bookmark nor end; or a byte now and then that ends no line."""
    over = threading.Event()

    def silent(exchange):
        exchange.open_stream()
        exchange.line(*bookmark("150"))
        while drip and not over.wait(0.05):
            exchange.chunk(b" ")
        exchange.hang()

    server.on("list pods", listed("pods"), listed("pods", pod("missed"), version="160"))
    server.on("watch pods", silent, streamed(("ADDED", pod("a", "161"))))
    with watching(server.url, timing=HASTY) as heard:
        text = heard.trouble(kind="silent")
        heard.wait("pods/gws", lambda r: r.complete and names(r) == ["missed"])
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        over.set()
    assert text == "cannot watch pods in namespace gws: the watch has fallen silent"
    assert server.wait_for("watch pods", 2).query["resourceVersion"] == "160"


def test_a_silence_is_told_until_a_watch_speaks_again(server):
    server.on("watch pods", streamed(), streamed(), streamed(bookmark("150")))
    with watching(server.url, timing=HASTY) as heard:
        server.wait_for("watch pods", 3)
        heard.wait("pods/gws", lambda r: heard.of("pods/gws")[-1].trouble is None)
    told = heard.of("pods/gws")
    again = [
        later.trouble for r, later in zip(told, told[1:], strict=False) if r.complete
    ]
    assert [trouble and trouble.kind for trouble in again][1:] == ["silent", "silent"]


def test_bookmarks_alone_keep_a_watch_alive(server):
    beaten = threading.Event()

    def heartbeat(exchange):
        exchange.open_stream()
        for version in range(110, 130):
            exchange.line(*bookmark(str(version)))
            beaten.wait(0.05)
        beaten.set()
        exchange.hang()

    server.on("watch pods", heartbeat)
    with watching(server.url, timing=HASTY) as heard:
        server.wait_for("watch pods")
        assert beaten.wait(30)
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


@pytest.mark.parametrize("spoilt", [{"spec": 3}, {"status": {"phase": []}}])
def test_one_object_of_a_wrong_shape_is_told_and_keeps_its_last_state(server, spoilt):
    bad = pod("a", "101") | spoilt
    server.on("list pods", listed("pods", pod("a")), listed("pods", bad, pod("b")))
    server.on(
        "watch pods",
        streamed(
            ("MODIFIED", bad), ("ADDED", pod("c", "110")), ("ERROR", {"code": 410})
        ),
        refused(410, "Expired", "too old"),
        streamed(("MODIFIED", pod("a", "120", phase="Pending"))),
    )
    with watching(server.url) as heard:
        text = heard.trouble(kind="misread")
        heard.wait("pods/gws", lambda r: names(r) == ["c"])
        heard.wait("pods/gws", lambda r: r.complete and names(r) == ["a", "b"])
        heard.wait("pods/gws", lambda r: r.facts and r.facts[0].phase == "Pending")
    assert text.startswith("Pod a: ")
    assert "keeps its last state" in text
    assert heard.of("pods/gws")[-1].trouble is None


def test_a_stream_without_chunks_is_heard_line_by_line(server):
    """As a proxy that speaks HTTP/1.0 passes it on."""
    more = threading.Event()

    def script(exchange):
        exchange.raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
        line = json.dumps({"type": "ADDED", "object": pod("a", "110")}).encode()
        exchange.raw(line + b"\n")
        exchange.until(more)
        exchange.raw(line.replace(b'"a"', b'"b"') + b"\n")
        exchange.hang()

    server.on("watch pods", script)
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
        more.set()
        heard.wait("pods/gws", lambda r: names(r) == ["b"])
