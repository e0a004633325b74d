"""Counters to increases: resets, births, restarts, and whose clock counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.exposition import Page, Sample
from collectors.rates import KEPT_S, PULSES, START, UPTIME, increases, pulse, scraped

A, B = ("a", ()), ("b", (("code", "500"),))


def page(values, start=None, stamps=None):
    samples = {key: Sample(v, (stamps or {}).get(key)) for key, v in values.items()}
    if start is not None:
        samples[START, ()] = Sample(start)
    return Page(samples)


def scrapes(*pages, every=15.0):
    """Scrape the pages one after the other; what is remembered after each."""
    last, all_ = None, []
    for number, one in enumerate(pages):
        counters = frozenset({A, B} & set(one.samples))
        last = scraped(one, counters, 1000.0 + number * every, last)
        all_.append(last)
    return all_


def grown(*pages, longest=60.0, every=15.0):
    *_, before, after = [None, *scrapes(*pages, every=every)]
    return increases(before, after, longest)


def test_one_page_gives_no_rate():
    assert grown(page({A: 5})) is None


def test_two_pages_give_the_difference_over_our_own_window():
    found = grown(page({A: 5}), page({A: 8}))
    assert found.by_series == {A: 3}
    assert found.window_s == 15


def test_a_counter_that_fell_has_counted_its_present_value():
    assert grown(page({A: 100}), page({A: 7})).by_series == {A: 7}


def test_a_counter_born_between_scrapes_began_at_zero():
    assert grown(page({A: 1}), page({A: 1, B: 4})).by_series == {A: 0, B: 4}


def test_a_counter_that_comes_back_goes_on_from_where_it_was():
    found = grown(page({A: 1, B: 40}), page({A: 1}), page({A: 1, B: 42}))
    assert found.by_series == {A: 0, B: 2}


def test_a_counter_that_was_away_for_long_is_forgotten():
    found = scrapes(page({A: 1, B: 40}), page({A: 1}), every=KEPT_S + 1)
    assert B not in found[-1].counters


def test_a_restart_counts_from_zero_even_where_the_value_is_higher():
    before, after = page({A: 5}, start=1000), page({A: 9}, start=2000)
    assert grown(before, after).by_series == {A: 9}


def test_a_start_time_that_wobbles_is_no_restart():
    before, after = page({A: 5}, start=1000.0), page({A: 9}, start=1000.9)
    assert grown(before, after).by_series == {A: 4}


def test_after_a_long_silence_counting_begins_anew():
    assert grown(page({A: 5}), page({A: 900}), every=600.0) is None


def test_without_time_passing_there_is_no_rate():
    assert grown(page({A: 5}), page({A: 8}), every=0.0) is None


def test_the_exporters_clock_bends_no_rate():
    before = page({A: 5}, stamps={A: 9e9})
    after = page({A: 8}, stamps={A: 3.0})
    assert grown(before, after).window_s == 15


def test_a_page_read_twice_has_the_same_pulse():
    stamped = page({A: 5}, stamps={A: 10.0})
    assert pulse(stamped) == pulse(page({A: 5}, stamps={A: 10.0})) != frozenset()
    assert pulse(stamped) != pulse(page({A: 5}, stamps={A: 25.0}))


def test_an_uptime_is_a_pulse_and_plain_values_are_none():
    assert pulse(page({A: 5})) == frozenset()
    up = Page({(UPTIME, ()): Sample(36000.0)})
    assert pulse(up) != pulse(Page({(UPTIME, ()): Sample(36015.0)}))


@pytest.mark.parametrize("name", sorted(PULSES))
def test_an_exporter_that_repeats_itself_is_known_by_what_never_rests(name):
    series = (name, (("cluster", "gws-elastic"),))
    page = Page({series: Sample(7.0), A: Sample(5)})
    assert (
        pulse(page) == pulse(Page({series: Sample(7.0), A: Sample(6)})) != frozenset()
    )
    assert pulse(page) != pulse(Page({series: Sample(8.0), A: Sample(5)}))


COUNTS = st.floats(min_value=0, max_value=1e12)


@given(
    st.lists(st.dictionaries(st.sampled_from([A, B]), COUNTS), min_size=2, max_size=9)
)
def test_an_increase_is_never_below_zero_nor_above_the_counter(histories):
    found = grown(*(page(values) for values in histories))
    assert set(found.by_series) == set(histories[-1])
    for series, increase in found.by_series.items():
        assert 0 <= increase <= histories[-1][series]


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20), st.data())
def test_restarts_make_no_requests_up(steps, data):
    """A restart that outruns the old value within one window hides some, as it does
    from Prometheus; none is counted twice."""
    value, pages = 0, [page({A: 0})]
    for step in steps:
        if data.draw(st.booleans()):
            value = 0
        value += step
        pages.append(page({A: value}))
    found = scrapes(*pages)
    added = [
        increases(before, after, 60.0).by_series[A]
        for before, after in zip(found, found[1:], strict=False)
    ]
    assert sum(added) <= sum(steps)
    assert added[0] == steps[0]
