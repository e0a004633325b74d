"""List, watch, resume: the collector against a scripted API server."""

import threading

import pytest

from collectors.kubernetes_resources import RESOURCES
from tests.collectors.kubernetes_server import (
    bookmark,
    listed,
    pod,
    refused,
    server,
    streamed,
)
from tests.collectors.kubernetes_watcher import names, watching

__all__ = ["server"]

BROKEN = {"phase": "Pending"}


def test_a_list_is_complete_and_the_watch_begins_at_its_version(server):
    server.on("list pods", listed("pods", pod("a"), pod("b"), version="4711"))
    with watching(server.url) as heard:
        first = heard.wait("pods/gws", lambda r: r.complete)
        asked = server.wait_for("watch pods")
    assert names(first) == ["a", "b"]
    assert asked.query["resourceVersion"] == "4711"
    assert asked.query["allowWatchBookmarks"] == "true"
    assert 240 <= int(asked.query["timeoutSeconds"]) <= 360


def test_pages_are_followed_to_the_last(server):
    server.on(
        "list pods",
        listed("pods", pod("a"), more="next", version="7"),
        listed("pods", pod("b"), version="7"),
    )
    with watching(server.url) as heard:
        first = heard.wait("pods/gws", lambda r: r.complete)
        server.wait_for("watch pods")
    assert names(first) == ["a", "b"]
    assert server.wait_for("list pods", 2).query["continue"] == "next"


def test_a_page_that_has_expired_begins_the_list_anew(server):
    server.on(
        "list pods",
        listed("pods", pod("old"), more="next", version="7"),
        refused(410, "Expired", "the continue token is too old"),
        listed("pods", pod("new"), version="9"),
    )
    with watching(server.url) as heard:
        first = heard.wait("pods/gws", lambda r: r.facts or r.trouble)
    assert names(first) == ["new"]


def test_each_change_is_one_reading(server):
    server.on("list pods", listed("pods", pod("a")))
    server.on(
        "watch pods",
        streamed(
            ("ADDED", pod("b", "102")),
            ("MODIFIED", pod("a", "103", **BROKEN)),
            ("ADDED", pod("b", "104", **BROKEN)),
            ("MODIFIED", pod("unknown", "105")),
            ("DELETED", pod("a", "106")),
            ("DELETED", pod("never-seen", "107")),
            ("MODIFIED", pod("last", "108")),
        ),
    )
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["last"])
    news = [r for r in heard.of("pods/gws") if not r.complete and (r.facts or r.gone)]
    said = [(names(r), r.facts and r.facts[0].phase, r.gone) for r in news]
    assert said == [
        (["b"], "Running", ()),
        (["a"], "Pending", ()),
        (["b"], "Pending", ()),
        (["unknown"], "Running", ()),
        ([], (), (("pod", "gws", "a"),)),
        (["last"], "Running", ()),
    ]


def test_an_object_that_is_no_longer_ours_is_gone(server):
    foreign = pod("a", "102")
    foreign["metadata"]["labels"] = {"gws": "something-else"}
    server.on("list pods", listed("pods", pod("a")))
    server.on("watch pods", streamed(("MODIFIED", foreign)))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: r.gone == (("pod", "gws", "a"),))


@pytest.mark.parametrize("end", ["end", "cut"])
def test_after_any_end_the_watch_resumes_where_it_was_without_a_word(server, end):
    server.on(
        "watch pods",
        streamed(("ADDED", pod("a", "150")), bookmark("170"), end=end),
        streamed(("ADDED", pod("b", "171"))),
    )
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["b"])
    assert server.wait_for("watch pods", 2).query["resourceVersion"] == "170"
    assert server.count("list pods") == 1
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_a_bookmark_confirms_what_was_said(server):
    confirm = threading.Event()

    def script(exchange):
        exchange.open_stream()
        exchange.until(confirm)
        exchange.line(*bookmark("120"))
        exchange.hang()

    server.on("watch pods", script)
    elapsed = [0.0]
    with watching(server.url, monotonic=lambda: elapsed[0]) as heard:
        server.wait_for("watch pods")
        heard.wait("pods/gws", lambda r: r.complete)
        before = len(heard.of("pods/gws"))
        elapsed[0] = 10.0
        confirm.set()
        heard.wait("pods/gws", lambda _: len(heard.of("pods/gws")) > before)
    life = heard.of("pods/gws")[before]
    assert (life.facts, life.gone, life.trouble) == ((), (), None)


def test_a_reset_connection_is_resumed_from_the_last_version_that_came(server):
    server.on("list pods", listed("pods", pod("a")))
    server.on("watch pods", streamed(bookmark("170"), end="reset"), streamed())
    with watching(server.url) as heard:
        asked = server.wait_for("watch pods", 2)
    assert asked.query["resourceVersion"] in ("100", "170")
    assert server.count("list pods") == 1
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


EXPIRED = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}


@pytest.mark.parametrize(
    "too_old",
    [
        pytest.param(refused(410, "Expired", "too old"), id="http-status"),
        pytest.param(streamed(("ERROR", EXPIRED)), id="in-stream"),
        pytest.param(
            refused(504, "Timeout", "Too large resource version: 9, current: 1"),
            id="too-large",
        ),
        pytest.param(streamed(bookmark("99")), id="versions-went-backwards"),
    ],
)
def test_a_version_that_is_no_longer_known_lists_again(server, too_old):
    server.on(
        "list pods",
        listed("pods", pod("a"), version="100"),
        listed("pods", pod("b"), version="200"),
    )
    server.on("watch pods", too_old, streamed())
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: r.complete and names(r) == ["b"])
        asked = server.wait_for("watch pods", 2)
    assert asked.query["resourceVersion"] == "200"
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_a_version_that_expires_again_and_again_slows_us_down_and_is_told(server):
    server.on("watch pods", refused(410, "Expired", "too old resource version"))
    with watching(server.url) as heard:
        assert "too old resource version" in heard.trouble()


def test_every_kind_in_every_namespace_is_a_feed_of_its_own(server):
    with watching(server.url, "gws", "infra", "gws") as heard:
        for feed in ("events/infra", "endpointslices/gws", "statefulsets/infra"):
            heard.wait(feed, lambda r: r.complete)
        for resource in RESOURCES:
            server.wait_for(f"watch {resource.plural}", 2)
    paths = sorted(one.path for one in server.asked if one.name.startswith("list"))
    assert len(paths) == len(set(paths)) == 16
    assert "/apis/discovery.k8s.io/v1/namespaces/infra/endpointslices" in paths
    assert "/apis/apps/v1/namespaces/gws/replicasets" in paths
    assert "/api/v1/namespaces/gws/events" in paths


def test_an_empty_list_where_there_always_is_something_is_not_believed(server):
    service = {
        "metadata": {"name": "gws-app-workspace-srv", "namespace": "gws"},
        "spec": {"clusterIP": "10.0.0.9", "ports": [{"port": 80}]},
    }
    server.on(
        "list services",
        listed("services", service),
        listed("services"),
        listed("services", service),
    )
    server.on("watch services", refused(410, "Expired", "too old"), streamed())
    with watching(server.url) as heard:
        text = heard.trouble("services/gws", "empty")
        server.wait_for("watch services", 2)
    assert text == "services/gws: an empty list where there were 1"
    assert all(r.facts for r in heard.of("services/gws") if r.complete)
