"""Signing in with an OIDC provider, by whoever is honest, and what belongs to the flow."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.web.access.oidc import Identity, Refused
from app.web.access.oidc_pending import PENDING_S
from app.web.access.own_page import own_page
from app.web.messages import missing
from tests.web.access.oidc_provider import BACK, CLIENT, DISCOVERY, SECRET, Provider


def test_who_signs_in_is_known_by_name_and_groups(visitor):
    told = visitor.signs_in()
    assert isinstance(told, Identity), told
    assert (told.subject, told.name) == ("jane", "Jane Doe")
    assert told.groups == ("ops", "noc")
    assert told.id_token_hint.count(".") == 2


def test_a_browser_is_sent_with_all_that_guards_the_answer(visitor, provider):
    began = visitor.begins("/map/demo?c=17")
    url = urlsplit(began.url)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.host}/authorize"
    assert asked["redirect_uri"] == BACK
    assert asked["scope"] == "openid profile email"
    assert (asked["state"], asked["nonce"]) == (
        began.pending.state,
        began.pending.nonce,
    )
    assert asked["code_challenge_method"] == "S256"
    assert began.pending.verifier not in began.url
    assert began.pending.next_page == "/map/demo?c=17"
    other = visitor.begins().pending
    mine = began.pending
    assert not {mine.state, mine.nonce, mine.verifier} & {
        other.state,
        other.nonce,
        other.verifier,
    }


@pytest.mark.parametrize(
    ("methods", "in_body"),
    [(None, False), (["client_secret_basic", "client_secret_post"], True)],
)
def test_a_secret_is_shown_as_the_provider_wants_it(
    visitor, provider, methods, in_body
):
    provider.discovery = {"token_endpoint_auth_methods_supported": methods}
    assert isinstance(visitor.signs_in(), Identity)
    assert ("client_secret" in provider.forms[0]) == in_body
    assert bool(provider.authorizations[0]) != in_body


def test_a_client_without_a_secret_is_held_by_pkce_alone(visitor_of):
    provider = Provider(public=True)
    visitor = visitor_of(provider)
    began = visitor.begins()
    query = provider.signed_in(began.url)
    stolen = replace(began.pending, verifier="x" * 43)
    told = visitor.finishes(query, stolen)
    assert isinstance(told, Refused) and "invalid_grant" in told.reason
    assert isinstance(visitor.signs_in(), Identity)
    provider.close()


def test_a_secret_that_is_replaced_is_taken_up(visitor, provider, tmp_path):
    (tmp_path / "client-secret").write_text("an-older-one")
    reason = visitor.is_refused()
    assert "the token endpoint" in reason and "invalid_client" in reason
    (tmp_path / "client-secret").write_text(SECRET)
    assert isinstance(visitor.signs_in(), Identity)
    (tmp_path / "client-secret").unlink()
    assert "the client secret's file" in visitor.is_refused()


def test_what_the_provider_says_of_itself_is_asked_for_once_an_hour(
    visitor, provider, ticking
):
    for _ in range(3):
        assert isinstance(visitor.signs_in(), Identity)
    assert (provider.hits[DISCOVERY], provider.hits["/keys"]) == (1, 1)
    ticking.s = 3600.0
    assert isinstance(visitor.signs_in(), Identity)
    assert (provider.hits[DISCOVERY], provider.hits["/keys"]) == (2, 2)


def test_groups_that_are_not_in_the_token_are_asked_for(visitor, provider):
    provider.claims = {"groups": None}
    provider.info = {"sub": "jane", "groups": ["ops"], "name": "Somebody Else"}
    told = visitor.signs_in()
    assert isinstance(told, Identity), told
    assert (told.name, told.groups) == ("Jane Doe", ("ops",))


def test_where_nobody_tells_of_groups_there_are_none(visitor, provider):
    provider.claims = {"groups": None}
    provider.discovery = {"userinfo_endpoint": None}
    told = visitor.signs_in()
    assert isinstance(told, Identity) and told.groups == ()


def test_groups_of_somebody_else_are_not_taken(visitor, provider):
    provider.claims = {"groups": None}
    provider.info = {"sub": "eve", "groups": ["admins"]}
    assert visitor.is_refused() == (
        "the userinfo endpoint tells of somebody else (sub)"
    )


@pytest.mark.parametrize("state", [None, "", "another", "ü"])
def test_an_answer_to_another_sign_in_is_refused(visitor, provider, state):
    began = visitor.begins()
    query = provider.signed_in(began.url)
    query = {"code": query["code"]} | ({} if state is None else {"state": state})
    told = visitor.finishes(query, began.pending)
    assert told == Refused("the answer belongs to another sign-in (state)")
    assert not provider.forms


def test_an_answer_counts_once(visitor, provider):
    began = visitor.begins()
    query = provider.signed_in(began.url)
    assert isinstance(visitor.finishes(query, began.pending), Identity)
    told = visitor.finishes(query, began.pending)
    assert told == Refused("this sign-in was answered before (state)")
    assert len(provider.forms) == 1


def test_a_code_that_was_used_is_refused_by_the_provider(visitor, provider):
    one, other = visitor.begins(), visitor.begins()
    query = provider.signed_in(one.url)
    assert isinstance(visitor.finishes(query, one.pending), Identity)
    again = {"code": query["code"], "state": other.pending.state}
    told = visitor.finishes(again, other.pending)
    assert isinstance(told, Refused)
    assert told.reason.endswith("HTTP 400, invalid_grant: no such code")


def test_a_code_of_somebody_elses_sign_in_is_refused(visitor, provider):
    mine, theirs = visitor.begins(), visitor.begins()
    query = provider.signed_in(theirs.url) | {"state": mine.pending.state}
    told = visitor.finishes(query, mine.pending)
    assert isinstance(told, Refused) and "invalid_grant" in told.reason


def test_a_browser_that_has_begun_nothing_is_told_so(visitor):
    told = visitor.finishes({"code": "x", "state": "y"}, None)
    assert isinstance(told, Refused) and "has begun no sign-in" in told.reason


@pytest.mark.parametrize("late_s", [PENDING_S, -1.0])
def test_a_sign_in_lasts_ten_minutes(visitor, provider, late_s):
    began = visitor.begins()
    query = provider.signed_in(began.url)
    provider.now += late_s
    told = visitor.finishes(query, began.pending)
    assert told == Refused("the sign-in took longer than 10 minutes")


def test_a_refusal_is_told_in_the_providers_words_on_one_line(visitor):
    began = visitor.begins()
    hostile = (
        "<script>alert(1)</script>\r\nX: y\x1b[31m " + "eyJ" + "a" * 60 + "z " * 900
    )
    query = {"state": began.pending.state, "error": "access_denied"}
    told = visitor.finishes(query | {"error_description": hostile}, began.pending)
    assert isinstance(told, Refused)
    begin = (
        "the provider refuses: access_denied: <script>alert(1)</script> X: y [31m *** z"
    )
    assert told.reason.startswith(begin)
    assert told.reason.isprintable() and len(told.reason) < 400


def test_an_answer_without_a_code_is_refused(visitor):
    began = visitor.begins()
    told = visitor.finishes({"state": began.pending.state}, began.pending)
    assert isinstance(told, Refused) and "neither a code nor an error" in told.reason


@pytest.mark.parametrize(
    ("iss", "promised", "words"),
    [
        ("https://evil.example", False, "from another provider: https://evil.example"),
        (None, True, "does not say which provider it is from (iss)"),
    ],
)
def test_an_answer_of_another_provider_is_refused(
    visitor, provider, iss, promised, words
):
    provider.discovery = {"authorization_response_iss_parameter_supported": promised}
    began = visitor.begins()
    query = provider.signed_in(began.url) | ({"iss": iss} if iss else {})
    told = visitor.finishes(query, began.pending)
    assert isinstance(told, Refused) and words in told.reason
    assert not provider.forms


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)",
        "evil.example", "", None, "/x\r\nSet-Cookie: a=b", "/" + "x" * 3000, "/a\\b",
    ],
)  # fmt: skip
def test_nobody_is_led_away_after_signing_in(visitor, away):
    assert visitor.begins(away).pending.next_page == "/"


@pytest.mark.parametrize("page", ["/", "/map/demo?c=17&at=x", "/a//b", "/%2f%2fx"])
def test_a_page_of_ours_is_come_back_to(page):
    assert own_page(page) == page


def test_signing_out_leads_to_the_provider_and_back(visitor, provider):
    url = asyncio.run(visitor.oidc.logout_url("hint", "https://gws.example/"))
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.host}/logout"
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "ui": "1",
        "client_id": CLIENT,
        "id_token_hint": "hint",
        "post_logout_redirect_uri": "https://gws.example/",
    }
    without = asyncio.run(visitor.oidc.logout_url(None, "https://gws.example/"))
    assert "id_token_hint" not in without


@pytest.mark.parametrize("why", ["set", "not offered", "down"])
def test_signing_out_is_ours_alone_where_the_provider_can_not(
    visitor_of, provider, why
):
    visitor = visitor_of(provider, end_session=why != "set")
    if why == "not offered":
        provider.discovery = {"end_session_endpoint": None}
    if why == "down":
        provider.answers[DISCOVERY] = (500, "text/plain", b"")
    assert asyncio.run(visitor.oidc.logout_url("hint", "https://x/")) is None


def test_a_reason_that_is_hostile_is_text_on_the_page(visitor):
    began = visitor.begins()
    hostile = '"><script>alert(1)</script>{0.__class__}'
    query = {"state": began.pending.state, "error": hostile}
    told = visitor.finishes(query, began.pending)
    page = bytes(missing(told.reason).body).decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
