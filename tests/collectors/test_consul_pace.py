"""Indexes, pauses and the rate at which Consul is asked."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.bucket import Bucket
from collectors.consul_pace import (
    BACKOFF_MOST_S,
    NEWS,
    NO_NEWS,
    PER_S,
    SIZE,
    Pace,
    backoff,
    jittered,
    next_index,
)

CHANCE = st.floats(0, 1)


@given(st.integers(0, 2**63), st.none() | st.integers(-5, 2**63), st.booleans())
def test_the_next_index_never_goes_on_from_one_that_fell(asked, answered, held_on):
    index = next_index(asked, answered, held_on=held_on)
    assert index in (0, answered)
    assert index == 0 or index >= asked


def test_the_same_index_before_its_time_is_a_restored_snapshot():
    assert next_index(7, 7, held_on=False) == 0
    assert next_index(7, 7, held_on=True) == 7
    assert next_index(7, 8, held_on=False) == 8


@given(st.integers(1, 10_000), CHANCE)
def test_a_pause_after_failures_is_bounded(failures, chance):
    assert 0 <= backoff(failures, chance) <= BACKOFF_MOST_S


def test_the_first_failure_is_followed_at_once_and_the_next_ones_ever_later():
    assert backoff(1, 1.0) == 0
    assert [backoff(n, 1.0) for n in range(2, 8)] == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0]


@given(CHANCE)
def test_jitter_only_shortens(chance):
    assert 9.0 <= jittered(10.0, chance) <= 10.0


def test_consul_may_take_a_sixteenth_longer():
    assert Pace(wait_s=16.0, margin_s=2.0).held_s == 19.0


@given(st.lists(st.floats(0.1, 2.5), min_size=1, max_size=300))
def test_changes_a_tenth_of_a_second_apart_are_never_delayed(gaps_s):
    bucket, now_s = Bucket(0.0, size=SIZE, per_s=PER_S), 0.0
    for gap_s in gaps_s:
        now_s += gap_s
        assert bucket.spend(NEWS, now_s) == 0.0


@given(st.sampled_from([NEWS, NO_NEWS]), st.integers(1, 400))
def test_a_server_that_answers_at_once_is_held_to_the_rate(tokens, times):
    bucket, now_s = Bucket(0.0, size=SIZE, per_s=PER_S), 0.0
    for _ in range(times):
        now_s += bucket.spend(tokens, now_s)
    assert now_s >= (times * tokens - SIZE) / PER_S - 1e-6
