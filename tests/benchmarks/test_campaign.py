"""A fixed part of the fault campaign: what is broken is seen and blamed, a calm hour is
calm. It runs in virtual time, so that it says the same everywhere."""

from __future__ import annotations

import pytest

from app.domain.limits import DEFAULT
from app.simulator.faults import BY_NAME
from benchmarks.campaign import (
    BLINDING,
    day_table,
    odd_ones,
    pairs,
    singles,
    trials_table,
)
from benchmarks.campaign_day import healthy_day
from benchmarks.campaign_trials import (
    Injected,
    Recovery,
    Seen,
    Trial,
    Watch,
    begun,
    shown_bad,
    tried,
)

pytestmark = pytest.mark.untraced


def often(*values: object) -> object:
    """One more of what another shows too, for `make thorough`."""
    return pytest.param(*values, marks=pytest.mark.thorough)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return begun(seed=1)


@pytest.mark.parametrize(
    "fault",
    [
        Injected("consul_critical", "statistics"),
        often(Injected("consul_deregistered", "gws-platform-ocs")),
        Injected("consul_deregistered", "gauth-environment"),
        Injected("partition", "15"),
        often(Injected("errors", "platform-services")),
        often(Injected("slow", "interaction")),
        often(Injected("certificate_near_end", "service-proxy")),
        often(Injected("slow", "gws-platform-ocs")),
    ],
    ids=str,
)
def test_a_fault_is_seen_blamed_and_forgotten_and_nothing_else_turns(
    watch: Watch, fault: Injected
) -> None:
    trial = tried(watch, [fault])
    assert trial.expected
    assert (trial.missed, trial.wrong) == (frozenset(), frozenset())
    assert trial.named, trial.first
    assert trial.recovery.shown_s is not None
    assert trial.recovery.held_s is not None
    assert trial.recovery.held_s <= DEFAULT.leave + 1


def test_what_blinds_is_told_and_colours_nothing(watch: Watch) -> None:
    trial = tried(watch, [Injected("consul_acl_denied", "consul")])
    assert (trial.expected, trial.wrong) == (frozenset(), frozenset())
    assert trial.blind_s is not None
    assert trial.recovery.shown_s is not None


@pytest.mark.parametrize(
    ("kind", "target", "page"),
    [
        ("metrics_gone", "gauth-auth", "gauth-auth-"),
        often("metrics_stale", "postgresql", "pgdb-gws-"),
        often("metrics_garbage", "gws-platform-ocs", "gws-platform-ocs-"),
    ],
)
def test_one_page_of_many_that_gives_nothing_is_told_by_name(
    kind: str, target: str, page: str
) -> None:
    watch = begun(seed=1)
    watch.rig.begin(kind, target)
    for _ in range(100):
        snapshot = watch.second()
    told = {source.name: source for source in snapshot.sources}["scrape"]
    assert (told.status.value, (told.error or "").startswith(page)) == (
        "degraded",
        True,
    )
    assert shown_bad(snapshot) == frozenset()


def test_of_two_faults_one_is_blamed_first(watch: Watch) -> None:
    trial = tried(
        watch, [Injected("pod_crash", "redis"), Injected("scale_zero", "iwd")]
    )
    assert trial.expected == {12, 18, 24, 25, 26}
    assert (trial.named, trial.wrong) == (True, frozenset())


@pytest.mark.thorough
def test_what_the_second_fault_takes_away_was_bad_until_then(watch: Watch) -> None:
    trial = tried(
        watch, [Injected("pod_crash", "setting"), Injected("scale_zero", "workspace")]
    )
    assert (trial.expected, trial.wrong) == ({2, 6}, frozenset())


def test_what_is_coloured_when_it_is_not_bad_any_more_is_wrong() -> None:
    seen = Seen()
    seen.expect({2: "degraded", 31: "failing"})
    seen.note(1, frozenset({2, 31}), None, blind=False)
    seen.expect({2: "degraded", 6: "failing", 31: "idle"})
    seen.note(6, frozenset({2, 6, 31}), None, blind=False)
    trial = seen.trial([], [], Recovery(None))
    assert (trial.wrong, trial.missed) == ({31}, frozenset())


@pytest.mark.thorough
def test_both_faults_of_a_pair_are_waited_for() -> None:
    late = Injected("consul_deregistered", "gplus-adapter")
    trial = tried(begun(seed=1), [late, Injected("pod_crash", "redis")])
    assert trial.expected == {4, 12, 18, 24, 25}
    assert (trial.missed, trial.wrong) == (frozenset(), frozenset())


@pytest.mark.thorough
def test_a_colour_is_not_wrong_that_was_true_before_the_second_fault_hid_it() -> None:
    crash = Injected("pod_crash", "gauth-environment")
    trial = tried(begun(seed=1), [crash, Injected("scale_zero", "workspace")])
    assert 14 not in trial.expected
    assert trial.wrong == frozenset()


def test_looking_goes_on_until_each_fault_has_coloured_what_no_other_does() -> None:
    seen = Seen(settle_s=45)
    seen.expect({2: "degraded", 15: "failing", 26: "idle"})
    assert seen.expected == {2, 15}
    seen.note(3, frozenset({2}), None, blind=False)
    assert (seen.detected_s, seen.all_seen_s) == (3, 3)
    seen.expect(
        {2: "degraded", 15: "failing"}, [{2: "degraded", 15: "failing"}, {2: "failing"}]
    )
    seen.note(4, frozenset({2}), None, blind=False)
    seen.note(100, frozenset({2}), None, blind=False)
    assert (seen.all_seen_s, seen.goes_on()) == (None, True)
    seen.note(110, frozenset({2, 15}), None, blind=False)
    seen.note(154, frozenset(), None, blind=False)
    assert (seen.detected_s, seen.all_seen_s, seen.goes_on()) == (3, 110, True)
    seen.note(155, frozenset(), None, blind=False)
    assert not seen.goes_on()


def test_a_day_that_ends_before_a_window_was_counted_has_no_events() -> None:
    assert healthy_day(seed=3, seconds=5).events == 0


def test_an_evicted_pod_is_told_as_such_and_colours_nothing(watch: Watch) -> None:
    watch.rig.end(watch.rig.begin("evict", "voice", pace_s=25))
    said = set()
    for _ in range(40):
        snapshot = watch.second()
        assert shown_bad(snapshot) == frozenset()
        voice = next(node for node in snapshot.nodes if node.id == "voice")
        said |= {reason.text for reason in voice.reasons}
    assert any("1 of 2 pods ready, 1 evicted: " in text for text in said)


def test_a_part_of_a_day_with_rollouts_and_evictions_colours_nothing() -> None:
    day = healthy_day(seed=3, seconds=240)
    assert day.events >= 4
    assert (day.failing_s, day.degraded_s, day.told) == (0, 0, ())
    assert (
        day_table(day).splitlines()[-1] == f"| 0.0666667 | {day.events} | 0.0 | 0.0 |"
    )


def test_every_kind_is_tried_at_every_place_and_pairs_are_of_two_places() -> None:
    assert {fault.kind for fault in singles()} == set(BY_NAME)
    for one, other in pairs(seed=1, count=50):
        assert one.target != other.target
        assert not {one.kind, other.kind} & BLINDING


def trial(fault: Injected, **more: object) -> Trial:
    plain: dict[str, object] = {
        "faults": (fault,), "causes": ("redis",), "expected": frozenset({12}),
        "detected_s": 4, "blind_s": None, "missed": frozenset(), "wrong": frozenset(),
        "first": "redis", "recovery": Recovery(66, 5),
    }  # fmt: skip
    return Trial(**(plain | more))  # type: ignore[arg-type]


def test_the_table_counts_and_what_is_odd_is_told_in_words() -> None:
    crash = Injected("pod_crash", "redis")
    late = trial(
        crash, detected_s=None, missed=frozenset({12}), wrong=frozenset({3, 8}),
        first=None, recovery=Recovery(None, 9),
    )  # fmt: skip
    other = trial(crash, first="iwd", missed=frozenset({12}))
    assert trials_table([trial(crash), late, other]).splitlines()[-1] == (
        "| pod_crash | 3 | 2 of 3 | 4 | 4 | 2 | 1 of 3 | 2 of 3, 66 | 9 |"
    )
    told = odd_ones([trial(crash), late, other])
    assert "| pod_crash redis | not seen, 3 8 coloured wrongly, not recovered" in told
    assert "12 not coloured, iwd suspected first, redis to blame" in told
    assert odd_ones([trial(crash)]) == "Nothing."
