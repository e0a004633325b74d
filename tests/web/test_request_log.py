"""Each request has a name: in its answer, in what is logged for it, in what is told of a
failure."""

from __future__ import annotations

import asyncio
import re

import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from structlog.testing import capture_logs

from app.web import errors
from app.web.access.peers import PEER, Peers
from app.web.messages import missing
from app.web.request_id import HEADER, current
from app.web.request_log import Manners, RequestLog
from tests.web.test_wrappers import call as plainly

MADE = re.compile(r"[0-9a-f]{16}")
log = structlog.get_logger(__name__)


def everybody(scope: dict) -> bool:
    return True


class Site:
    """A small server behind the wrapper, and what it was told of requests."""

    def __init__(self, **manners) -> None:
        self.requested: list[tuple[int, float]] = []
        server = FastAPI()
        errors.install(server)

        @server.get("/well")
        async def well() -> dict:
            await asyncio.to_thread(log.warning, "in a thread")
            return {"id": current()}

        @server.get("/bug")
        async def bug() -> None:
            raise RuntimeError("a secret detail")

        @server.get("/blind")
        async def blind():
            return missing("nothing can be read", status=503)

        @server.get("/gone")
        async def gone():
            return missing("no such page")

        @server.get("/stream")
        async def stream() -> StreamingResponse:
            async def told():
                yield b": one\n\n"
                yield b": two\n\n"

            return StreamingResponse(told(), media_type="text/event-stream")

        self.app = RequestLog(
            server, Manners(**manners), lambda *one: self.requested.append(one)
        )

    def get(self, path: str, given: str | None = None, query: bytes = b"") -> dict:
        """Status, headers and body."""
        sent: list[dict] = []
        named = [] if given is None else [(HEADER.lower().encode(), given.encode())]
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": query,
            "headers": named, "client": ("192.0.2.1", 0), "root_path": "",
            "state": {PEER: ("10.0.0.7", 1234)},
        }  # fmt: skip

        async def send(message: dict) -> None:
            sent.append(message)

        async def receive() -> dict:
            await asyncio.Event().wait()
            raise AssertionError

        asyncio.run(self.app(scope, receive, send))
        start, *parts = sent
        return {
            "status": start["status"],
            "id": dict(start["headers"])[HEADER.lower().encode()].decode(),
            "body": b"".join(part.get("body", b"") for part in parts).decode(),
        }


def logged(action) -> tuple[dict, list[dict]]:
    processors = [structlog.contextvars.merge_contextvars]
    with capture_logs(processors=processors) as lines:
        return action(), lines


def test_every_answer_names_its_request_and_so_does_its_log():
    answer, lines = logged(lambda: Site().get("/well"))
    assert MADE.fullmatch(answer["id"])
    assert answer["id"] in answer["body"]
    assert [line["request_id"] for line in lines] == [answer["id"]]
    assert current() is None


def test_no_two_requests_have_one_name():
    site = Site()
    assert site.get("/well")["id"] != site.get("/well")["id"]


@pytest.mark.parametrize(
    "given",
    [
        "short",
        "x" * 65,
        "abcdefgh\r\nSet-Cookie: a=b",
        "abcdefgh ijkl",
        "-abcdefgh",
        "<script>alert</script>",
        "abcdefgh\x1b[2J",
        "ähnlich-wie",
    ],
)
def test_another_name_is_made_where_the_given_one_has_no_safe_form(given):
    assert MADE.fullmatch(Site(trusts=everybody).get("/well", given)["id"])


def test_a_name_is_taken_over_only_from_who_is_trusted():
    given = "edge-4f2a.17_b"
    for proxy, kept in (("10.0.0.7", True), ("10.0.0.8", False)):
        found = Site(trusts=Peers([proxy]).vouch).get("/well", given)["id"]
        assert (found == given) is kept
    assert Site().get("/well", given)["id"] != given


@pytest.mark.parametrize("path", ["/bug", "/blind", "/nowhere"])
def test_who_is_told_of_a_failure_can_quote_its_name(path):
    answer, lines = logged(lambda: Site().get(path))
    assert answer["id"] in answer["body"]
    assert "secret" not in answer["body"]
    assert {line["request_id"] for line in lines} <= {answer["id"]}


def test_a_page_that_is_merely_not_there_quotes_nothing():
    answer = Site().get("/gone")
    assert (answer["status"], answer["id"] in answer["body"]) == (404, False)


def test_requests_are_logged_where_that_is_wanted_and_their_queries_never_are():
    site = Site(access=True)
    _, lines = logged(lambda: site.get("/gone", query=b"code=12345&q=who"))
    (line,) = [one for one in lines if one["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/gone", 404)
    assert (line["peer"], line["log_level"]) == ("192.0.2.1", "info")
    assert line["bytes"] > 0
    assert "12345" not in str(lines)
    _, lines = logged(lambda: Site().get("/gone"))
    assert lines == []


def test_a_slow_request_is_logged_in_any_case():
    _, lines = logged(lambda: Site(slow_s=-1.0).get("/gone"))
    assert [(one["event"], one["log_level"]) for one in lines] == [
        ("slow request", "warning")
    ]


def test_a_stream_is_timed_to_its_beginning_and_logged_at_its_end():
    site = Site(access=True)
    _, lines = logged(lambda: site.get("/stream"))
    assert lines[0]["lasted_s"] is not None
    ((status, seconds),) = site.requested
    assert status == 200 and seconds >= 0


def test_what_is_no_request_passes_by():
    passed = []

    async def server(scope, receive, send):
        passed.append(scope["type"])

    app = RequestLog(server, Manners(access=True), lambda *one: passed.append(one))
    assert plainly(app, "/", kind="lifespan") == []
    assert passed == ["lifespan"]
