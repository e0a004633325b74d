"""Traffic over the scrapes of the last minute."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts_traffic import TrafficFact
from app.domain.subject import NodeId
from collectors.exposition import Page, Sample
from collectors.rates import increases, scraped
from collectors.windows import WINDOW_S, Interval, over, slid

VOICE = NodeId("voice")
SERIES = ("requests", ())


def counted(requests=None, span_s=15.0, subject=VOICE, **more):
    fact = TrafficFact(subject, "pod", span_s, requests=requests, **more)
    return Interval(span_s, (fact,))


def slid_over(*intervals):
    window = ()
    for interval in intervals:
        window = slid(window, interval)
    return window


def told(*intervals):
    return {fact.subject: fact for fact in over(slid_over(*intervals))}


def test_before_there_is_history_the_window_is_as_long_as_it_is():
    fact = told(counted(5.0, 5.0))[VOICE]
    assert (fact.requests, fact.window_s) == (5, 5)


def test_the_scrapes_of_the_last_minute_are_added():
    fact = told(*[counted(float(n)) for n in range(6)])[VOICE]
    assert (fact.requests, fact.window_s) == (2 + 3 + 4 + 5, 60)


def test_two_scrapes_are_a_window_however_far_apart():
    fact = told(counted(7.0), counted(9.0, 240.0))[VOICE]
    assert (fact.requests, fact.window_s) == (9, 240)


def test_durations_and_buckets_are_added_as_well():
    one = {"duration_sum_s": 2.0, "duration_count": 4.0}
    fact = told(
        counted(4.0, buckets=((0.1, 3.0), (math.inf, 4.0)), **one),
        counted(6.0, buckets=((0.1, 1.0), (math.inf, 6.0)), **one),
    )[VOICE]
    assert fact.buckets == ((0.1, 4), (math.inf, 10))
    assert (fact.duration_sum_s, fact.duration_count) == (4, 8)


def test_what_nobody_counted_stays_unknown():
    fact = told(counted(4.0), counted(6.0, errors=1.0))[VOICE]
    assert (fact.errors, fact.client_errors, fact.buckets) == (1, None, ())


def test_open_requests_are_those_of_now():
    assert told(counted(active=9.0), counted(active=2.0))[VOICE].active == 2
    assert told(counted(active=9.0), counted())[VOICE].active is None


def test_a_connection_first_used_now_was_silent_before():
    found = told(counted(8.0), counted(3.0, subject=26))
    assert (found[26].requests, found[26].window_s) == (3, 30)
    assert found[VOICE].requests == 8


@given(st.lists(st.floats(0.1, 300), min_size=1, max_size=40))
def test_a_window_is_the_newest_intervals_that_fit(spans):
    window = slid_over(*[counted(1.0, span) for span in spans])
    kept = [interval.span_s for interval in window]
    assert kept == spans[-len(kept) :]
    assert len(kept) == 1 or sum(kept) <= WINDOW_S + 1e-6
    if len(kept) < len(spans):
        assert sum(spans[-len(kept) - 1 :]) > WINDOW_S - 1e-6


STEPS = st.lists(st.tuples(st.integers(0, 500), st.booleans()), min_size=2, max_size=20)


@given(STEPS, st.floats(1, 30))
def test_the_sum_over_the_window_is_the_increase_over_it(steps, every):
    """A reset is settled where it happened. After it a counter has counted its value."""
    value, grown, scrapes = 0, [], []
    for number, (step, resets) in enumerate(steps):
        before, value = value, (0 if resets else value) + step
        grown.append(value if value < before else value - before)
        page = Page({SERIES: Sample(float(value))})
        last = scrapes[-1] if scrapes else None
        scrapes.append(scraped(page, frozenset({SERIES}), number * every, last))
    window = ()
    for before, after in pairwise(scrapes):
        found = increases(before, after, 120.0)
        window = slid(window, counted(found.by_series[SERIES], found.window_s))
    (fact,) = over(window)
    assert fact.requests == sum(grown[-len(window) :])
    assert math.isclose(fact.window_s, every * len(window))


@given(st.integers(1, 60), st.floats(0, 1e6))
def test_a_fault_is_forgotten_when_the_window_has_passed(every, failed):
    window = slid_over(counted(failed, float(every), errors=failed))
    passed = 0.0
    while passed < WINDOW_S:
        passed += every
        window = slid(window, counted(10.0, float(every), errors=0.0))
    (fact,) = over(window)
    assert fact.errors == 0
