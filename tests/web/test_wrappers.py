"""The ASGI wrappers by themselves, called as a server calls them."""

from __future__ import annotations

import asyncio
import json

import pytest
from dash.exceptions import PreventUpdate
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from structlog.testing import capture_logs

from app.web import errors
from app.web.panel import log_error
from app.web.static import MOST_ANSWERS, KeptAnswers


def call(app, path: str, query: bytes = b"", kind: str = "http") -> list[dict]:
    """The messages with which `app` answers a GET."""
    sent: list[dict] = []
    scope = {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [],
    }

    async def send(message: dict) -> None:
        sent.append(message)

    async def receive() -> dict:
        await asyncio.Event().wait()  # the caller stays, and says nothing more
        raise AssertionError

    asyncio.run(app(scope, receive, send))
    return sent


@pytest.fixture
def broken() -> FastAPI:
    server = FastAPI()
    errors.install(server)

    @server.get("/bug")
    async def bug() -> None:
        raise RuntimeError("a secret detail")

    @server.get("/late")
    async def late() -> StreamingResponse:
        async def body():
            yield b"begun"
            raise RuntimeError("too late to say")

        return StreamingResponse(body())

    @server.get("/nothing-new")
    async def nothing_new() -> None:
        raise PreventUpdate

    return server


def test_a_bug_is_a_500_in_our_shape_and_its_detail_stays_in_the_log(broken):
    with capture_logs() as logs:
        start, body = call(broken, "/bug")
    assert start["status"] == 500
    assert json.loads(body["body"])["error"]["code"] == "internal"
    assert b"secret" not in body["body"]
    (entry,) = logs
    assert (entry["log_level"], entry["path"]) == ("error", "/bug")
    assert str(entry["exc_info"]) == "a secret detail"


def test_a_bug_after_the_answer_has_begun_is_not_papered_over(broken):
    with pytest.raises(RuntimeError, match="too late"):
        call(broken, "/late")


def test_dash_is_left_its_way_of_saying_that_nothing_changed(broken):
    with pytest.raises(PreventUpdate):
        call(broken, "/nothing-new")


def test_a_callback_that_fails_is_logged():
    with capture_logs() as logs:
        log_error(ValueError("x"))
    assert [entry["event"] for entry in logs] == ["bug in a callback"]


class Counting:
    """Answers each address with how often it was asked."""

    def __init__(self, status: int = 200) -> None:
        self.asked: list[str] = []
        self._status = status

    async def __call__(self, scope, receive, send) -> None:
        self.asked.append(scope["path"])
        await send(
            {"type": "http.response.start", "status": self._status, "headers": []}
        )
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        await send({"type": "http.response.body", "body": b"whole"})


def test_a_kept_answer_is_asked_for_once():
    inner = Counting()
    kept = KeptAnswers(inner)
    first, again = (call(kept, "/assets/a.js", b"v=1") for _ in range(2))
    assert len(inner.asked) == 1
    assert (
        b"".join(m.get("body", b"") for m in first) == again[1]["body"] == b"halfwhole"
    )


def test_fingerprints_that_are_made_up_make_no_more_copies():
    inner = Counting()
    kept = KeptAnswers(inner)
    for number in range(50):
        call(kept, "/assets/a.js", b"v=%d" % number)
    assert len(inner.asked) == 1


def test_what_is_kept_is_bounded_and_the_oldest_goes_first():
    inner = Counting()
    kept = KeptAnswers(inner)
    for number in range(MOST_ANSWERS + 1):
        call(kept, f"/assets/{number}.js", b"v=1")
    call(kept, f"/assets/{MOST_ANSWERS}.js", b"v=1")
    call(kept, "/assets/0.js", b"v=1")
    assert len(inner.asked) == MOST_ANSWERS + 2


def test_an_error_is_not_kept():
    inner = Counting(status=404)
    kept = KeptAnswers(inner)
    for _ in range(2):
        call(kept, "/assets/a.js", b"v=1")
    assert len(inner.asked) == 2
