"""Below a path of its own: every address that is sent leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web.below import TOPS, led, path_of
from tests.web.conftest import Live, picture, start

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
    routes = {route.path for route in below.web.server.routes if hasattr(route, "path")}
    firsts = {route.split("/")[1].split("{")[0] for route in routes} - {""}
    process = {"healthz", "readyz", "metrics", "openapi.json"}
    missing = {one for one in firsts - process if not re.fullmatch(TOPS, one)}
    assert missing == set()


def test_texts_that_only_look_alike_stay():
    text = b'"/etc/passwd" data-key="/" "/incidents/1" fetch(`/map/${a}`)'
    assert led(text, "/gws") == text.replace(b"`/map", b"`/gws/map")


@pytest.mark.parametrize(
    ("url", "path"),
    [(None, ""), ("https://a", ""), ("https://a/", ""), ("https://a/b/c/", "/b/c")],
)
def test_the_path_is_that_of_the_public_address(url, path):
    assert path_of(url) == path
