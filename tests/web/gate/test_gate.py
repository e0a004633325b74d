"""Nothing is reached past the gate, by whatever address."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

import pytest
from starlette.routing import Mount

from app.domain.access import Act, Grant, Person, Role
from app.web.access import doors
from app.web.access.personal import looks
from tests.web.gate.stage import PAGE, SCRAPER, Guarded, led_to

FILLED = {
    "deployment": "east", "number": "9", "node": "redis", "form": "csv",
    "incident": "2026-11-24-001", "note": "n-1", "window": "w-1", "token": "1f",
}  # fmt: skip
OPEN = {
    "/healthz", "/readyz", "/auth/login", "/auth/callback", "/auth/logout",
    "/auth/signed-out", "/wall", "/api/v1/wall/pairings",
    "/api/v1/wall/pairings/stream", "/api/v1/wall/entry",
}  # fmt: skip
"""What is reached without signing in, and nothing else."""


def every(routes) -> list[tuple[str, str]]:
    """Each method and address of the whole application."""
    found = []
    for route in routes:
        inner = getattr(route, "original_router", route)
        if isinstance(route, Mount):
            found.append(("GET", f"{route.path}/x"))
        elif getattr(inner, "routes", None):
            found += every(inner.routes)
        else:
            methods = getattr(route, "methods", None) or {"GET"}
            found += [(method, filled(route.path)) for method in methods]
    return sorted(set(found))


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda one: FILLED.get(one[1], "x"), path)


def test_no_route_is_reached_by_a_stranger_but_those_that_are_stated(site: Guarded):
    ways = every(site.live.web.server.routes)
    assert len(ways) > 70
    reached = set()
    for method, path in ways:
        headers = {"Origin": site.url} if method not in doors.READS else {}
        answer = site.live.ask(method, path, headers=headers, stream=True)
        # Who tries a wrong password is told 401 too, by the page itself.
        if not answer.headers.get("WWW-Authenticate", "").startswith("Bearer"):
            reached.add(path)
        else:
            assert answer.status_code == 401
            said = "" if method == "HEAD" else answer.json()["error"]["code"]
            assert said in ("", "not_signed_in")
        answer.close()
    assert reached == OPEN


def test_every_asset_is_shut_but_those_of_the_pages_that_are_open(site: Guarded):
    for path in (
        "/assets/map.js",
        "/assets/plotly/plotly-basic.min.js",
        "/_dash-layout",
    ):
        assert site.live.get(path).status_code == 401
    page = site.live.get("/auth/login", headers=PAGE).text
    page += site.live.get("/wall", headers=PAGE).text
    loaded = {
        urlsplit(one).path for one in re.findall(r'(?:src|href)="(/[^"]+)"', page)
    }
    assert {"/assets/gws.css", "/assets/sign_in.css"} <= loaded
    for path in loaded:
        assert site.live.get(path).status_code == 200, path


def test_a_browser_is_led_to_sign_in_and_back(site: Guarded):
    answer = site.live.get("/map/east?c=17&at=2026-11-24T10:00:00Z", headers=PAGE)
    way = led_to(answer)
    assert (
        way == "/auth/login?next=%2Fmap%2Feast%3Fc%3D17%26at%3D2026-11-24T10%3A00%3A00Z"
    )
    assert led_to(site.live.get("/", headers=PAGE)) == "/auth/login"
    answer = site.live.get("/api/v1/deployments", headers=PAGE)
    assert answer.status_code == 401, "the API never leads anywhere"


@pytest.mark.parametrize(
    "path",
    [
        "//api/v1/deployments", "/api/v1//deployments", "/API/v1/deployments",
        "/api/v1/deployments/", "/api/v1/deployments/../deployments",
        "/%61pi/v1/deployments", "/api%2Fv1%2Fdeployments", "/healthz/../map/east",
        "/healthz%2F..%2Fmap%2Feast", "/assets/../map/east", "/assets/%2e%2e/map/east",
        "/auth/login/../../map/east", "/auth/login%00", "/map/east;/healthz",
        "/assets/sign_in.css/../../api/v1/deployments", "/./map/east", "/wall/../fleet",
        "/wall/east", "/wall/", "/auth/login/", "/Healthz", "/healthz/",
    ],
)  # fmt: skip
def test_no_way_of_writing_an_address_leads_past_it(site: Guarded, path: str):
    """Sent as it stands: a client of ours would tidy it up."""
    status, body = raw(site.url, path)
    assert status in (401, 404, 400), (status, body)
    assert "redis" not in body and "East" not in body


def raw(url: str, path: str) -> tuple[int, str]:
    host = urlsplit(url).netloc
    with socket.create_connection(urlsplit(url).netloc.split(":"), timeout=30) as sock:
        sock.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        told = b""
        while part := sock.recv(65536):
            told += part
    return int(told.split()[1]), told.decode("latin-1")


def test_a_role_too_low_is_told_which_one_is_missing(site: Guarded):
    vic = site.signed_in("vic")
    for method, path in (
        ("PUT", "/api/v1/deployments/east/incidents/i-1/acknowledgement"),
        ("DELETE", "/api/v1/deployments/east/incidents/i-1/assignee"),
        ("POST", "/api/v1/deployments/east/notes"),
        ("DELETE", "/api/v1/deployments/east/notes/n-1/pin"),
        ("POST", "/api/v1/deployments/east/maintenance"),
    ):
        answer = vic.ask(method, path, json={})
        assert answer.status_code == 403
        error = answer.json()["error"]
        assert error["code"] == "role_missing"
        told = "this needs the role operator; vic has the role viewer in east"
        assert error["message"] == told
    assert {what for _, what, how in site.did() if how == "refused"} == {
        "incident acknowledged", "incident no longer assigned", "note written",
        "note unpinned", "maintenance begun",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/api/v1/tokens", "/api/v1/audit", "/api/v1/audit.csv", "/admin", "/metrics",
     "/debug", "//admin", "/ADMIN", "/admin/", "/api/v1/audit/x"],
)  # fmt: skip
def test_the_inside_of_the_process_is_for_who_administers(site: Guarded, path: str):
    assert site.signed_in("ana").get(path).status_code == 403
    assert site.signed_in("adam").get(path).status_code in (200, 404, 307)


def test_a_change_that_no_door_names_is_for_who_administers():
    for method, path in (
        ("POST", "/api/v1/x"),
        ("PATCH", "/api/v1/deployments/east/notes"),
    ):
        assert doors.at(method, path).door.act is Act.ADMINISTER


def test_another_deployment_is_none(site: Guarded):
    ana, adam = site.signed_in("ana"), site.signed_in("adam")
    for path in (
        "/api/v1/deployments/west/snapshot", "/api/v1/deployments/west/stream",
        "/map/west", "/connections/west", "/timeline/west", "/capacity/west",
        "/wall/west", "/compare/west", "/incident/west/2026-11-24-001",
        "/charts/west/9", "/api/v1/deployments/west/connections.csv",
        "/api/v1/deployments/west/incidents", "/api/v1/deployments/west/notes",
        "/api/v1/wall/stream?of=west",
    ):  # fmt: skip
        assert ana.get(path).status_code == 404, path
        assert adam.get(path, stream=True).status_code != 401
    answer = ana.ask("POST", "/api/v1/deployments/west/notes", json={"text": "x"})
    assert answer.status_code == 404
    there = ana.get("/api/v1/deployments/west/snapshot").json()
    nowhere = ana.get("/api/v1/deployments/nope/snapshot").json()
    assert (
        there["error"]["message"].replace("west", "nope") == nowhere["error"]["message"]
    )
    listed = ana.get("/api/v1/deployments").json()["deployments"]
    assert [one["id"] for one in listed] == ["east"]
    assert len(adam.get("/api/v1/deployments").json()["deployments"]) == 2
    assert led_to(ana.get("/", headers=PAGE)) == "/map/east"
    assert led_to(adam.get("/", headers=PAGE)) == "/fleet"


def test_who_scrapes_shows_a_token(site: Guarded):
    told = {"Authorization": f"Bearer {SCRAPER}"}
    answer = site.live.get("/metrics", headers=told)
    assert 'queue_length{deployment="west",queue="readings"}' in answer.text
    assert "gws_connection_status{" in answer.text
    for wrong in ("", "Bearer x", f"Basic {SCRAPER}", "Bearer "):
        answer = site.live.get("/metrics", headers={"Authorization": wrong})
        assert answer.status_code == 401
    assert site.live.get("/map/east", headers=told).status_code == 401


def test_a_web_socket_is_refused_by_the_gate(site: Guarded):
    status, _ = raw(site.url, "/_dash-ws")
    assert status == 401


def test_who_administers_one_deployment_is_not_offered_the_inside_of_the_process():
    person = Person("a", "A", (Grant(Role.ADMIN, frozenset({"east"})),))
    assert looks(person, "east").may_not == ("administer",)
    assert looks(person, "west").may_not == tuple(Act)
    assert looks(Person("a", "A", (Grant(Role.ADMIN),)), "west").may_not == ()
