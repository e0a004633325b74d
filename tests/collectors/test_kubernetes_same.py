"""Another API server behind the same address, and old changes that are told again."""

import pytest

from collectors.kubernetes_same import LET_IN_BY, MOST_DIFFERENT, SameServer
from tests.collectors.kubernetes_server import (
    bookmark,
    listed,
    listing,
    pod,
    server,
    streamed,
)
from tests.collectors.kubernetes_watcher import names, watching

__all__ = ["server"]


def said_by(uid, *objects, version="100", more=""):
    """A list as this server gives it."""
    body = listing("pods", *objects, version=version, more=more)
    told = {LET_IN_BY.replace("-", "_"): uid}
    return lambda exchange: exchange.answer(body, **told)


def watched_at(uid, *lines, end="hang"):
    def script(exchange):
        exchange.open_stream(f"{LET_IN_BY}: {uid}")
        for line in lines:
            exchange.line(*line)
        getattr(exchange, end)()

    return script


def test_another_server_behind_the_address_is_listed_anew(server):
    server.on(
        "list pods", said_by("one", pod("a")), said_by("two", pod("b"), version="300")
    )
    server.on(
        "watch pods",
        watched_at("one", bookmark("170"), end="cut"),
        watched_at("two", ("ADDED", pod("b", "299"))),
        watched_at("two", bookmark("301")),
    )
    with watching(server.url) as heard:
        last = heard.wait("pods/gws", lambda r: r.complete and names(r) == ["b"])
        server.wait_for("watch pods", 3)
    assert not last.trouble
    news = [r for r in heard.of("pods/gws") if r.facts and not r.complete]
    assert news == [], "what another server says is no news of the first one"
    assert not [r.trouble for r in heard.of("pods/gws") if r.trouble]


def test_a_page_of_another_server_begins_the_list_anew(server):
    server.on(
        "list pods",
        said_by("one", pod("a"), more="next"),
        said_by("two", pod("b")),
        said_by("two", pod("b"), pod("c")),
    )
    with watching(server.url) as heard:
        first = heard.wait("pods/gws", lambda r: r.facts or r.trouble)
    assert names(first) == ["b", "c"]


def test_an_old_change_that_is_told_again_is_not_believed(server):
    server.on(
        "list pods", listed("pods", pod("a")), listed("pods", pod("a"), version="200")
    )
    server.on(
        "watch pods",
        streamed(
            ("MODIFIED", pod("a", "150")),
            bookmark("160"),
            ("MODIFIED", pod("a", "140", phase="Failed")),
        ),
        streamed(("ADDED", pod("b", "201"))),
    )
    with watching(server.url) as heard:
        heard.wait("pods/gws", lambda r: names(r) == ["b"])
    told = [fact.phase for r in heard.of("pods/gws") for fact in r.facts]
    assert set(told) == {"Running"}
    assert server.count("list pods") == 2


@pytest.mark.parametrize("by", [None, "one"])
def test_who_does_not_tell_or_tells_the_same_is_the_same(by):
    same = SameServer()
    assert not same.differs("one"), "before any list nobody is known"
    same.listed("one")
    assert not same.differs(by)


def test_a_list_and_a_watch_that_always_differ_are_one_servers_two_ways_in():
    same = SameServer()
    same.listed("for lists")
    told = [same.differs("for watches") for _ in range(MOST_DIFFERENT + 2)]
    assert told == [True] * MOST_DIFFERENT + [False] * 2
    assert same.differs("yet another"), "that is news"


def test_only_differing_in_a_row_counts():
    same = SameServer()
    same.listed("one")
    for by in ("two", "one") * (MOST_DIFFERENT + 1):
        assert same.differs(by) is (by == "two")
