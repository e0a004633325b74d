"""The collector as a whole: real servers, its own threads."""

import threading
from dataclasses import replace
from time import monotonic

import pytest

from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.knowledge import Knowledge, learn
from app.domain.subject import NodeId
from app.domain.targets import ScrapeTarget
from collectors.rounds import place
from collectors.scrape import PageTls, ScrapeCollector
from collectors.sockets import Patience

IMPATIENT = Patience(connect_s=0.5, read_s=0.5, total_s=0.8)


def at(port, name="voice-1", node="voice"):
    return ScrapeTarget(
        NodeId(node), f"{name}:{port}", "127.0.0.1", port, "/prometheus"
    )


def named(port, stem, fits):
    """A target whose place in the interval fits."""
    targets = (at(port, f"{stem}-{number}") for number in range(1000))
    return next(target for target in targets if fits(place(target.name)))


@pytest.fixture
def collector(heard, clock):
    made = []

    def make(*targets, interval_s=0.4, patience=IMPATIENT, **more):
        listed = list(targets)
        one = ScrapeCollector(
            lambda: tuple(listed), heard, clock,
            interval_s=interval_s, patience=patience, **more,
        )  # fmt: skip
        one.listed = listed
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()
        one.join(30)


@pytest.fixture
def counting(serve, page):
    """A pod whose counter grows by ten a scrape; `state` bends it."""

    def make(state=None):
        state = state if state is not None else {}
        lock = threading.Lock()

        def handle(server, connection):
            server.request(connection)
            with lock:
                state["value"] = state.get("value", 0) + state.get("step", 10)
                body = f'gws_responses_total{{code="200"}} {state["value"]}\n'
            connection.sendall(page(state.get("body") or body + state.get("more", "")))

        return serve(handle)

    return make


def test_traffic_is_told_from_the_second_page_on(collector, counting, heard):
    port = counting().port
    collector(at(port)).start()
    heard.until(lambda got: len(got) >= 3)
    first, second, third = heard.readings[:3]
    assert (first.facts, first.complete, first.trouble) == ((), True, None)
    (one,), (two,) = second.facts, third.facts
    assert (one.subject, one.requests, one.errors) == ("voice", 10, 0)
    assert (two.subject, two.requests, two.errors) == ("voice", 20, 0)
    assert one.window_s > 0.1
    assert two.window_s > one.window_s + 0.1
    assert second.feed.name == f"voice-1:{port}"
    assert second.feed.max_age_s == pytest.approx(1.2)


def test_one_bad_target_never_delays_another(
    collector, counting, serve, black_hole, refused_port, heard
):
    def hang(server, connection):
        server.ended.wait(20)

    def drip(server, connection):
        server.request(connection)
        while not server.ended.wait(0.05):
            connection.sendall(b"H")

    def flood(server, connection):
        server.request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.ended.is_set():
            connection.sendall(b"lag 1\n" * 10_000)

    good = counting().port
    bad = [
        serve(hang).port,
        serve(drip).port,
        serve(flood).port,
        black_hole,
        refused_port,
    ]
    slow = Patience(connect_s=2, read_s=2, total_s=2)
    targets = [at(good, "good"), *(at(port, "bad") for port in bad)]
    one = collector(*targets, patience=slow)
    one.start()
    heard.until(lambda got: sum("good" in r.feed.name for r in got) >= 8, 15)
    when = [
        t
        for r, t in zip(heard.readings, heard.at, strict=False)
        if "good" in r.feed.name
    ]
    gaps = [b - a for a, b in zip(when[1:], when[2:], strict=False)]
    assert max(gaps) < 1.2  # a hanging one takes 2 s
    assert all(r.trouble is None for r in heard.of("good"))
    heard.until(lambda got: len({r.feed.name for r in got if r.trouble}) == len(bad))
    assert all(r.trouble for r in heard.of("bad"))


def test_a_restarted_pods_counter_is_read_from_zero(collector, counting, heard):
    state = {"value": 1000}
    collector(at(counting(state).port)).start()
    heard.until(lambda got: any(r.facts for r in got))
    state["value"] = 0
    seen = len(heard.readings)
    heard.until(lambda got: len(got) >= seen + 3)
    counts = [f.requests for r in heard.readings for f in r.facts]
    assert counts == [10.0 * n for n in range(1, len(counts) + 1)]


def test_a_trouble_loses_nothing_that_was_known(collector, counting, heard):
    state = {}
    collector(at(counting(state).port)).start()
    heard.until(lambda got: any(r.facts for r in got))
    state["body"] = "what is this\n"
    heard.until(lambda got: any(r.trouble for r in got))
    known = Knowledge()
    for reading in heard.readings:
        known = learn(known, reading)
    assert len(known.of(TrafficFact)) == 1
    (feed,) = known.feeds.values()
    assert "line 1 is not a metric: 'what is this'" in feed.trouble.text
    del state["body"]
    seen = len(heard.readings)
    heard.until(lambda got: any(r.facts for r in got[seen:]))


def test_a_target_that_disappears_takes_its_facts_along(collector, counting, heard):
    one = collector(at(counting().port))
    one.start()
    heard.until(lambda got: any(r.facts for r in got))
    one.listed.clear()
    heard.until(lambda got: got[-1].retired)
    known = Knowledge()
    for reading in heard.readings:
        known = learn(known, reading)
    assert (known.held, known.feeds) == ({}, {})


def test_an_exporter_that_repeats_its_page_is_no_news_and_then_silent(
    collector, counting, heard
):
    state = {"more": "process_uptime_seconds 5\n", "step": 0}
    collector(at(counting(state).port)).start()
    heard.until(lambda got: any(r.trouble for r in got))
    troubled = next(r for r in heard.readings if r.trouble)
    assert troubled.trouble.kind == "silent"
    assert "has repeated the same page for 1 s" in troubled.trouble.text
    first, *repeats = heard.readings[: heard.readings.index(troubled)]
    assert first.complete
    assert repeats
    assert all(not r.complete and not r.facts for r in repeats)


def test_what_is_left_out_of_a_page_is_logged_once(collector, counting, heard, caplog):
    state = {"more": "nodejs_eventloop_lag_seconds NaN\n"}
    port = counting(state).port
    collector(at(port)).start()
    heard.until(lambda got: len(got) >= 3)
    assert [r.getMessage() for r in caplog.records] == [
        f"voice-1:{port}: left out: nodejs_eventloop_lag_seconds: nan is no measurement"
    ]


def test_another_pod_under_the_same_name_is_counted_anew(collector, counting, heard):
    one = collector(at(counting().port))
    one.start()
    heard.until(lambda got: any(r.facts for r in got))
    later = counting({"value": 5000}).port
    one.listed[:] = [replace(one.listed[0], port=later)]
    seen = len(heard.readings)
    heard.until(lambda got: sum(bool(r.facts) for r in got[seen:]) >= 3)
    counts = [f.requests for r in heard.readings for f in r.facts]
    anew = counts.index(10, 1)
    assert counts[anew:] == [10.0 * n for n in range(1, len(counts[anew:]) + 1)]


def test_a_pods_own_certificate_is_believed_where_that_is_said(
    collector, serve, answer, page, certificate
):
    context, _ = certificate(30)
    port = serve(answer(page("jvm_threads_deadlocked 1\n")), context).port
    page_over_tls = replace(at(port), tls=True)
    reading = collector(tls=PageTls(verify=False)).read(page_over_tls)
    assert [fact.value for fact in reading.facts] == [1]
    refused = collector().read(page_over_tls).trouble
    assert refused.kind == "refused"
    assert "scrape.insecure_skip_verify" in refused.text


def test_asking_once_gives_rates_and_gauges(collector, counting, refused_port):
    state = {"more": "nodejs_eventloop_lag_seconds 0.5\n"}
    one = collector(at(counting(state).port), at(refused_port, "gone"))
    well, gone = one.ask_once()
    assert {type(fact) for fact in well.facts} == {TrafficFact, MeasureFact}
    assert "connection refused" in gone.trouble.text


def test_asking_nobody_gives_nothing(collector):
    assert collector().ask_once() == ()


def test_stopping_waits_for_no_slow_target(collector, serve, black_hole, heard):
    taken = threading.Event()

    def hang(server, connection):
        taken.set()
        server.ended.wait(20)

    patient = Patience(connect_s=30, read_s=30, total_s=30)
    # The black hole is asked first, so that its connect is under way by then.
    hole = named(black_hole, "hole", lambda place: place < 0.2)
    hanging = named(serve(hang).port, "hangs", lambda place: 0.5 < place < 0.8)
    one = collector(hole, hanging, patience=patient, interval_s=1.0)
    one.start()
    assert taken.wait(30)
    began = monotonic()
    one.stop()
    one.join(15)
    assert monotonic() - began < 15
    assert heard.readings == []
    names = {thread.name for thread in threading.enumerate()}
    assert not any(name.startswith(("hangs", "hole", "rounds")) for name in names)
