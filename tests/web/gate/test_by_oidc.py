"""A provider signs people in: off to it, back, in; and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from app.config.auth_oidc import OidcAuth
from app.domain.access import granted
from app.web.access.access import Access
from app.web.access.oidc import Oidc
from app.web.access.seal import Seal, keys_in
from app.web.access.sessions import Sessions
from tests.web.access.oidc_provider import BACK, CLIENT, SECRET, Provider
from tests.web.conftest import Live
from tests.web.gate.stage import (
    PAGE,
    RULES,
    TERMS,
    Guarded,
    Registered,
    Visitor,
    guarded,
    led_to,
    written,
)

ME, PUBLIC = "/api/v1/me", "https://gws.example"
OURS = {"Origin": PUBLIC}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def site(tmp_path, provider) -> Iterator[Guarded]:
    written(tmp_path)
    (tmp_path / "secret").write_text(SECRET)
    settings = OidcAuth.model_validate(
        {
            "issuer": provider.issuer,
            "client_id": CLIENT,
            "client_secret_file": "secret",
        },
        context={"folder": tmp_path},
    )

    def made(register: Registered):
        def access(live: Live) -> Access:
            seal = Seal(keys_in(tmp_path / "keys"))
            sessions = Sessions(
                "oidc",
                seal,
                TERMS,
                register,
                lambda one: granted(one.groups, RULES),
                True,
            )
            return Access(
                sessions,
                lambda: live.now[0],
                register,
                public_url=PUBLIC,
                sessions=sessions,
                seal=seal,
                oidc=Oidc(settings, BACK, lambda: provider.now),
                rules=RULES,
            )

        return access

    with guarded(tmp_path, made, public_url=PUBLIC) as found:
        yield found


class Carrier(Visitor):
    """A browser that came by HTTPS, as far as it knows: it carries every cookie back."""

    def ask(self, method, path, **more):
        answer = super().ask(method, path, **more)
        for cookie in self.session.cookies:
            cookie.secure = False
        return answer


def off(site: Guarded, visitor: Visitor, wanted: str = "/map/east?c=3") -> str:
    """The provider's address that a browser is sent to."""
    answer = visitor.get("/auth/login", params={"next": wanted}, headers=PAGE)
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    return answer.headers["Location"]


def back(visitor: Visitor, query: dict[str, str]):
    return visitor.get(f"/auth/callback?{urlencode(query)}", headers=PAGE)


def test_one_is_led_to_the_provider_back_and_in(site, provider):
    provider.claims = {"groups": ["ops-east", "x"], "name": "Jane Doe"}
    visitor = Carrier(site.url)
    url = off(site, visitor)
    assert url.startswith(provider.host)
    answer = back(visitor, provider.signed_in(url))
    assert led_to(answer) == "/map/east?c=3"
    me = visitor.get(ME).json()
    assert (me["name"], me["mode"]) == ("Jane Doe", "oidc")
    assert me["deployments"] == [{"id": "east", "role": "operator"}]
    assert site.did() == [(me["subject"], "signed in", "done")]
    out = visitor.ask(
        "POST", "/auth/logout", headers=OURS | {"Accept": "application/json"}
    )
    assert "gws.example%2Fauth%2Fsigned-out" in out.json()["next"]
    assert visitor.get(ME).status_code == 401


def test_an_answer_to_another_browser_or_a_second_time_signs_nobody_in(site, provider):
    provider.claims = {"groups": ["admins"]}
    visitor, other = Carrier(site.url), Carrier(site.url)
    query = provider.signed_in(off(site, visitor))
    answer = back(other, query)
    assert answer.status_code == 403
    assert "this browser has begun no sign-in" in answer.text
    off(site, other)
    assert back(other, query).status_code == 403, "its own state is another"
    assert led_to(back(visitor, query)) == "/map/east?c=3"
    assert back(visitor, query).status_code == 403, "the cookie is used up"
    assert ("the provider's person", "signed in", "refused") in site.did()


def test_a_cookie_of_ones_own_making_is_no_sign_in(site, provider):
    visitor = Carrier(site.url)
    query = provider.signed_in(off(site, visitor))
    visitor.session.cookies.clear()
    visitor.session.cookies.set(
        "gws_signin", "e30.forged", domain="127.0.0.1", path="/"
    )
    assert back(visitor, query).status_code == 403


def test_nobody_is_led_elsewhere_by_the_page_that_was_asked_for(site, provider):
    provider.claims = {"groups": ["admins"]}
    visitor = Carrier(site.url)
    url = off(site, visitor, "//evil.example")
    assert led_to(back(visitor, provider.signed_in(url))) == "/"


def test_who_is_in_no_group_is_not_let_in(site, provider):
    provider.claims = {"groups": ["x"], "name": "Eve"}
    visitor = Carrier(site.url)
    answer = back(visitor, provider.signed_in(off(site, visitor)))
    assert answer.status_code == 403
    assert "Eve is signed in, and no group" in answer.text
    assert visitor.get(ME).status_code == 401


def test_a_provider_that_is_away_is_told_with_a_way_to_try_again(site, provider):
    provider.answers["/realms/gws/.well-known/openid-configuration"] = (
        503,
        "text/plain",
        b"no",
    )
    answer = site.visitor().get("/auth/login", headers=PAGE)
    assert answer.status_code == 503
    assert "Signing in failed" in answer.text
    assert 'href="/auth/login"' in answer.text
