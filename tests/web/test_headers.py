"""What every answer of every route carries, whatever becomes of the request."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
import requests

from app.bounds import Bounds
from app.web.headers import FIXED, FOREVER, REFUSED, USED
from tests.web.conftest import Live, start
from tests.web.routes import every


def is_guarded(answer: requests.Response) -> None:
    """All that must be there; told with the address that lacks it."""
    headers, where = answer.headers, f"{answer.request.method} {answer.request.url}"
    for name, value in FIXED.items():
        assert headers.get(name) == value, (where, name)
    policy = dict(
        part.split(" ", 1) for part in headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'", where
    assert policy["base-uri"] == "'none'", where
    scripts = policy.get("script-src", "")
    assert not re.search(r"unsafe|https?:|\*|data:|blob:", scripts), where
    assert "server" not in headers, where
    is_kept_rightly(answer)


def is_kept_rightly(answer: requests.Response) -> None:
    """Only files that are the same for everybody may stay with anybody."""
    kept = answer.headers["cache-control"]
    path = answer.request.path_url
    public = path.startswith(("/assets/", "/_dash-component-suites/"))
    if not public or answer.status_code >= 400:
        assert "no-store" in kept, path
    elif kept != FOREVER:
        assert kept == "no-cache", path


def ask(live: Live, method: str, path: str, **options) -> requests.Response:
    """The head of an answer; a stream is left as soon as that is there."""
    with live.ask(method, path, stream=True, **options) as answer:
        return answer


def test_every_answer_of_every_route_is_guarded(live):
    found = list(every(live.web))
    paths = {path for _, path in found}
    for expected in ("/", "/map/demo", "/wall", "/fleet", "/metrics", "/openapi.json",
                     "/_dash-layout", "/api/v1/deployments/demo/stream"):  # fmt: skip
        assert expected in paths
    assert len(found) > 50
    for method, path in found:
        is_guarded(ask(live, method, path))


@pytest.mark.parametrize(
    ("method", "path", "status", "headers"),
    [
        ("GET", "/nothing", 404, {}),
        ("GET", "/nothing", 404, {"Accept": "text/html"}),
        ("GET", "/assets/nothing.js?v=1", 404, {}),
        ("GET", "/assets/%2e%2e/%2e%2e/pyproject.toml", 404, {}),
        ("PATCH", "/healthz", 405, {}),
        ("GET", "/", 307, {}),
        ("HEAD", "/map/demo", 200, {}),
        ("GET", "/map/demo?at=yesterday", 400, {}),
        ("POST", "/_dash-update-component", 400, {}),
        ("POST", "/api/v1/deployments/demo/notes", 415, {}),
        ("POST", "/api/v1/deployments/demo/notes", 403, {"Origin": "https://evil.example"}),
    ],
)  # fmt: skip
def test_so_is_what_goes_wrong(live, method, path, status, headers):
    answer = ask(live, method, path, headers=headers)
    assert answer.status_code == status
    is_guarded(answer)


def test_so_is_what_has_not_changed_and_what_is_kept_for_ever(live):
    page = live.get("/map/demo").text
    for path in re.findall(r'"(/[^"]+\.(?:js|css|svg)[^"]*)"', page):
        answer = live.get(path)
        is_guarded(answer)
        assert answer.headers["cache-control"] == FOREVER
    first = live.get("/assets/gws.css")
    tag = first.headers["etag"]
    again = live.get("/assets/gws.css", headers={"If-None-Match": tag})
    assert again.status_code == 304
    is_guarded(again)


def test_so_is_what_uvicorn_refuses_by_itself(live):
    host, port = live.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as raw:
        raw.sendall(b"NOT HTTP AT ALL\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    for name, value in FIXED.items():
        assert f"{name}: {value}".encode() in head
    assert b"default-src 'none'; frame-ancestors 'none'" in head
    assert b'"code":"malformed"' in body


@pytest.fixture
def bounded() -> Iterator[Live]:
    tight = Bounds(costly=1, changes=1, streams_per_client=1)
    yield from start("demo", bounds=tight)


def test_so_is_what_is_too_much(bounded):
    path = "/api/v1/deployments/demo/series?from=x"
    for status in (422, 429):
        answer = ask(bounded, "GET", path)
        assert answer.status_code == status
        is_guarded(answer)
    for path in (f"/map/demo?q={'x' * 10_000}", f"/map/demo?{'&' * 100}"):
        answer = ask(bounded, "GET", path)
        assert answer.status_code == 414
        is_guarded(answer)


def test_a_browser_is_held_to_https_where_people_come_by_it(live):
    """Whatever the last part of the way is: the proxy ends TLS."""
    assert "strict-transport-security" not in live.get("/map/demo").headers
    for running in start("demo", public_url="https://gws.example"):
        for path in ("/map/demo", "/nothing", "/", "/api/v1/deployments/demo/stream"):
            told = ask(running, "GET", path).headers["strict-transport-security"]
            assert told == "max-age=31536000"


def test_or_where_a_trusted_proxy_says_that_they_do():
    said = {"X-Forwarded-Proto": "https"}
    for running in start("demo", proxies=("127.0.0.0/8",)):
        assert "strict-transport-security" in running.get("/wall", headers=said).headers
        assert "strict-transport-security" not in running.get("/wall").headers
    for running in start("demo"):
        answer = running.get("/wall", headers=said)
        assert "strict-transport-security" not in answer.headers


def test_what_no_page_asks_of_a_browser_is_refused_to_all():
    told = FIXED["Permissions-Policy"]
    assert all(f"{name}=()" in told for name in REFUSED)
    assert all(f"{name}=(self)" in told for name in USED)
