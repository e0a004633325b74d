"""A provider that is slow, down, lies, or is somebody else; and one of a library's own."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import threading
import time
import urllib.error
import urllib.request
import warnings
from urllib.parse import urlencode

import pytest

from app.config.auth_oidc import OidcAuth
from app.web.access import oidc
from app.web.access.oidc import Began, Identity, Oidc, Refused
from app.web.access.oidc_wire import Wire
from tests.collectors.kubernetes_authority import Authority
from tests.web.access.oidc_provider import (
    BACK,
    CLIENT,
    DISCOVERY,
    SECRET,
    Provider,
    as_json,
)

HTML = (200, "text/html", b"<html><script>sign in here</script>")


def refused_at_first(visitor) -> str:
    told = asyncio.run(visitor.oidc.begin("/"))
    assert isinstance(told, Refused), told
    return told.reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HTML, "a web page, not JSON: <html><script>sign in here</script>"),
        ((200, "application/json", b"<html>"), "the answer is not JSON"),
        ((200, "application/json", b"[]"), "the answer is not a JSON object"),
        ((200, "application/json", b"1" * 2_000_000), "is larger than 1048576 bytes"),
        ((302, "text/plain", b""), "redirects (HTTP 302) to https://elsewhere.example"),
        ((404, "text/plain", b"no"), "HTTP 404, is this the provider? no"),
        ((503, "text/plain", b"soon"), "HTTP 503: soon"),
    ],
)
@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token/", "/userinfo"])
def test_an_answer_that_is_none_is_told_with_its_place(
    visitor, provider, path, answer, words
):
    provider.claims = {"groups": None}
    provider.answers[path] = answer
    told = asyncio.run(visitor.oidc.begin("/"))
    if isinstance(told, Began):
        query = provider.signed_in(told.url)
        told = visitor.finishes(query, told.pending)
    what = {
        DISCOVERY: "the discovery document",
        "/keys": "the key set",
        "/token/": "the token endpoint",
        "/userinfo": "the userinfo endpoint",
    }
    assert isinstance(told, Refused), told
    assert told.reason.startswith(f"{what[path]} at {provider.host}: ")
    assert words in told.reason


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            {"issuer": "https://evil.example"},
            "calls itself https://evil.example: issuer must be the same, letter by letter",
        ),
        ({"issuer": None}, "calls itself None"),
        (
            {"token_endpoint": "http://idp.example/token"},
            "the discovery document's token_endpoint is not https: http://idp.example/token",
        ),
        (
            {"end_session_endpoint": "javascript:alert(1)"},
            "end_session_endpoint is not https: javascript:alert(1)",
        ),
        ({"jwks_uri": None}, "the discovery document has no jwks_uri"),
        ({"jwks_uri": 7}, "the discovery document has no jwks_uri"),
        (
            {"id_token_signing_alg_values_supported": ["HS256", "none"]},
            "the provider signs by HS256, none; one of RS256,",
        ),
    ],
)
def test_a_description_that_will_not_do_is_refused(visitor, provider, document, words):
    provider.discovery = document
    assert words in refused_at_first(visitor)


@pytest.mark.parametrize("keys", [b'{"keys": []}', b"{}", b'{"keys": [7]}', b'{"keys": [{"kty": "EC"}]}', b'{"keys": 1}'])  # fmt: skip
def test_a_key_set_without_keys_is_refused(visitor, provider, keys):
    provider.answers["/keys"] = (200, "application/json", keys)
    assert visitor.is_refused() == (
        f"the key set at {provider.host}/keys holds no keys that can be used"
    )


def test_a_provider_that_failed_is_asked_again_after_a_while(
    visitor, provider, ticking
):
    provider.answers[DISCOVERY] = (503, "text/plain", b"soon")
    for _ in range(20):
        assert "HTTP 503: soon" in refused_at_first(visitor)
    assert provider.hits[DISCOVERY] == 1
    del provider.answers[DISCOVERY]
    ticking.s = 10.0
    assert isinstance(visitor.signs_in(), Identity)


def test_a_provider_that_is_not_there_is_told(visitor_of, provider):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    visitor = visitor_of(provider, issuer=f"http://127.0.0.1:{port}")
    assert refused_at_first(visitor) == (
        f"the discovery document at http://127.0.0.1:{port}: connection refused"
    )


def test_a_provider_that_says_nothing_is_given_up(visitor_of, provider):
    provider.held[DISCOVERY] = threading.Event()
    visitor = visitor_of(provider, Wire(answer_s=0.2))
    assert "no whole answer within 0.2 s" in refused_at_first(visitor)


def test_visitors_of_a_slow_provider_are_turned_away_beyond_some(visitor, provider):
    provider.held[DISCOVERY] = threading.Event()

    async def all_at_once() -> list[Began | Refused]:
        many = [
            asyncio.ensure_future(visitor.oidc.begin("/"))
            for _ in range(oidc.MOST_WAITING + 3)
        ]
        await asyncio.wait(many, return_when=asyncio.FIRST_COMPLETED)
        provider.held[DISCOVERY].set()
        return await asyncio.gather(*many)

    told = asyncio.run(all_at_once())
    assert told.count(Refused(oidc.BUSY)) == 3
    assert sum(isinstance(one, Began) for one in told) == oidc.MOST_WAITING
    assert provider.hits[DISCOVERY] == 1


def test_what_is_sent_is_never_repeated(visitor, provider):
    """Not even where a provider hands all of it back."""
    began = visitor.begins()
    query = provider.signed_in(began.url)

    def echo(form, authorization):
        said = f"{form} {authorization} {urlencode(form)}"
        return as_json({"error": "invalid_request", "error_description": said}, 400)

    provider.token = echo
    told = visitor.finishes(query, began.pending)
    assert isinstance(told, Refused) and "invalid_request" in told.reason
    basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    for secret in (SECRET, query["code"], began.pending.verifier, basic):
        assert secret not in told.reason


def test_an_access_token_is_never_repeated(visitor, provider):
    provider.claims = {"groups": None}
    heard = []

    def echo(handler):
        heard.append(handler.headers["Authorization"].partition(" ")[2])
        told = {"error": "invalid_token", "error_description": heard[-1]}
        return as_json(told, 401)

    provider.answers["/userinfo"] = echo
    reason = visitor.is_refused()
    assert reason.endswith("HTTP 401, invalid_token: ***")
    assert heard[0] not in reason


def test_a_certificate_must_be_trusted_and_an_authority_can_be_replaced(
    visitor_of, tmp_path, ticking
):
    (tmp_path / "ours").mkdir()
    (tmp_path / "other").mkdir()
    ours, other = Authority(tmp_path / "ours"), Authority(tmp_path / "other")
    provider = Provider(ours.server())
    trusted = tmp_path / "ca.pem"
    trusted.write_text(other.pem)
    visitor = visitor_of(provider, ca_file=str(trusted))
    reason = refused_at_first(visitor)
    assert f"at {provider.host}: TLS certificate not trusted: " in reason
    trusted.write_text(ours.pem)
    ticking.s = 10.0
    assert isinstance(visitor.signs_in(), Identity)
    provider.close()


def test_a_certificate_is_looked_at_without_being_asked_to(visitor_of, tmp_path):
    provider = Provider(Authority(tmp_path).server())
    reason = refused_at_first(visitor_of(provider))
    assert "TLS certificate not trusted: " in reason
    provider.close()


@pytest.fixture
def librarys_own():
    """The provider of `oidc-provider-mock`, made of Authlib's server; its issuer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock as mock

        jane = mock.User(sub="jane", claims={"name": "Jane", "groups": ["ops"]})
        with mock.run_server_in_thread(user_claims=(jane,)) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.mark.filterwarnings("ignore")
def test_a_provider_of_a_librarys_own_signs_people_in(librarys_own, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    written = {
        "issuer": librarys_own,
        "client_id": CLIENT,
        "client_secret_file": str(tmp_path / "secret"),
    }
    ours = Oidc(OidcAuth.model_validate(written), BACK, time.time)
    began = asyncio.run(ours.begin("/"))
    assert isinstance(began, Began), began
    back = _agree(began.url)
    assert back.startswith(BACK)
    query = dict(re.findall(r"[?&](\w+)=([^&]+)", back))
    told = asyncio.run(ours.finish(query, began.pending))
    assert isinstance(told, Identity), told
    assert (told.subject, told.name, told.groups) == ("jane", "Jane", ("ops",))


def _agree(url: str) -> str:
    """Where the provider's form leads once it is sent."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args):
            return None

    opener = urllib.request.build_opener(Stay)
    try:
        opener.open(url, urlencode({"sub": "jane"}).encode(), timeout=30)
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.headers["Location"]
    raise AssertionError("the form was not taken")
