"""Below a path of its own: every address that is sent leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.web.below import TOPS, led, path_of
from tests.web.conftest import Live, picture, start
from tests.web.gate.stage import (
    PAGE,
    PASSWORD,
    Guarded,
    by_password,
    by_proxy,
    guarded,
    hidden,
    led_to,
)
from tests.web.routes import every

PUBLIC = "https://ops.example/gws"
ASSETS = Path(__file__).parents[2] / "layouts" / "assets"
STARTS = re.compile(rf"/(?:{TOPS})(?![a-z])")
ADDRESS = re.compile(r"[\"'`](/[a-z_][^\"'`\s<>]*)")


@pytest.fixture(scope="module")
def below() -> Iterator[Live]:
    for running in start("demo", public_url="https://ops.example/gws/"):
        running.bus.publish(picture(), None)
        running.past.note(picture(), None)
        yield running


def addresses(text: str) -> set[str]:
    """What looks like an address of ours."""
    return {found for found in ADDRESS.findall(text) if STARTS.match(found)}


@pytest.mark.parametrize("prefix", ["", "/gws"])
@pytest.mark.parametrize(
    "page",
    [
        "/map/demo",
        "/connections/demo",
        "/timeline/demo",
        "/capacity/demo",
        "/fleet",
        "/wall/demo",
        "/wall",
    ],
)
def test_every_address_of_a_page_leads_below(below, page, prefix):
    answer = below.get(prefix + page)
    assert answer.status_code == 200
    assert addresses(answer.text) == set()
    assert '"/gws/assets/' in answer.text
    assert not re.search(r'href="/"', answer.text)


def test_every_script_and_style_leads_below(below):
    scripts = [*ASSETS.glob("*.js"), *ASSETS.glob("*.css")]
    for script in scripts:
        answer = below.get(f"/gws/assets/{script.name}?v=1")
        assert answer.status_code == 200, script.name
        assert addresses(answer.text) == set(), script.name
        assert int(answer.headers.get("content-length", len(answer.content))) >= 0


def test_redirects_and_unknown_pages_lead_below(below):
    assert below.get("/gws/").headers["location"] == "/gws/map/demo"
    lost = below.get("/gws/nothing", headers={"Accept": "text/html"})
    assert lost.status_code == 404
    assert 'href="/gws/"' in lost.text


def test_dash_asks_below(below):
    text = below.get("/gws/map/demo").text
    assert '"requests_pathname_prefix":"/gws/"' in text.replace('": "', '":"')
    assert below.get("/gws/_dash-dependencies").status_code == 200


def test_the_api_and_the_stream_are_there_with_the_path_and_without(below):
    for prefix in ("", "/gws"):
        path = f"{prefix}/api/v1/deployments/demo"
        assert below.get(f"{path}/snapshot").json()["deployment"] == "demo"
        with below.get(f"{path}/stream", stream=True) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
        assert below.get(f"{prefix}/readyz").status_code == 200


def test_what_begins_every_address_are_the_first_parts_of_all_routes(below):
    firsts = {path.split("/")[1].split("?")[0] for _, path in every(below.web)} - {""}
    assert {"map", "auth", "charts", "debug"} <= firsts
    assert {one for one in firsts if not re.fullmatch(TOPS, one)} == set()


@pytest.fixture
def guarded_below(tmp_path: Path) -> Iterator[Guarded]:
    """Likewise, where people sign in; they come by the proxy, which is trusted."""
    made = partial(by_password, tmp_path, public_url=PUBLIC)
    with guarded(tmp_path, made, public_url=PUBLIC) as found:
        yield found


def test_signing_in_and_out_stays_below(guarded_below: Guarded):
    visitor, page = guarded_below.visitor(), PAGE | {"Origin": "https://ops.example"}
    off = visitor.get("/gws/map/east?c=9", headers=PAGE)
    assert led_to(off) == "/gws/auth/login?next=%2Fmap%2Feast%3Fc%3D9"
    form = visitor.get(led_to(off), headers=PAGE)
    assert form.status_code == 200 and addresses(form.text) == set()
    told = {"name": "adam", "password": PASSWORD, "next": hidden(form.text, "next")}
    came = visitor.ask("POST", "/gws/auth/login", data=told, headers=page)
    assert led_to(came) == "/gws/map/east?c=9"
    cookie = {"Cookie": came.headers["Set-Cookie"].partition(";")[0]}
    for path in ("/map/east", "/admin", "/debug", "/fleet"):
        answer = visitor.get(f"/gws{path}", headers=PAGE | cookie)
        assert answer.status_code == 200, path
        assert addresses(answer.text) == set(), path
    out = visitor.ask("POST", "/gws/auth/logout", headers=page | cookie)
    assert led_to(out) == "/gws/auth/signed-out"
    shut = visitor.get("/gws/map/east", headers=PAGE | cookie)
    assert led_to(shut).startswith("/gws/auth/login?")


def test_a_script_is_told_of_a_way_below(guarded_below: Guarded):
    visitor = guarded_below.visitor()
    headers = {"Accept": "application/json", "Origin": "https://ops.example"}
    answer = visitor.ask("POST", "/gws/auth/logout", headers=headers)
    assert answer.json() == {"next": "/gws/auth/signed-out"}
    again = visitor.get("/gws/auth/login?next=%2Fgws%2Fmap%2Feast", headers=PAGE)
    assert hidden(again.text, "next") == "/gws/map/east"
    refused = visitor.get("/gws/nothing", headers=PAGE)
    assert led_to(refused) == "/gws/auth/login?next=%2Fnothing"


def test_a_page_of_the_gate_has_its_styles_from_below(tmp_path: Path):
    made = partial(by_proxy, public_url=PUBLIC)
    with guarded(tmp_path, made, public_url=PUBLIC) as found:
        answer = found.live.get("/gws/map/east", headers=PAGE)
        assert answer.status_code == 401
        assert addresses(answer.text) == set()
        out = {"Origin": "https://ops.example"}
        left = found.live.ask("POST", "/gws/auth/logout", headers=out)
        assert left.headers["Location"] == "https://ops.example/oauth2/sign_out"


def test_texts_that_only_look_alike_stay():
    text = b'"/etc/passwd" data-key="/" "/incidents/1" fetch(`/map/${a}`)'
    assert led(text, "/gws") == text.replace(b"`/map", b"`/gws/map")


@pytest.mark.parametrize(
    ("url", "path"),
    [(None, ""), ("https://a", ""), ("https://a/", ""), ("https://a/b/c/", "/b/c")],
)
def test_the_path_is_that_of_the_public_address(url, path):
    assert path_of(url) == path
