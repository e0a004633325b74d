"""What `doctor` says of the provider that signs people in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.cli.doctor_sign_in import Examined, examined, lines, values
from app.config.auth_oidc import OidcAuth
from tests.web.access.oidc_provider import DISCOVERY, Provider, new_key


@pytest.fixture
def provider() -> Iterator[Provider]:
    one = Provider()
    yield one
    one.close()


def asked(provider: Provider, **more: object):
    written = {"issuer": provider.issuer, "client_id": "observatory", **more}
    found = examined(OidcAuth.model_validate(written))
    assert found is not None
    return found


def line(found: Examined) -> str:
    (only,) = lines(found)
    return only


def test_a_provider_that_will_do_is_told_with_its_keys(provider: Provider) -> None:
    provider.listed.append(new_key("two"))
    found = asked(provider)
    assert line(found) == (
        f"sign-in: {provider.issuer} answers, 2 keys, signed by ES256"
    )
    assert values(found) == {
        "issuer": provider.issuer,
        "trouble": None,
        "signed_by": ("ES256",),
        "keys": 2,
        "signs_out": True,
    }


def test_that_signing_out_is_ours_alone_is_told(provider: Provider) -> None:
    assert line(asked(provider, end_session=False)).endswith(
        "1 key, signed by ES256; signing out ends our own session alone"
    )


def test_a_provider_that_will_not_do_is_told_with_the_reason(
    provider: Provider,
) -> None:
    provider.answers[DISCOVERY] = (503, "text/plain", b"soon")
    assert line(asked(provider)) == (
        f"sign-in: NOBODY CAN SIGN IN: the discovery document at {provider.host}: "
        "HTTP 503: soon"
    )


def test_nothing_is_said_where_nobody_signs_in_by_one() -> None:
    assert examined(None) is None and values(None) is None
    assert [*lines(None)] == []
