"""What only the collector can do is handed on to it, as the request that it is."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import orjson
import pytest

from app.bounds import Bounds
from app.bus.base import NoAnswer
from app.bus.memory import MemoryBus
from app.domain.access import NOBODY
from app.domain.topology import standard
from app.web.access.access import open_access
from app.web.access.visit import Visit, visiting
from app.web.errands import HandOn, doing, is_handed_on
from app.web.errands_wall import STATE, STREAM, stream
from app.web.factory import create_errands_app
from app.web.site import Site, Watched
from app.web.sizes import Sizes
from tests.web.conftest import NOW, Planned, Talked, picture

API = "/api/v1/deployments/demo"
JSON = {"content-type": "application/json", "host": "gws.example"}


class Collector:
    """Its endpoints, and what was asked of them."""

    def __init__(self) -> None:
        self.bus, self.room, self.plans = MemoryBus("x"), Talked(), Planned()
        self.bus.publish(picture(), None)
        explained = {17: {"number": 17}}
        watched = Watched(
            "demo", "Demo", standard(), explained=explained.get, room=self.room,
            plans=self.plans,
        )  # fmt: skip
        site = Site({"demo": watched}, self.bus, lambda: NOW)
        self.settled = 0
        self.gone, self.asked = False, 0
        self._do = doing(
            create_errands_app(site, open_access(lambda: NOW)), self._settle
        )

    def _settle(self) -> None:
        self.settled += 1

    async def ask(self, question: bytes) -> bytes:
        self.asked += 1
        if self.gone:
            raise NoAnswer("nobody is there")
        return await asyncio.to_thread(self._do, question)


class Replica:
    def __init__(self, collector: Collector) -> None:
        self.app = HandOn(self._own, collector.ask, {STREAM: stream})

    async def _own(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"own"})

    def __call__(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        return asyncio.run(self._asked(method, path, body, JSON | headers))

    async def _asked(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        sent: list[Any] = []
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": path, "scheme": "https",
            "query_string": query.encode(), "client": ("10.0.0.9", 1),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        given = body if isinstance(body, bytes) else orjson.dumps(body)
        parts = [given[:10], given[10:]]

        async def receive() -> Any:
            if parts:
                return {
                    "type": "http.request",
                    "body": parts.pop(0),
                    "more_body": bool(parts),
                }
            await asyncio.sleep(60)

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        told = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:]), told


@pytest.fixture
def collector() -> Collector:
    return Collector()


@pytest.fixture
def replica(collector: Collector) -> Replica:
    return Replica(collector)


@pytest.mark.parametrize(
    ("method", "path", "handed_on"),
    [
        ("POST", f"{API}/notes", True),
        ("DELETE", f"{API}/notes/1", True),
        ("PUT", f"{API}/incidents/1/assignee", True),
        ("GET", f"{API}/connections/17/explain", True),
        ("HEAD", f"{API}/connections/17/explain", True),
        ("POST", "/api/v1/wall/admissions", True),
        ("GET", f"{API}/notes", False),
        ("GET", f"{API}/stream", False),
        ("POST", "/_dash-update-component", False),
        ("GET", "/api/v1/wall/stream", False),
    ],
)
def test_changes_are_handed_on_and_reading_is_not(method, path, handed_on):
    assert is_handed_on(method, path) is handed_on


def test_what_is_not_handed_on_is_its_own_to_answer(replica):
    assert replica("GET", f"{API}/snapshot")[:2] == (299, b"own")


def test_a_note_is_the_collectors_to_write_and_is_settled_first(replica, collector):
    asked = {"text": "Grüße – „17“", "by": "Ann"}
    status, body, headers = replica("POST", f"{API}/notes", asked)
    assert status == 201
    assert headers["content-type"] == "application/json"
    (kept,) = collector.room.kept.values()
    assert (kept.text, kept.id) == (asked["text"], orjson.loads(body)["id"])
    assert collector.settled == 1


def test_an_explanation_changes_nothing(replica, collector):
    status, body, _ = replica("GET", f"{API}/connections/17/explain")
    assert (status, orjson.loads(body)) == (200, {"number": 17})
    assert collector.settled == 0


def test_its_errors_are_sent_on_as_they_are(replica):
    status, body, _ = replica("POST", f"{API}/notes", {"text": "x"})
    assert status == 422
    assert orjson.loads(body)["error"]["field"] == "by"
    status, body, _ = replica("DELETE", f"{API}/maintenance/none?by=Ann")
    assert (status, orjson.loads(body)["error"]["code"]) == (404, "not_found")


def test_a_page_of_another_site_is_refused_there_too(replica, collector):
    asked = {"text": "x", "by": "Ann"}
    status, _, _ = replica("POST", f"{API}/notes", asked, origin="https://evil.example")
    assert (status, collector.room.kept) == (403, {})
    own = replica("POST", f"{API}/notes", asked, origin="https://gws.example")
    assert own[0] == 201


def test_while_nobody_collects_it_is_said(replica, collector):
    collector.gone = True
    status, body, headers = replica("POST", f"{API}/notes", {"text": "x", "by": "Ann"})
    assert (status, headers["retry-after"]) == (503, "2")
    told = orjson.loads(body)["error"]
    assert told["code"] == "no_collector"
    assert "nobody is there" in told["message"]


def test_a_body_that_is_too_large_is_not_sent_on(replica, collector):
    replica.app = Sizes(replica.app, Bounds(body=100))
    status, body, headers = replica("POST", f"{API}/notes", b"x" * 101)
    assert (status, orjson.loads(body)["error"]["code"]) == (413, "too_large")
    assert headers["connection"] == "close"
    assert collector.asked == 0


def test_what_is_cut_off_is_not_sent_on(collector):
    parts = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {"type": "http", "method": "POST", "path": f"{API}/notes"}

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    asyncio.run(HandOn(send, collector.ask, {})(scope, receive, send))
    assert collector.asked == 0


def test_what_the_collector_has_written_down_is_not_written_down_twice(
    replica, collector
):
    asked = {"text": "x", "by": "Ann"}
    done, undone = Visit(NOBODY), Visit(NOBODY)
    with visiting(done):
        replica("POST", f"{API}/notes", asked)
    assert done.noted
    collector.gone = True
    with visiting(undone):
        replica("POST", f"{API}/notes", asked)
    assert not undone.noted


def test_a_tv_waits_at_a_replica_until_it_is_let_in(replica, collector):
    status, body, headers = replica("POST", "/api/v1/wall/pairings")
    assert status == 200
    cookie = headers["set-cookie"].partition(";")[0]
    waiting = threading.Thread(
        target=lambda: told.append(replica("GET", STREAM, cookie=cookie))
    )
    told: list[Any] = []
    waiting.start()
    admitted = {"code": orjson.loads(body)["code"], "deployments": ["demo"]}
    assert replica("POST", "/api/v1/wall/admissions", admitted)[0] == 201
    waiting.join(30)
    assert told[0][1].endswith(b"event: let-in\ndata: {}\n\n")
    entered = replica("POST", "/api/v1/wall/entry", cookie=cookie)
    assert orjson.loads(entered[1])["path"].startswith("/wall/demo")


def test_a_code_that_is_over_is_gone(replica):
    _, body, headers = replica("GET", STREAM, cookie="gws_wall=nobody")
    assert body.endswith(b"event: gone\ndata: {}\n\n")
    assert headers["content-type"].startswith("text/event-stream")
    assert replica("GET", STATE)[0] == 299
