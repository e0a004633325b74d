"""Who somebody is by their claims; and what of others' words is repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.access import oidc_claims
from app.web.access.refusal import QUOTED, Refusal, quoted


@pytest.mark.parametrize(
    ("claims", "path", "groups"),
    [
        ({"groups": ["a", "b", "a"]}, "groups", ("a", "b")),
        ({"groups": "a"}, "groups", ("a",)),
        ({"groups": []}, "groups", ()),
        ({}, "groups", ()),
        ({"groups": None}, "groups", ()),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ("a",)),
        ({"realm_access": ["a"]}, "realm_access.roles", ()),
        ({"https://x.example/g": ["a"]}, "https://x.example/g", ("a",)),
        ({"a.b": ["whole"], "a": {"b": ["deep"]}}, "a.b", ("whole",)),
        ({"groups": ["a"], "_claim_names": {"other": "s"}}, "groups", ("a",)),
    ],
)
def test_groups_stand_where_the_claim_says(claims, path, groups):
    assert oidc_claims.groups(claims, path) == groups


@pytest.mark.parametrize(
    "told", [{"a": 1}, 7, True, [1], ["a", None], [["a"]], ["a"] * 2001]
)
def test_groups_that_are_no_names_are_refused(told):
    with pytest.raises(Refusal, match="is not a list of at most 2000 names"):
        oidc_claims.groups({"groups": told}, "groups")


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Jane Doe"}, "Jane Doe"),
        ({"nick": "jd", "name": "Jane Doe"}, "jd"),
        ({"nick": "", "preferred_username": "jane"}, "jane"),
        ({"nick": 7, "email": "jane@x.example"}, "jane@x.example"),
        ({"nick": "Jane\r\n\x00\u202eDoe"}, "Jane Doe"),
        ({"nick": "x" * 500}, "x" * 200),
        ({}, "4711"),
    ],
)
def test_people_are_called_by_what_is_said_of_them(claims, name):
    assert oidc_claims.name({"sub": "4711", **claims}, "nick") == name


@given(st.text(max_size=60), st.text(min_size=8, max_size=30), st.text(max_size=60))
def test_what_others_wrote_is_one_short_line_without_what_was_sent(
    before, secret, after
):
    said = quoted(before + secret + after, [secret])
    assert said.isprintable() and len(said) <= QUOTED
    assert secret not in said or "***" in secret


@given(st.text("abcdefXYZ0123456789-_", min_size=40, max_size=80))
def test_what_may_be_a_token_is_never_repeated(token):
    assert token not in quoted(f"Bearer {token}.{token} is over")
    assert quoted(f"trace {'0' * 8}-1111-2222-3333-{'4' * 12}").endswith("444")
