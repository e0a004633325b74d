"""What must hold of incidents whatever turns, in whatever order, at whatever time."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.incidents import Book, Incident
from app.domain.incidents_fold import fold, resumed
from app.domain.snapshot import Suspect
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.verdict import LEVELS
from tests.domain.story import JOINED, NOON, SUBJECTS, Story, after
from tests.examples import dear

SOME = (4, 9, 12, 14, 17, 18, 20, 23, 25, 31, NodeId("redis"), NodeId("workspace"))
SLOW = dear()

subjects = st.sampled_from(SOME)
statuses = st.sampled_from([s for s in Status if s is not Status.ABSENT])
suspects = st.lists(
    st.builds(
        lambda node, explains: Suspect(node, tuple(sorted(explains)), NOON, node),
        st.sampled_from([NodeId("redis"), NodeId("postgresql"), NodeId("voicemail")]),
        st.sets(st.sampled_from([9, 12, 17, 18, 23, 25]), min_size=1),
    ),
    max_size=2,
)
steps = st.tuples(
    st.sampled_from([0.5, 2, 40, 130, 400]),
    st.dictionaries(subjects, statuses, max_size=4),
    suspects,
)
stories = st.lists(steps, max_size=14)
Steps = list[tuple[float, dict[Subject, Status], list[Suspect]]]


def told(story: Story, steps: Steps, begin: float = 0) -> float:
    at = begin
    for pause, turns, suspected in steps:
        at += pause
        story.at(at, turns, *suspected)
    return at


def homes(incidents: tuple[Incident, ...]) -> list[Subject]:
    return [m.subject for one in incidents for m in one.members]


@SLOW
@given(stories)
def test_whatever_is_bad_is_in_exactly_one_open_incident(steps: Steps) -> None:
    story, at = Story(), 0.0
    for step in steps:
        at = told(story, [step], at)
        bad = {s for s, (status, _) in story.states.items() if status in LEVELS}
        members = homes(story.book.open)
        assert len(members) == len(set(members))
        assert bad <= set(members)


@SLOW
@given(stories)
def test_every_turn_is_between_start_and_end(steps: Steps) -> None:
    story = Story()
    told(story, steps)
    for one in story.kept.values():
        turns = [turn.at for member in one.members for turn in member.turns]
        assert one.start == min(turns)
        assert one.end is None or one.end >= max(turns)
        assert [m.turns[0].at for m in one.members] == sorted(
            m.turns[0].at for m in one.members
        )


@SLOW
@given(stories)
def test_an_open_incident_has_a_bad_member_and_an_ended_one_none(steps: Steps) -> None:
    story = Story()
    told(story, steps)
    assert all(any(m.bad for m in one.members) for one in story.book.open)
    assert not any(m.bad for one in story.book.ended for m in one.members)


@SLOW
@given(stories)
def test_what_became_part_of_another_is_named_by_one_that_was_older(
    steps: Steps,
) -> None:
    story = Story()
    told(story, steps)
    for one in story.kept.values():
        if one.into is not None:
            whole = story.kept[one.into]
            assert one.id in whole.merged
            assert (whole.start, whole.id) <= (one.start, one.id)


@SLOW
@given(stories, st.randoms(use_true_random=False))
def test_the_order_of_subjects_in_a_snapshot_does_not_matter(
    steps: Steps, chance: random.Random
) -> None:
    story, book, at = Story(), Book(), 0.0
    for pause, turns, suspected in steps:
        at += pause
        story.at(at, turns, *suspected)
        order = list(SUBJECTS)
        chance.shuffle(order)
        shuffled = story.snapshot(after(at), suspected, order)
        book = fold(book, shuffled, JOINED, after(at)).book
        assert book == story.book


@SLOW
@given(stories, st.integers(0, 13))
def test_a_restart_goes_on_with_the_same_incidents(steps: Steps, cut: int) -> None:
    """Whoever is told by the records what an earlier process knew."""
    whole = Story()
    told(whole, steps)
    story = Story()
    at = told(story, steps[:cut])
    again = Story(resumed(Book(), story.kept.values(), after(at)))
    again.states, again.kept = story.states, dict(story.kept)
    told(again, steps[cut:], at)
    starts = {one.id: one.start for one in whole.kept.values()}
    for one in story.book.open:
        assert again.kept[one.id].start <= starts[one.id]
    bad = {s for s, (status, _) in again.states.items() if status in LEVELS}
    assert bad <= set(homes(again.book.open))
