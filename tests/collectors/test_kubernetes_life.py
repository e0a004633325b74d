"""Start, stop, ask once; and what must not spread from one feed to another."""

import threading
from time import monotonic

import pytest

from app.domain.topology import standard
from collectors.errors import SourceRefused
from collectors.kubernetes_access import Access
from collectors.kubernetes_lines import Lines
from collectors.kubernetes_resources import RESOURCES, VERBS, Question
from tests.collectors.kubernetes_server import (
    listed,
    pod,
    refused,
    server,
    streamed,
)
from tests.collectors.kubernetes_watcher import HASTY, Heard, collector, names, watching

__all__ = ["server"]

NAMESPACES = standard().watched_namespaces()


def hang(exchange):
    exchange.hang()


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("watch pods", id="before-the-watch-is-answered"),
        pytest.param("list pods", id="before-the-list-is-answered"),
        pytest.param(None, id="with-every-stream-open"),
    ],
)
def test_stopping_ends_every_thread_without_waiting_for_the_source(server, question):
    if question:
        server.on(question, hang)
    one = collector(server.url, Heard(), *NAMESPACES)
    one.start()
    server.wait_for(question or "watch events", len(NAMESPACES))
    begun = monotonic()
    one.stop()
    one.join(30)
    assert monotonic() - begun < 15
    assert not [t for t in threading.enumerate() if t.name.startswith("kubernetes ")]


def test_nothing_is_reported_about_being_stopped(server):
    server.on("watch pods", streamed(("ADDED", pod("a"))))
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["a"])
    assert not [r.trouble for r in heard.readings if r.trouble]


def test_stopping_before_starting_and_twice_is_allowed(server):
    one = collector(server.url, Heard())
    one.stop()
    one.start()
    one.stop()
    one.join(30)
    assert server.asked == []


def test_starting_returns_at_once_whatever_the_source_does():
    waiting = threading.Event()

    def slow_credential():
        waiting.wait(20)
        raise OSError("too late")

    one = collector(slow_credential, Heard())
    begun = monotonic()
    one.start()
    assert monotonic() - begun < 10
    one.stop()
    waiting.set()
    one.join(30)


def test_asking_once_lists_every_feed_and_watches_none(server):
    server.on("list pods", listed("pods", pod("a")))
    server.on("list events", refused(403, "Forbidden", "no events for you"))
    readings = {r.feed.name: r for r in collector(server.url, Heard()).ask_once()}
    assert set(readings) == {f"{resource.plural}/gws" for resource in RESOURCES}
    assert names(readings["pods/gws"]) == ["a"]
    assert readings["pods/gws"].complete
    assert readings["events/gws"].trouble.kind == "refused"
    assert not [one for one in server.asked if one.name.startswith("watch")]


def test_asking_once_tells_of_an_object_that_cannot_be_read(server):
    server.on("list pods", listed("pods", pod("a"), pod("b") | {"spec": 1}))
    good, bad = (
        r for r in collector(server.url, Heard()).ask_once() if "pods" in r.feed.name
    )
    assert names(good) == ["a"]
    assert "spec is not an object" in bad.trouble.text


def test_asking_once_of_a_mute_server_takes_one_time_out_and_not_one_for_each(server):
    for resource in RESOURCES:
        server.on(f"list {resource.plural}", hang)
    begun = monotonic()
    readings = collector(server.url, Heard(), *NAMESPACES, timing=HASTY).ask_once()
    assert monotonic() - begun < len(RESOURCES) * len(NAMESPACES) * HASTY.list_s / 2
    assert {r.trouble.kind for r in readings} == {"unreachable"}


def test_a_bug_is_told_as_one_and_the_feed_goes_on(server, caplog):
    server.on("list pods", listed("pods", pod("a")))
    server.on("watch pods", streamed(("ADDED", pod("b", "110"))), streamed())
    heard = Heard()
    broken = threading.Event()

    def report(reading):
        if names(reading) == ["b"] and not broken.is_set():
            broken.set()
            raise RuntimeError("the pipeline has a bug")
        heard(reading)

    one = collector(server.url, report)
    one.start()
    text = heard.trouble(kind="bug")
    server.wait_for("list pods", 2)
    one.stop()
    one.join(30)
    assert text == "pods/gws: a bug in the dashboard; see its log"
    assert "the pipeline has a bug" in caplog.text


def test_a_listener_that_fails_at_a_trouble_does_not_end_the_feed(server, caplog):
    server.on("list pods", refused(403, "Forbidden", "no"), listed("pods", pod("a")))
    heard = Heard()

    def report(reading):
        if reading.trouble:
            raise RuntimeError("the pipeline has a bug")
        heard(reading)

    one = collector(server.url, report)
    one.start()
    heard.wait("pods/gws", lambda r: names(r) == ["a"])
    one.stop()
    one.join(30)
    assert "the pipeline has a bug" in caplog.text


def test_a_credential_that_never_comes_is_told_by_all_who_wait_for_it():
    asked, release = threading.Event(), threading.Event()

    def hanging():
        asked.set()
        release.wait(20)
        raise OSError("too late")

    access = Access(hanging, patience_s=0.05)
    question = Question("list", RESOURCES[0], "gws")
    first = threading.Thread(target=lambda: _refusal(access, question))
    first.start()
    assert asked.wait(30)
    assert "does an exec plugin hang?" in _refusal(access, question)
    release.set()
    first.join(30)


def _refusal(access, question):
    with pytest.raises(SourceRefused) as caught:
        access.ask(question, [], 1.0)
    return str(caught.value)


def test_only_reading_verbs_are_ever_used(server):
    with watching(server.url):
        for resource in RESOURCES:
            server.wait_for(f"watch {resource.plural}")
    used = {tuple(one.name.split()) for one in server.asked}
    assert used == {(verb, resource.plural) for verb in VERBS for resource in RESOURCES}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_come_whole_however_the_bytes_are_cut(size):
    sent = b'{"a": 1}\n\n{"b": "\xc3\xa9"}\r\n{"c": 3}\n{"unfinish'
    lines = Lines()
    got = [
        line
        for at in range(0, len(sent), size)
        for line in lines.feed(sent[at : at + size])
    ]
    assert [line.strip() for line in got] == [
        b'{"a": 1}',
        b'{"b": "\xc3\xa9"}',
        b'{"c": 3}',
    ]
    assert lines.unfinished
