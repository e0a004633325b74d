"""No address ever comes from a request: nothing that a caller sends makes this process
look up a name or open a connection."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests.web.conftest import Live
from tests.web.routes import every, filled

TELLING = re.compile(r"url|uri|host|address|addr|server|endpoint|origin|proxy|path$")
LEADING = ("uri", "url", "hostname", "ipv4", "ipv6", "iri")
GUESSED = ("url", "uri", "target", "host", "source", "callback", "next", "redirect", "return_to", "feed", "proxy")  # fmt: skip
TOLD_BY_HEADER = (
    "Referer", "Origin", "X-Forwarded-Host", "X-Forwarded-For", "X-Original-URL",
    "X-Rewrite-URL", "Forwarded", "True-Client-IP", "X-Wap-Profile", "Contact", "Via",
)  # fmt: skip


class Outgoing:
    """Every connection and look-up that this process makes, to anybody but us."""

    def __init__(self) -> None:
        self.ours: set[int] | None = None
        self.heard: list[tuple[str, Any]] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.ours is None or not event.startswith("socket."):
            return
        if event == "socket.connect" and args[1][1] not in self.ours:
            self.heard.append((event, args[1]))
        elif event == "socket.getaddrinfo" and args[1] not in self.ours:
            self.heard.append((event, args[:2]))
        elif event in ("socket.sendto", "socket.gethostbyname"):
            self.heard.append((event, args[1:]))

    @contextlib.contextmanager
    def but(self, *ports: int) -> Iterator[list[tuple[str, Any]]]:
        self.heard.clear()
        self.ours = set(ports)
        try:
            yield self.heard
        finally:
            self.ours = None


@pytest.fixture(scope="module")
def outgoing() -> Outgoing:
    return Outgoing()


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A port where nobody should ever come, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        ending = threading.Event()

        def watch() -> None:
            while not ending.is_set():
                with contextlib.suppress(TimeoutError):
                    made, who = listening.accept()
                    came.append(str(who))
                    made.close()

        watching = threading.Thread(target=watch)
        watching.start()
        yield listening.getsockname()[1], came
        ending.set()
        watching.join()


def described(live: Live) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, ways in live.get("/openapi.json").json()["paths"].items():
        for method, operation in ways.items():
            yield method.upper(), path, operation


def test_no_parameter_of_the_api_is_an_address(live):
    described_ = live.get("/openapi.json").json()
    named = [
        (one["name"], one.get("schema", {}))
        for _, _, operation in described(live)
        for one in operation.get("parameters", ())
    ]
    named += [
        (name, field)
        for shape, schema in described_["components"]["schemas"].items()
        if shape.startswith("New") or shape in ("Admission", "Assignment", "Who")
        for name, field in schema["properties"].items()
    ]
    assert len(named) > 40
    for name, field in named:
        assert not TELLING.search(name.lower()), name
        assert field.get("format") not in LEADING, name


def test_whatever_is_asked_nobody_is_asked_in_turn(live, outgoing, canary):
    """Every route, with an address wherever a caller can put one."""
    port, came = canary
    names = {
        one["name"]
        for _, _, operation in described(live)
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    }
    own = urlsplit(live.url).port
    routes = list(every(live.web))
    with outgoing.but(own) as heard:
        for address in addresses(port):
            query = {name: address for name in {*names, *GUESSED}}
            headers = {name: address for name in TOLD_BY_HEADER}
            for method, path in routes:
                with live.ask(method, path, params=query, headers=headers, stream=True):
                    pass
    assert heard == []
    assert came == []


def addresses(port: int) -> tuple[str, ...]:
    return (
        f"http://127.0.0.1:{port}/x",
        f"redis://127.0.0.1:{port}",
        "//ssrf.example.invalid/",
    )


def test_nor_by_an_address_in_the_path_or_in_a_body(live, outgoing, canary):
    port, came = canary
    own = urlsplit(live.url).port
    with outgoing.but(own) as heard:
        for address in addresses(port):
            for method, path, operation in described(live):
                body = dict.fromkeys(fields_of(live, operation), address)
                whole = re.sub(r"\{\w+\}", quote(address, safe=""), path)
                live.ask(method, whole, stream=True).close()
                if body:
                    live.ask(method, filled(path), json=body).close()
    assert heard == []
    assert came == []


def fields_of(live: Live, operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    found = re.findall(r"schemas/(\w+)", str(content))
    shapes = live.web.server.openapi()["components"]["schemas"]
    return [name for shape in found for name in shapes[shape]["properties"]]


def test_nothing_leads_a_browser_elsewhere(live):
    """Open redirects: a `Location` stays within the dashboard."""
    evil = ("//evil.example", "/%2f%2fevil.example", "/\\evil.example", "/%5cevil.example",
            "/?next=//evil.example", "/?//evil.example", "/@evil.example",
            "/map//evil.example/", "/fleet/", "/map/demo/")  # fmt: skip
    for path in evil:
        answer = raw(live, path)
        where = answer.headers.get("location")
        if where is not None:
            leads = urlsplit(where)
            ours = urlsplit(live.url).netloc
            assert leads.netloc in ("", ours), (path, where)
            assert not where.startswith(("//", "/\\")), (path, where)


def raw(live: Live, path: str) -> requests.Response:
    """As it is written, without a client's tidying."""
    asked = requests.Request("GET", live.url).prepare()
    asked.url = live.url + path
    with requests.Session() as session:
        return session.send(asked, allow_redirects=False, timeout=30)
