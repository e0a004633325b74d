"""How much may be asked for: each refusal says what, and when it is worth to ask again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from app.bounds import USUAL, Bounds
from app.web.rates import COSTLY, MOST_CLIENTS, Measures, client_of
from tests.web.conftest import Live, start
from tests.web.routes import every

NOTES = "/api/v1/deployments/demo/notes"
SERIES = "/api/v1/deployments/demo/series?subjects=9&from=2026-11-24T09:00:00Z&to=2026-11-24T10:00:00Z"
STREAM = "/api/v1/deployments/demo/stream"
TIGHT = Bounds(body=16 << 10, url=2 << 10, headers=4 << 10, costly=1, changes=1, streams=5, streams_per_client=2)  # fmt: skip


@pytest.fixture
def tight() -> Iterator[Live]:
    yield from start("demo", bounds=TIGHT, proxies=("127.0.0.1",))


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def is_refused(answer: requests.Response) -> bool:
    return answer.status_code == 429


def note(live: Live, size: int, **options) -> requests.Response:
    body = json.dumps({"by": "me", "text": "x" * size})
    return live.ask("POST", NOTES, data=body, headers=JSON, **options)


JSON = {"Content-Type": "application/json"}


def test_a_body_may_not_be_larger_than_it_may(tight):
    assert note(tight, 20_000).headers["connection"] == "close"
    assert code(note(tight, 20_000)) == (413, "too_large")


def test_nor_one_that_never_says_how_large_it_is(tight):
    def pieces():
        yield b'{"by": "me", "text": "'
        yield from [b"x" * 1000] * 40

    answer = tight.ask("POST", NOTES, data=pieces(), headers=JSON)
    assert code(answer) == (413, "too_large")


@pytest.mark.parametrize(
    "path", [f"/map/demo?at={'1' * 3000}", f"/{'x' * 3000}", f"/healthz?{'a&' * 64}a"]
)
def test_an_address_may_not_be_longer_nor_have_more_parameters(tight, path):
    assert code(tight.get(path)) == (414, "too_long")


@pytest.mark.parametrize(
    "headers", [{"X-Long": "x" * 5000}, {f"X-{n}": "1" for n in range(120)}]
)
def test_headers_may_be_neither_longer_nor_more(tight, headers):
    answer = tight.get("/healthz", headers=headers)
    assert code(answer) == (431, "too_many_headers")


def test_what_is_dear_may_be_asked_for_only_so_often(tight):
    assert not any(is_refused(tight.get(SERIES)) for _ in range(TIGHT.costly))
    refused = tight.get(SERIES)
    assert code(refused) == (429, "too_often")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert tight.get("/api/v1/deployments/demo/snapshot").status_code == 503
    assert tight.get("/map/demo").status_code == 200


def test_who_reads_a_page_is_told_by_a_page(tight):
    html = {"Accept": "text/html"}
    pages = [tight.get("/capacity/demo", headers=html) for _ in range(2)]
    assert [is_refused(page) for page in pages] == [False, True]
    assert "<h1>Too many at once</h1>" in pages[-1].text
    assert pages[-1].headers["retry-after"]


def test_changes_are_counted_by_themselves_and_before_they_are_looked_at(tight):
    assert note(tight, 5).status_code == 201
    assert code(note(tight, 5)) == (429, "too_often")
    assert tight.get(NOTES).status_code == 200


def test_what_a_page_of_dash_asks_is_no_change(tight):
    for _ in range(5):
        asked = tight.ask("POST", "/_dash-update-component", data="{}", headers=JSON)
        assert asked.status_code == 400


def test_clients_are_counted_apart_where_a_trusted_proxy_tells_them_apart(tight):
    def refused(client: str) -> bool:
        return is_refused(tight.get(SERIES, headers={"X-Forwarded-For": client}))

    assert [refused("192.0.2.1") for _ in range(2)] == [False, True]
    assert not refused("192.0.2.2")
    # What the caller wrote before the proxy did is not believed.
    assert refused("198.51.100.9, 192.0.2.1")


def test_nobody_else_tells_from_whom_a_request_comes():
    for live in start("demo", bounds=TIGHT):
        found = [
            is_refused(live.get(SERIES, headers={"X-Forwarded-For": f"192.0.2.{n}"}))
            for n in range(2)
        ]
        assert found == [False, True]


def test_a_client_holds_only_so_many_streams_and_gets_one_again_for_one_it_closes(tight):  # fmt: skip
    def opened(client: str) -> requests.Response:
        return tight.stream(**{"X-Forwarded-For": client})

    held = [opened("192.0.2.1") for _ in range(2)]
    assert {one.status_code for one in held} == {200}
    refused = opened("192.0.2.1")
    assert code(refused) == (429, "too_often")
    assert refused.headers["retry-after"] == "10"
    held += [opened(f"192.0.2.{n}") for n in (2, 2, 3)]
    assert opened("192.0.2.4").status_code == 429  # five are open in all
    held.pop(0).close()
    while (again := opened("192.0.2.1")).status_code == 429:
        pass  # the server learns of the end when it next writes
    for one in (again, *held):
        one.close()


@given(
    per_minute=st.integers(1, 600),
    asked=st.lists(st.floats(0, 30), min_size=1, max_size=60),
)
def test_never_more_than_one_measure_and_what_has_grown_back(per_minute, asked):
    measures, now, taken = Measures(per_minute), 1_000.0, 0
    for pause in asked:
        now += pause
        wait = measures.take("a", now)
        taken += wait == 0
        assert 0 <= wait <= 60 / per_minute + 1e-6
    assert taken <= per_minute + per_minute / 60 * (now - 1_000) + 1e-6


@given(st.integers(1, 100))
def test_after_the_time_that_is_told_there_is_one_again(per_minute):
    measures = Measures(per_minute)
    while not (wait := measures.take("a", 0.0)):
        pass
    assert measures.take("a", wait + 1e-6) == 0


def test_clients_are_forgotten_before_they_fill_the_memory():
    measures = Measures(1)
    for number in range(MOST_CLIENTS + 10):
        measures.take(str(number), 0.0)
    assert len(measures._left) == MOST_CLIENTS
    assert measures.take(str(MOST_CLIENTS + 9), 0.0) > 0


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("x" * 500, "x" * 80),
    ],
)
def test_a_client_is_an_address_or_a_network_of_them(host, client):
    assert client_of({"client": (host, 1)}) == client
    assert client_of({"client": None}) == "unknown"


DEAR = {
    "/api/v1/deployments/demo/capacity",
    "/api/v1/deployments/demo/capacity.csv",
    "/api/v1/deployments/demo/connections.csv",
    "/api/v1/deployments/demo/incidents/2026-11-24-001/postmortem.md",
    "/api/v1/deployments/demo/incidents/2026-11-24-001/postmortem.pdf",
    "/api/v1/deployments/demo/pictures",
    "/api/v1/deployments/demo/replay",
    "/api/v1/deployments/demo/series",
    "/api/v1/deployments/demo/timeline",
    "/capacity/demo",
    "/compare/demo",
    "/incident/demo/2026-11-24-001",
    "/timeline/demo",
}


def test_what_is_dear_is_named_here_and_nothing_else_is(live):
    reads = {path for method, path in every(live.web) if method == "GET"}
    assert {path for path in reads if COSTLY.fullmatch(path)} == DEAR


def test_every_stream_is_known_by_its_address(live):
    told = live.get("/openapi.json").json()["paths"]
    streams = [p for p, way in told.items() if "text/event-stream" in str(way)]
    assert streams and all(path.endswith("/stream") for path in streams)


def test_handles_are_left_for_those_who_do_not_call():
    assert USUAL.within(1_000).connections == 900


@pytest.fixture
def local() -> Iterator[Live]:
    yield from start("demo", only_local=True, public_url="https://gws.example")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("evil.example:8050", 421),
        ("127.0.0.1.evil.example", 421),
        ("[::1", 421),
        ("", 421),
        ("localhost:8050", 200),
        ("[::1]:8050", 200),
        ("gws.example", 200),
    ],
)
def test_no_other_name_leads_to_a_dashboard_for_this_machine_alone(local, host, status):
    """DNS rebinding: a page of another site, whose own name leads to 127.0.0.1."""
    answer = local.get("/healthz", headers={"Host": host})
    assert answer.status_code == status
