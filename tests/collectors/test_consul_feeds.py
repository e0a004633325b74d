"""The Consul collector against a scripted server: what it asks, hears and reports."""

import time

import pytest

from app.domain.facts import ConsulClusterFact, RegistrationFact
from collectors.consul import ConsulAddress, ConsulCollector, Pace
from collectors.consul_feeds import Blocking
from collectors.consul_http import ConsulLine
from collectors.consul_pace import JUDGED_S
from tests.collectors.consul_watching import (
    LOCATOR,
    QUICK,
    Heard,
    Watch,
    ask_once,
    statuses,
    utc_now,
)
from tests.collectors.scripted_consul import (
    CATALOG,
    CHECKS,
    LEADER,
    ScriptedConsul,
    check,
)


@pytest.fixture
def consul():
    with ScriptedConsul() as server:
        yield server


@pytest.fixture
def address(consul):
    return ConsulAddress(consul.url)


def test_three_feeds_say_what_consul_knows(consul, address):
    with Watch(address) as heard:
        checks, _ = heard.wait("checks")
        catalog, _ = heard.wait("catalog")
        cluster, _ = heard.wait("cluster")
    assert statuses(checks) == {"w1": "passing"}
    assert checks.complete
    assert catalog.facts[1] == RegistrationFact("workspace", "gws-app-workspace")
    assert cluster.facts == (ConsulClusterFact("127.0.0.1:8300", 1, True, 0),)


def test_a_change_wakes_the_question_that_is_held(consul, address):
    with Watch(address) as heard:
        heard.wait("checks")
        consul.change([check(status="critical")])
        reading, _ = heard.wait("checks", lambda r: "critical" in str(r.facts))
    assert statuses(reading) == {"w1": "critical"}


NO_PAUSE_S = 0.1


def test_a_change_is_reported_with_no_pause_quiet_or_soon_after_another(
    consul, address
):
    delays_s = []
    with Watch(address) as heard:
        heard.wait("checks")
        for turn, pause_s in enumerate([0.1, 0.12, 0.25, 0.5, 0.1, 0.1] * 4):
            consul.ended.wait(pause_s)  # nothing else happens for so long
            status = "critical" if turn % 2 else "passing"
            so_far = len(heard.of("checks"))
            at = consul.change([check(status=status, Output=str(turn))])
            _, came = heard.wait("checks", lambda r: r.facts, after=so_far)
            delays_s.append(came - at)
    middle = sorted(delays_s)[len(delays_s) // 2]
    # The shortest pause that the asker ever makes on purpose is longer.
    assert middle < NO_PAUSE_S, f"median {middle * 1000:.1f} ms"


def test_a_held_question_that_ends_without_news_is_a_sign_of_life(consul, address):
    with Watch(address, Pace(wait_s=0.2, margin_s=1.0)) as heard:
        heard.wait("checks")
        reading, _ = heard.wait("checks", after=1)
    assert (reading.complete, reading.facts, reading.trouble) == (False, (), None)


def test_the_wait_is_jittered_and_goes_on_from_the_last_index(consul, address):
    with Watch(address):
        consul.wait_asked(CHECKS, 2)
        consul.change([check(status="warning")])
        consul.wait_asked(CHECKS, 3)
    first, second, third = consul.asked(CHECKS)[:3]
    assert first == {}
    assert second == {"index": "10", "wait": "950ms"}
    assert third == {"index": "11", "wait": "950ms"}


def test_news_is_judged_before_the_next_question_is_made(consul, address):
    question = Blocking(CHECKS, lambda body: (), Pace(), lambda: 0.0, stale=False)
    line = ConsulLine(address, Pace().connect_s)
    consul.script(CHECKS, always=lambda request: request.json([check()], index=7))
    assert question.ask(line).again_s == JUDGED_S
    assert question.ask(line).again_s == 0.0, "nothing new was to be judged"
    line.close()


def test_an_answer_that_says_the_same_again_is_not_read_again(consul, address):
    said, read = ["passing"], []
    question = Blocking(
        CHECKS,
        lambda body: (*read, read.append(body)),
        Pace(),
        lambda: 0.0,
        stale=False,
    )
    line = ConsulLine(address, Pace().connect_s)
    consul.script(CHECKS, always=lambda r: r.json([check(status=said[-1])], index=7))
    first = question.ask(line).facts
    assert question.ask(line).facts is first
    said.append("critical")
    assert question.ask(line).facts is not first
    assert len(read) == 2
    line.close()


def test_an_index_that_goes_backwards_is_asked_from_the_beginning(consul, address):
    with Watch(address) as heard:
        heard.wait("checks")
        consul.change([check(status="warning")], index=3)
        heard.wait("checks", lambda r: "warning" in str(r.facts))
        consul.wait_asked(CHECKS, 4)
        consul.change([check(status="critical")], index=4)
        heard.wait("checks", lambda r: "critical" in str(r.facts))
    assert [asked.get("index") for asked in consul.asked(CHECKS)[:4]] == [
        None,
        "10",
        None,
        "3",
    ]


def test_a_question_woken_without_a_newer_index_is_asked_from_the_beginning(
    consul, address
):
    """So Consul 1.8 ends its held questions when a snapshot is restored."""
    with Watch(address):
        consul.wait_asked(CHECKS, 2)
        consul.script(CHECKS, lambda r: r.json([check()], index=10))
        consul.cut_all()
        consul.wait_asked(CHECKS, 4)
    first = consul.asked(CHECKS)[2:4]
    assert first == [{}, {"index": "10", "wait": "950ms"}]


@pytest.mark.parametrize("index", [None, 0, "-4", "many"])
def test_an_index_that_is_none_never_makes_a_hot_loop(consul, address, index):
    consul.script(CHECKS, always=lambda request: request.json([check()], index=index))
    with Watch(address) as heard:
        heard.wait("checks")
        heard.wait("cluster", after=10)  # a second and a bit
    asked = consul.asked(CHECKS)
    assert all(not params for params in asked)
    assert 4 <= len(asked) <= 10


def test_a_server_that_never_holds_a_question_is_slowed(consul, address):
    consul.script(CHECKS, always=lambda request: request.json([check()], index=7))
    with Watch(address) as heard:
        heard.wait("cluster", after=10)
    assert len(consul.asked(CHECKS)) <= 10


def test_a_server_whose_index_always_grows_is_slowed(consul, address):
    consul.script(
        CHECKS,
        always=lambda request: request.json(
            [check()], index=int(request.asked.get("index", 1)) + 1
        ),
    )
    with Watch(address) as heard:
        heard.wait("cluster", after=10)
        started, ended = heard.times[0], time.monotonic()
    assert len(consul.asked(CHECKS)) <= 41 + 20 * (ended - started) + 1


def test_a_cut_that_heals_at_once_is_no_trouble(consul, address):
    with Watch(address) as heard:
        consul.wait_asked(CHECKS, 2)
        consul.wait_asked(CATALOG, 2)
        consul.cut_all()
        consul.change([check(status="critical")])
        heard.wait("checks", lambda r: "critical" in str(r.facts))
    assert not [reading for reading in heard.of("checks") if reading.trouble]
    assert consul.asked(CHECKS)[2] == {}, "asked from the beginning after a cut"


def test_trouble_is_told_and_healing_brings_the_whole_list_again(consul, address):
    with Watch(address) as heard:
        heard.wait("checks")
        consul.script(CHECKS, always=lambda r: r.text("rpc error", status=500))
        consul.change([check()])
        said = heard.trouble("checks")
        consul.heal(CHECKS)
        so_far = len(heard.of("checks"))
        reading, _ = heard.wait("checks", lambda r: r.facts, after=so_far)
    assert said == f"unreachable: Consul at {consul.url}: HTTP 500: rpc error"
    assert reading.complete


def test_failures_in_a_row_are_spaced_by_a_growing_pause(consul, address):
    consul.script(CHECKS, always=lambda r: r.text("rpc error", status=500))
    with Watch(address) as heard:
        heard.wait("cluster", after=15)
    assert 3 <= len(consul.asked(CHECKS)) <= 7


def test_stopping_ends_held_questions_at_once(consul, address):
    watch = Watch(address, Pace(wait_s=60.0))
    with watch as heard:
        consul.wait_asked(CHECKS, 2)
        consul.wait_asked(CATALOG, 2)
        started = time.monotonic()
        watch.collector.stop()
        watch.collector.join(2.0)
        took = time.monotonic() - started
    assert took < 1.0
    assert not [reading for reading in heard.readings if reading.trouble]


def test_asking_once_needs_no_start_and_gives_every_feed(consul, address):
    consul.script(CATALOG, lambda r: r.text("ACL not found", status=403))
    readings = ask_once(address)
    assert statuses(readings["checks"]) == {"w1": "passing"}
    assert readings["catalog"].trouble.kind == "refused"
    assert readings["cluster"].facts


def test_a_collector_that_was_never_started_can_be_stopped(address):
    collector = ConsulCollector(address, LOCATOR, Heard(), utc_now, pace=QUICK)
    assert collector.name == "consul"
    collector.stop()


def test_a_bug_is_told_and_does_not_end_the_feed(consul, address):
    class Failing:
        """A locator with a fault that the first question meets."""

        def __init__(self):
            self.calls = 0

        def consul_service(self, name):
            self.calls += 1
            if self.calls == 1:
                raise ZeroDivisionError
            return LOCATOR.consul_service(name)

    heard = Heard()
    consul.script(CATALOG, always=lambda r: r.text("", status=500))
    collector = ConsulCollector(address, Failing(), heard, utc_now, pace=QUICK)
    collector.start()
    try:
        assert heard.trouble("checks").startswith("bug: ")
        heard.wait("checks", lambda r: r.facts)
    finally:
        collector.stop()
        collector.join(5.0)


def test_datacenter_and_stale_reads_are_asked_for(consul):
    with Watch(ConsulAddress(consul.url, datacenter="dc2", stale=True)) as heard:
        heard.wait("checks")
        heard.wait("cluster")
    assert consul.asked(CHECKS)[0] == {"stale": "", "dc": "dc2"}
    assert consul.asked(LEADER)[0] == {"dc": "dc2"}
