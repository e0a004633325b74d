"""Checks that come and go: told of though they pass, and forgotten in time."""

from dataclasses import replace
from datetime import timedelta

from app.domain.facts import CheckFact
from app.domain.limits import DEFAULT
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.turns import KEPT, turned
from tests.domain.scene import NOW, Scene

TEN = timedelta(minutes=10)
CHECKS = Feed("consul", "checks", 30, continuous=True)


def check(status: str, id_: str = "c1", instance: str = "v1") -> CheckFact:
    return CheckFact(
        NodeId("voice"), "gws-platform-voice", instance, "node-a", id_, status
    )


def told(scene: Scene, *facts: CheckFact, after: float = 5) -> None:
    """Half a minute of calm would make the other witnesses old."""
    scene.now += timedelta(seconds=after)
    scene.hear(CHECKS, *facts)
    scene.look()


def reasons(scene: Scene) -> list[str]:
    return [reason.text for reason in scene.node("voice").reasons]


def flapped(scene: Scene) -> None:
    for status in ("passing", "critical", "passing", "critical", "passing"):
        told(scene, check(status), check("passing", "c2", "v2"))


def test_a_check_that_comes_and_goes_degrades_its_box_though_it_passes() -> None:
    scene = Scene()
    flapped(scene)
    scene.sight_kept()
    text = "gws-platform-voice: check c1 changed 4 times of late, passing now"
    assert text in reasons(scene)
    assert scene.node("voice", after=61).status is Status.DEGRADED
    assert scene.connection(29).status is Status.OK, "a box's own affair"


def test_one_restart_is_no_flapping() -> None:
    scene = Scene()
    for status in ("passing", "critical", "passing"):
        told(scene, check(status))
    assert not [text for text in reasons(scene) if "of late" in text]


def test_it_is_forgotten_ten_minutes_later_and_that_moment_is_named() -> None:
    scene = Scene()
    flapped(scene)
    second = NOW + timedelta(seconds=15)
    for _ in range(10):
        scene.sight_kept()
        scene.look(after=58)
    assert scene.wake_at is not None
    assert scene.wake_at <= second + timedelta(minutes=10)
    assert [text for text in reasons(scene) if "of late" in text]
    scene.sight_kept()
    scene.look(after=11)
    assert not [text for text in reasons(scene) if "changed" in text]


def test_without_a_fresh_word_of_consul_nothing_is_said() -> None:
    scene = Scene()
    flapped(scene)
    scene.look(after=31)
    assert not [text for text in reasons(scene) if "changed" in text]


def test_several_are_told_together_the_worst_first() -> None:
    scene = Scene()
    for turn in range(5):
        status = "critical" if turn % 2 else "passing"
        other = "critical" if turn in (1, 3, 4) else "passing"
        told(scene, check(status), check(other, "c2", "v2"))
    assert (
        "gws-platform-voice: check c1 changed 4 times of late, passing now; "
        "likewise 1 more"
    ) in reasons(scene)


def turns(*rounds: tuple[CheckFact, ...], every: float = 1.0):
    known = {}
    for turn, facts in enumerate(rounds):
        known = turned(known, facts, NOW + timedelta(seconds=turn * every), TEN)
    return {key[2]: len(found.changes) for key, found in known.items()}


def test_a_node_s_check_is_told_only_while_it_fails_and_counts_all_the_same() -> None:
    own, serf = check("passing"), check("critical", "serfHealth/v1")
    both = (own, serf)
    assert turns((own,), both, (own,), both) == {"c1": 0, "serfHealth/v1": 3}
    assert turns((own,), both, (own,), every=601) == {"c1": 0, "serfHealth/v1": 1}
    assert turns((own,), both, (own,), (own,), every=601) == {"c1": 0}


def test_what_is_known_for_the_first_time_has_not_changed() -> None:
    assert turns((check("critical"),)) == {"c1": 0}
    more = check("passing", "c2")
    assert turns((check("critical"),), (check("critical"), more)) == {"c1": 0, "c2": 0}


def test_an_instance_that_left_is_forgotten() -> None:
    other = check("passing", "c2", "v2")
    assert turns((check("passing"), other), (check("critical"), other), (other,)) == {
        "c2": 0
    }


def test_no_more_than_the_newest_changes_are_kept() -> None:
    rounds = [(check("critical" if n % 2 else "passing"),) for n in range(KEPT + 9)]
    assert turns(*rounds) == {"c1": KEPT}


def test_changes_that_are_yet_to_come_are_forgotten_when_the_clock_was_set_back() -> (
    None
):
    rounds = [(check("critical" if n % 2 else "passing"),) for n in range(4)]
    assert turns(*rounds, every=-100) == {"c1": 1}


def test_the_window_is_a_limit_of_the_site_s_own() -> None:
    scene = Scene(limits=replace(DEFAULT, flap_window=1))
    flapped(scene)
    assert not [text for text in reasons(scene) if "of late" in text]
