"""What each source tells of how it is asked."""

from __future__ import annotations

from app.domain.reading import Feed, Reading, Trouble
from benchmarks.stage import wait_for
from collectors.consul import ConsulAddress
from collectors.pulse import Pulse
from collectors.together import Together
from tests.collectors.consul_watching import Watch, utc_now
from tests.collectors.kubernetes_server import (
    bookmark,
    listed,
    pod,
    refused,
    server,
    streamed,
)
from tests.collectors.kubernetes_watcher import Heard, collector, names
from tests.collectors.scripted_consul import CHECKS, ScriptedConsul, check

__all__ = ["server"]

FEED = Feed("probe", "tcp redis:6379", 30)


def test_answers_are_timed_and_troubles_remembered():
    pulse, now = Pulse(), utc_now()
    pulse.heard(Reading(FEED, now), 0.2)
    pulse.heard(Reading(FEED, now, trouble=Trouble("refused", "401")), 3.0)
    pulse.listed(0.1)
    pulse.watched()
    asks = pulse.asks
    assert (asks.asked, asks.failed, asks.lists, asks.watches) == (3, 1, 1, 1)
    assert asks.timings.recent_s == (0.2, 0.1)
    assert asks.trouble == (now, "401")


def test_consul_times_what_it_answers_at_once_and_counts_what_it_holds():
    with ScriptedConsul() as consul:
        watch = Watch(ConsulAddress(consul.url))
        with watch as heard:
            heard.wait("checks")
            consul.change([check(status="critical")])
            heard.wait("checks", lambda r: "critical" in str(r.facts))
            consul.script(CHECKS, always=lambda request: request.json({}, status=500))
            consul.cut_all()
            heard.trouble("checks")
        asks = watch.collector.asks()
    assert asks.asked > asks.timings.count >= 3
    assert asks.failed >= 1
    assert asks.trouble is not None and "500" in asks.trouble[1]


def test_consul_tells_from_where_its_lists_go_on():
    with ScriptedConsul() as consul:
        watch = Watch(ConsulAddress(consul.url))
        with watch as heard:
            heard.wait("checks")
            heard.wait("catalog")
            versions = watch.collector.versions()
    assert set(versions) == {"checks", "catalog"}
    assert all(version.isdecimal() for version in versions.values())


def test_kubernetes_counts_lists_and_watches_and_tells_their_versions(server):
    server.on("list pods", listed("pods", pod("a"), version="100"))
    server.on(
        "watch pods",
        streamed(("ADDED", pod("b", version="107")), end="end"),
        streamed(bookmark("109")),
    )
    server.on("list events", refused(403, "Forbidden", "not allowed"))
    heard = Heard()
    one = collector(server.url, heard)
    one.start()
    try:
        heard.wait("pods/gws", lambda r: names(r) == ["b"])
        server.wait_for("watch pods", 2)
        heard.trouble("events/gws")
        wait_for("a bookmark", lambda: one.versions().get("pods/gws") == "109")
        # Those of the other lists begin when they do.
        wait_for("every watch", lambda: one.asks().watches > one.asks().lists)
        asks = one.asks()
    finally:
        one.stop()
        one.join(30)
    assert asks.lists == len(one.feeds) - 1 == asks.timings.count
    assert asks.failed >= 1
    assert "events/gws" not in one.versions()


def test_several_servers_of_one_source_are_told_as_one():
    with ScriptedConsul() as consul:
        both = [Watch(ConsulAddress(consul.url)) for _ in range(2)]
        together = Together(*(watch.collector for watch in both))
        with both[0] as first, both[1] as second:
            for heard in (first, second):
                heard.wait("checks")
            one = both[0].collector.asks()
            assert together.asks().asked > one.asked
            assert "checks" in together.versions()
