"""Pages as they are sent: painted, safe, and about a deployment that exists."""

from __future__ import annotations

import re

import pytest

from app.web.assets import ASSETS, asset_url
from layouts.pages import FLEET, PAGES
from tests.web.conftest import picture


@pytest.mark.parametrize("path", ["/map/demo", "/connections/demo"])
def test_a_page_is_painted_before_any_script_has_run(path, live):
    page = live.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    shown = dict(re.findall(r'data-connection="(\d+)" data-status="(\w+)"', page.text))
    wanted = {str(c["number"]): c["status"] for c in picture()["connections"]}
    assert shown == wanted
    assert 'id="react-entry-point"' in page.text


def test_a_page_before_the_first_picture_is_a_page(empty):
    page = empty.get("/map/east")
    assert page.status_code == 200
    assert 'data-deployment="east"' in page.text


def test_home_is_the_map_of_the_only_deployment(live):
    answer = live.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/map/demo")


def test_home_keeps_what_was_selected(live):
    answer = live.get("/?c=17")
    assert answer.headers["location"] == "/map/demo?c=17"


@pytest.mark.parametrize(
    "path",
    [
        "/map/nope",
        "/connections/nope",
        "/map/%3Cscript%3E",
    ],
)
def test_a_page_that_is_not_there_says_so(path, live):
    page = live.get(path)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Not found</h1>" in page.text
    assert "<script>" not in page.text


def test_who_reads_is_told_by_a_page_that_there_is_none_and_a_script_by_json(live):
    page = live.get("/nothing<b>", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert "No page stands at /nothing&lt;b&gt;." in page.text
    assert '<a href="/">Home</a>' in page.text
    for path, accept in (("/nothing", "*/*"), ("/api/v1/nothing", "text/html")):
        told = live.get(path, headers={"Accept": accept})
        assert told.json()["error"]["code"] == "not_found"


def test_every_answer_carries_the_security_headers(live):
    for path in (
        "/map/demo",
        "/healthz",
        "/nothing",
        "/_dash-layout",
        "/assets/gws.css",
        "/metrics",
    ):
        headers = live.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert re.search(r"script-src ([^;]*)", policy)[1] == "'self'"


def scripts_and_styles(page: str) -> list[str]:
    return re.findall(r'"(/[^"]+\.(?:js|css|svg)[^"]*)"', page)


def test_everything_that_a_page_loads_is_ours_and_kept_for_ever(live):
    page = live.get("/map/demo").text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    loaded = scripts_and_styles(page)
    assert len(loaded) > 5
    for path in loaded:
        answer = live.get(path)
        assert answer.status_code == 200, path
        assert (
            answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        ), path


def test_what_no_page_shows_is_not_loaded(live):
    page = live.get("/map/demo").text
    assert "/dash/html/" in page
    assert not re.search(r"/dash/(dcc|dash_table)/|plotly[^ ]*[.]js", page)


def test_a_page_is_painted_anew_for_every_new_picture(empty):
    for version in (1, 2, 3):
        empty.bus.publish(picture("east", version), None)
        assert f'data-version="{version}"' in empty.get("/map/east").text
        assert 'data-version="0"' in empty.get("/map/west").text


def test_a_kept_answer_is_the_same_answer(live):
    loaded = scripts_and_styles(live.get("/map/demo").text)
    path = next(path for path in loaded if ".css" in path)
    first, second = (
        live.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(2)
    )
    plain = live.get(path, headers={"Accept-Encoding": "identity"})
    assert first.content == second.content == plain.content
    assert (
        first.headers["content-encoding"]
        == second.headers["content-encoding"]
        == "gzip"
    )
    assert "content-encoding" not in plain.headers


def test_a_file_without_its_fingerprint_is_asked_for_each_time(live):
    answer = live.get("/assets/gws.css")
    assert answer.headers["cache-control"] == "no-cache"
    again = live.get(
        "/assets/gws.css", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_an_unknown_fingerprinted_file_is_not_kept(live):
    answer = live.get("/assets/nothing.js?v=1")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("page", [*PAGES, FLEET], ids=lambda page: page.key)
def test_a_page_s_files_are_served_as_one(page, live):
    for name, parts in ((page.script, page.scripts), (page.style, page.styles)):
        answer = live.get(asset_url(name))
        assert answer.status_code == 200
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]
        whole = [(ASSETS / part).read_text() for part in parts]
        assert answer.text == "\n".join(whole)
        if kind == "text/javascript":
            assert all(one.rstrip().endswith(";") for one in whole)


def test_other_files_together_are_not_there(live):
    answer = live.get("/assets/bundle/other.js?v=1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
