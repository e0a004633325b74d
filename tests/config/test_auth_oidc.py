"""The section of the provider that signs people in: what is read, and what is told."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.config.auth_oidc import OidcAuth

LEAST = {"issuer": "https://idp.example/realms/gws", "client_id": "observatory"}


def test_little_has_to_be_said():
    read = OidcAuth.model_validate(LEAST)
    assert read.scopes == ("openid", "profile", "email")
    assert (read.groups_claim, read.name_claim) == ("groups", "name")
    assert read.client_secret_file is None and read.ca_file is None
    assert read.end_session


@pytest.mark.parametrize(
    "issuer",
    [
        "https://tenant.eu.auth0.com/",
        "https://idp.example:8443/auth",
        "http://127.0.0.1:8080/realms/gws",
        "http://[::1]:8080",
        "http://localhost:8080",
    ],
)
def test_an_issuer_is_kept_letter_by_letter(issuer):
    assert OidcAuth.model_validate({**LEAST, "issuer": issuer}).issuer == issuer


@pytest.mark.parametrize(
    ("more", "place", "words"),
    [
        ({"issuer": "http://idp.example"}, "issuer", "must start with https://"),
        ({"issuer": "idp.example"}, "issuer", "must be a host and perhaps a path"),
        ({"issuer": "https://idp.example?x=1"}, "issuer", "and nothing else"),
        ({"issuer": "https://idp.example#x"}, "issuer", "and nothing else"),
        ({"issuer": "https://me@idp.example"}, "issuer", "and nothing else"),
        ({"issuer": "https://idp.example:x"}, "issuer", "is not an address"),
        (
            {"issuer": "https://idp.example/.well-known/openid-configuration"},
            "issuer",
            "is the issuer alone, without /.well-known",
        ),
        ({"scopes": ["profile"]}, "scopes", "must have openid"),
        ({"scopes": ["openid", "a b"]}, "scopes", "is not the name of a scope"),
        ({"client_id": ""}, "client_id", "at least 1 character"),
        ({"client_secret_file": "/no/such"}, "client_secret_file", "no such file"),
        ({"ca_file": "/no/such"}, "ca_file", "no such file"),
        ({"groups_claim": ""}, "groups_claim", "at least 1 character"),
        ({"client_secret": "x"}, "client_secret", "not permitted"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(more, place, words):
    with pytest.raises(ValidationError) as caught:
        OidcAuth.model_validate({**LEAST, **more})
    (error,) = caught.value.errors()
    assert error["loc"][0] == place and words in error["msg"]
