"""Who may do what, and where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import (
    NEEDS,
    NOBODY,
    Act,
    Grant,
    Kind,
    Person,
    Role,
    Rule,
    anybody,
    granted,
    named,
    refusal,
)

IDS = ("east", "west", "north")
roles = st.sampled_from(Role)
within = st.none() | st.frozensets(st.sampled_from(IDS), min_size=1)
grants = st.lists(st.builds(Grant, roles, within), max_size=4).map(tuple)
people = st.builds(Person, st.just("ana"), st.just("Ana"), grants)


def test_each_role_may_what_those_before_it_may():
    may = {role: {act for act in Act if anybody(role).may(act)} for role in Role}
    assert may[Role.VIEWER] == {Act.SEE}
    assert may[Role.OPERATOR] == {Act.SEE, Act.TEND, Act.SILENCE}
    assert may[Role.ADMIN] == {*Act}
    assert set(NEEDS) == {*Act}


@given(people, st.sampled_from(IDS), st.sampled_from(Act))
def test_a_role_of_one_deployment_does_not_spill_into_another(person, where, act):
    held = [
        one.role
        for one in person.grants
        if one.deployments is None or where in one.deployments
    ]
    assert person.may(act, where) == any(role.covers(NEEDS[act]) for role in held)
    assert person.sees(where) == bool(held) == (person.role(where) is not None)


@given(people, st.sampled_from(Act))
def test_what_is_about_the_process_needs_the_role_everywhere(person, act):
    everywhere = [one.role for one in person.grants if one.deployments is None]
    assert person.may(act) == any(role.covers(NEEDS[act]) for role in everywhere)
    if person.may(act):
        assert all(person.may(act, one) for one in IDS)
        assert person.may_somewhere(act)


@given(people, st.sampled_from(Act), st.none() | st.sampled_from(IDS))
def test_a_refusal_names_the_role_that_is_missing(person, act, where):
    text = refusal(person, act, where)
    assert (text is None) == person.may(act, where)
    if text is not None:
        assert text.startswith(f"this needs the role {NEEDS[act].value}; Ana has ")


def test_a_refusal_says_where_and_what_is_held():
    ana = Person("ana", "Ana", (Grant(Role.VIEWER, frozenset({"east"})),))
    told = "this needs the role operator; Ana has the role viewer in east"
    assert refusal(ana, Act.TEND, "east") == told
    told = "this needs the role admin; Ana has no role in every deployment"
    assert refusal(ana, Act.ADMINISTER, None) == told
    told = "this needs the role operator; who does not sign in has the role viewer in x"
    assert refusal(anybody(Role.VIEWER), Act.TEND, "x") == told


def test_nobody_sees_nothing():
    assert not any(NOBODY.may_somewhere(act) for act in Act)
    assert not NOBODY.named
    assert not anybody(Role.ADMIN).named
    assert Person("ana", "Ana").named
    assert Person("token:1", "ci", kind=Kind.TOKEN).named


def test_groups_give_what_their_rules_grant():
    all_may_look = Rule(None, Grant(Role.VIEWER))
    east = Rule("ops-east", Grant(Role.OPERATOR, frozenset({"east"})))
    admins = Rule("admins", Grant(Role.ADMIN))
    rules = (all_may_look, east, admins, Rule("ops-east", east.grant))
    assert granted((), rules) == (all_may_look.grant,)
    assert granted(["ops-east", "x"], rules) == (all_may_look.grant, east.grant)
    assert granted(["admins"], rules[1:]) == (admins.grant,)
    assert granted(["x"], rules[1:]) == ()
    assert named(["x", "ops-east", "admins", "admins"], rules) == ("admins", "ops-east")
