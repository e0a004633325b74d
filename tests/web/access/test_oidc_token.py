"""ID tokens that are not what they should be, each refused with its own reason."""

from __future__ import annotations

import base64
import hmac
import json

import pytest
from joserfc.jwk import ECKey

from app.web.access.oidc import Identity
from tests.web.access.oidc_provider import CLIENT, NOW, SECRET, new_key


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, "the ID token belongs to another sign-in"),
        ({"nonce": None}, "the ID token lacks the claim nonce"),
        (
            {"exp": NOW - 61},
            "the ID token has expired at 2027-01-15 07:58:59 UTC; do the clocks differ by more than 60 s?",
        ),
        ({"exp": None}, "the ID token lacks the claim exp"),
        ({"exp": "soon"}, "the ID token has a claim that is not right: exp"),
        ({"exp": -(10**400)}, "the ID token has a claim that is not right: exp"),
        (
            {"iat": NOW + 61},
            "the ID token was issued in the future, at 2027-01-15 08:01:01 UTC; do the clocks differ by more than 60 s?",
        ),
        ({"iat": None}, "the ID token lacks the claim iat"),
        (
            {"nbf": NOW + 61},
            "the ID token is valid only from 2027-01-15 08:01:01 UTC on; do the clocks differ by more than 60 s?",
        ),
        (
            {"iss": "https://evil.example"},
            "the ID token is of another issuer: https://evil.example",
        ),
        ({"iss": None}, "the ID token lacks the claim iss"),
        (
            {"aud": "billing"},
            "the ID token is for somebody else: billing; is client_id right?",
        ),
        (
            {"aud": ["billing"], "azp": CLIENT},
            "the ID token is for somebody else: ['billing']; is client_id right?",
        ),
        ({"aud": None}, "the ID token lacks the claim aud"),
        ({"aud": [CLIENT, "billing"]}, "the ID token lacks the claim azp"),
        (
            {"aud": [CLIENT, "billing"], "azp": CLIENT},
            "the ID token is also for billing: if that is meant, list it in audiences",
        ),
        ({"azp": "billing"}, "the ID token was issued to another client: billing"),
        (
            {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
            "the ID token does not belong to the access token beside it",
        ),
        ({"sub": None}, "the ID token lacks the claim sub"),
        ({"sub": 7}, "the ID token has a claim that is not right: sub"),
        (
            {"groups": {"admins": True}},
            "the claim groups is not a list of at most 2000 names",
        ),
        (
            {"groups": None, "_claim_names": {"groups": "src1"}},
            "the provider leaves groups out of the token, as there are too many: let it name only those that are assigned to this application",
        ),
    ],
)
def test_a_claim_that_does_not_hold_is_named(visitor, provider, claims, reason):
    provider.claims = claims
    assert visitor.is_refused() == reason


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 59},
        {"iat": NOW + 59},
        {"nbf": NOW + 59},
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"aud": [CLIENT, "gateway"], "azp": CLIENT},
        {"at_hash": None},
    ],
)
def test_a_claim_that_holds_is_taken(visitor_of, provider, claims):
    provider.claims = claims
    told = visitor_of(provider, audiences=["gateway"]).signs_in()
    assert isinstance(told, Identity), told


def test_a_token_without_a_signature_is_refused(visitor, provider):
    provider.header = {"alg": "none"}
    provider.sign = lambda header, claims: f"{_part(header)}.{_part(claims)}."
    assert visitor.is_refused() == (
        "the ID token is signed by none; only ES256 will do"
    )


def _part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("by", ["the public key", "the client's secret"])
def test_a_signature_that_others_could_make_is_refused(visitor, provider, by):
    public = provider.key.as_pem(private=False)
    secret = public if by == "the public key" else SECRET.encode()

    def sign(header, claims):
        signed = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
        mac = hmac.digest(secret, signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    provider.sign = sign
    assert visitor.is_refused() == (
        "the ID token is signed by HS256; only ES256 will do"
    )


def test_a_key_that_only_has_the_name_of_the_providers_is_refused(visitor, provider):
    provider.key = new_key("one")
    assert visitor.is_refused() == (
        "the ID token's signature is not by the provider's key"
    )


def test_a_claim_that_was_changed_afterwards_is_refused(visitor, provider):
    def sign(header, claims):
        mine = provider.by_key(header, claims)
        other = provider.by_key(header, {**claims, "groups": ["admins"]})
        return ".".join((other.rpartition(".")[0], mine.rpartition(".")[2]))

    provider.sign = sign
    assert "signature is not by the provider's key" in visitor.is_refused()


def test_keys_that_rotate_in_mid_flight_are_looked_at_once_more(
    visitor, provider, ticking
):
    assert isinstance(visitor.signs_in(), Identity)
    provider.key = new_key("two")
    provider.listed = [*provider.listed, provider.key]
    ticking.s = 30.0
    assert isinstance(visitor.signs_in(), Identity)
    assert provider.hits["/keys"] == 2
    assert isinstance(visitor.signs_in(), Identity)
    assert provider.hits["/keys"] == 2


def test_a_flood_of_unknown_keys_is_no_flood_of_questions(visitor, provider, ticking):
    assert isinstance(visitor.signs_in(), Identity)
    provider.key, listed = new_key("never-listed"), provider.key
    for second in range(60):
        ticking.s = second / 2
        assert visitor.is_refused() == (
            "the ID token is signed by a key that the provider does not list: never-listed"
        )
    assert provider.hits["/keys"] <= 4
    provider.key = listed
    assert isinstance(visitor.signs_in(), Identity)


def test_keys_that_are_known_stay_so_while_newer_ones_can_not_be_had(
    visitor, provider, ticking
):
    assert isinstance(visitor.signs_in(), Identity)
    ticking.s = 30.0
    provider.answers["/keys"] = (503, "text/plain", b"maintenance")
    provider.key, listed = new_key("two"), provider.key
    assert "the key set at" in visitor.is_refused()
    assert "HTTP 503: maintenance" in visitor.is_refused()
    assert provider.hits["/keys"] == 2
    provider.key = listed
    assert isinstance(visitor.signs_in(), Identity)


def test_a_token_that_names_no_key_is_by_the_only_one(visitor, provider):
    provider.header = {"kid": None}
    assert isinstance(visitor.signs_in(), Identity)


def test_a_token_that_names_no_key_of_several_is_refused(visitor, provider):
    provider.header = {"kid": None}
    provider.listed = [*provider.listed, new_key("two")]
    assert "does not say by which of the provider's keys" in visitor.is_refused()


def test_a_key_for_encryption_signs_nothing(visitor, provider):
    data = provider.key.as_dict(private=True) | {"use": "enc"}
    provider.listed = [ECKey.import_key(data)]
    assert "does not list: one" in visitor.is_refused()


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "....", "eyJhbGciOiJFUzI1NiJ9.e30.", "é.é.é", "a.b.c.d.e"],
)
def test_what_is_no_token_is_refused(visitor, provider, token):
    provider.sign = lambda header, claims: token
    reason = visitor.is_refused()
    assert reason.startswith("the ID token")


def test_a_token_must_be_there(visitor, provider):
    provider.answers["/token/"] = (200, "application/json", b'{"access_token": "x"}')
    assert visitor.is_refused() == (
        "the provider gave no ID token; is openid among the scopes?"
    )
