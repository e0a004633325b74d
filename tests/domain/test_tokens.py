"""Tokens of scripts and TVs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import Act, Kind, Role
from app.domain.tokens import Token, Wanted, digest, encode

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
WANTED = Wanted(
    "ci",
    Kind.TOKEN,
    Role.OPERATOR,
    frozenset({"west", "east"}),
    "ana",
    timedelta(days=9),
)


def token() -> Token:
    return WANTED.made("1f", "secret", NOW)


def test_it_is_its_role_where_it_holds_it():
    person = token().person
    assert person.subject == "token:1f"
    assert person.name == "ci"
    assert person.may(Act.TEND, "east")
    assert not person.may(Act.TEND, "north")
    assert not person.may(Act.SEE)


def test_it_holds_until_it_is_over_or_revoked():
    held = token()
    assert held.holds(NOW + timedelta(days=8))
    assert not held.holds(NOW + timedelta(days=9))
    revoked = held.revoked(NOW + timedelta(days=1))
    assert not revoked.holds(NOW + timedelta(days=1))
    assert revoked.revoked(NOW + timedelta(days=2)) == revoked
    assert not held.over(NOW + timedelta(days=9))
    assert held.over(NOW + timedelta(days=10))
    assert revoked.over(NOW + timedelta(days=2))


def test_neither_its_secret_nor_the_digest_is_told():
    assert token().digest == digest("secret")
    said = json.dumps(encode(token()))
    assert "secret" not in said
    assert token().digest not in said
    assert encode(token())["deployments"] == ["east", "west"]
    everywhere = Wanted("x", Kind.TV, Role.VIEWER, None, "ana", timedelta(days=1))
    assert encode(everywhere.made("2", "s", NOW))["deployments"] is None


def word(days: int | None) -> Token:
    return token() if days is None else token().revoked(NOW + timedelta(days=days))


@given(st.lists(st.none() | st.integers(0, 9), min_size=2, max_size=5), st.randoms())
def test_in_whatever_order_words_on_one_come_together_it_was_revoked_first(days, rng):
    shuffled = rng.sample(days, len(days))
    first = min((one for one in days if one is not None), default=None)
    for told in (days, shuffled, [*days, *shuffled]):
        assert reduce(Token.merged, map(word, told)) == word(first)
