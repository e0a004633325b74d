"""Streams end with the session they were opened by, and carry nothing of others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from app.domain.access import Kind, Role
from app.web.access.bearer import TV_COOKIE
from app.web.fleet_seen import _left
from tests.web.conftest import picture
from tests.web.gate.stage import Guarded, carry

EAST = "/api/v1/deployments/east/stream"


def opened(site: Guarded, path: str, **headers: str) -> Iterator[bytes]:
    answer = site.live.get(path, stream=True, headers=headers)
    assert answer.status_code == 200
    return answer.iter_content(None)


def ends(lines: Iterator[bytes]) -> bytes:
    """What it says until it is over; the bus's heartbeat is every 0.2 s."""
    return b"".join(lines)


def test_it_ends_when_one_signs_out_and_nothing_comes_after(site: Guarded):
    ana = site.signed_in("ana")
    lines = opened(site, EAST, **carry(ana.cookie))
    assert b"event: snapshot" in next(lines)
    ana.ask("POST", "/auth/logout")
    site.live.bus.publish(picture("east", 2), {"version": 2, "secret": "of later"})
    assert b"of later" not in ends(lines)
    answer = (
        site.live.get(EAST, headers=carry(ana.cookie))
        if "gws_session" in ana.session.cookies
        else None
    )
    assert answer is None


def test_it_ends_when_the_session_is_over_or_the_user_is_gone(site: Guarded):
    cookie = carry(site.signed_in("ana").cookie)
    lines = opened(site, EAST, **cookie)
    next(lines)
    site.live.now[0] += timedelta(hours=12)
    ends(lines)
    assert site.live.get(EAST, headers=cookie).status_code == 401
    vic = carry(site.signed_in("vic").cookie)
    lines = opened(site, EAST, **vic)
    next(lines)
    users = site.folder / "users"
    users.write_text(
        "\n".join(
            one for one in users.read_text().splitlines() if not one.startswith("vic:")
        )
    )
    ends(lines)


def test_it_ends_now_and_then_so_that_the_cookie_is_renewed(site: Guarded):
    ana = site.signed_in("ana")
    lines = opened(site, EAST, **carry(ana.cookie))
    next(lines)
    site.live.now[0] += timedelta(hours=6)
    ends(lines)
    again = ana.get(EAST, stream=True)
    assert again.status_code == 200
    assert "gws_session=" in again.headers["Set-Cookie"]
    again.close()


def test_it_ends_when_the_token_is_revoked(site: Guarded):
    secret = site.token(Role.VIEWER, "east")
    lines = opened(site, EAST, Authorization=f"Bearer {secret}")
    next(lines)
    (token,) = site.register.tokens()
    site.register.put(token.revoked(site.live.now[0]))
    ends(lines)


def test_behind_a_proxy_it_ends_so_that_the_proxy_is_asked_again(behind: Guarded):
    told = {"X-Forwarded-User": "ana", "X-Forwarded-Groups": "ops-east"}
    lines = opened(behind, EAST, **told)
    next(lines)
    behind.live.now[0] += timedelta(minutes=15)
    ends(lines)


def events(frame: bytes) -> list[dict]:
    return [
        json.loads(one[6:]) for one in frame.split(b"\n") if one.startswith(b"data: ")
    ]


def test_the_fleet_has_only_what_one_may_see(site: Guarded):
    ana, adam = site.signed_in("ana"), site.signed_in("adam")
    seen = ana.get("/api/v1/fleet").json()
    assert [one["id"] for one in seen["deployments"]] == ["east"]
    assert len(adam.get("/api/v1/fleet").json()["deployments"]) == 2
    assert "West" not in ana.get("/fleet").text
    lines = opened(site, "/api/v1/fleet/stream", **carry(ana.cookie))
    told = events(next(lines))
    assert [one["id"] for one in told[0]["deployments"]] == ["east"]
    others = opened(site, "/api/v1/fleet/stream", **carry(adam.cookie))
    assert len(events(next(others))[0]["deployments"]) == 2


def test_of_a_frame_only_the_cards_are_left_out():
    east, west = {"id": "east", "status": "ok"}, {"id": "west", "status": "failing"}

    def frame(version: int, *cards: dict) -> bytes:
        body = json.dumps({"version": version, "deployments": cards}).encode()
        return b"event: delta\nid: e-%d\ndata: %b\n\n" % (version, body)

    whole = (
        b"retry: 1000\n\n" + frame(1, east, west) + frame(2, west) + b": still here\n\n"
    )
    left = _left(whole, frozenset({"east"}))
    assert left.startswith(b"retry: 1000\n\n")
    assert left.endswith(b": still here\n\n")
    assert [one["deployments"] for one in events(left)] == [[east], []]
    assert left.count(b"id: e-") == 2, "a browser resumes by them"


def paired(site: Guarded, adam, *deployments: str) -> requests.Session:
    """A TV that was let in."""
    tv, own = requests.Session(), {"Origin": site.url}
    base = f"{site.url}/api/v1/wall"
    code = tv.post(f"{base}/pairings", headers=own, timeout=30).json()["code"]
    answer = adam.ask(
        "POST",
        "/api/v1/wall/admissions",
        json={"code": code, "deployments": list(deployments)},
    )
    assert answer.status_code == 201, answer.text
    path = tv.post(f"{base}/entry", headers=own, timeout=30).json()["path"]
    assert path.startswith("/wall/east")
    return tv


def test_a_tv_that_was_let_in_sees_its_deployment_and_nothing_else(site: Guarded):
    adam = site.signed_in("adam")
    tv = paired(site, adam, "east")

    def get(path: str) -> int:
        return tv.get(
            site.url + path, timeout=30, allow_redirects=False, stream=True
        ).status_code

    for path in (
        "/wall/east",
        "/api/v1/deployments/east/snapshot",
        "/api/v1/wall/stream?of=east",
        EAST,
        "/assets/wall_view.js",
    ):
        assert get(path) == 200, path
    for path in (
        "/wall/west",
        "/api/v1/deployments/west/stream",
        "/api/v1/wall/stream?of=west",
    ):
        assert get(path) == 404, path
    assert get("/api/v1/tokens") == 403
    body = {"text": "x"}
    answer = tv.post(
        f"{site.url}/api/v1/deployments/east/notes",
        json=body,
        headers={"Origin": site.url},
        timeout=30,
    )
    assert answer.status_code == 403
    (token,) = site.register.tokens()
    assert (token.kind, token.role, token.deployments) == (
        Kind.TV,
        Role.VIEWER,
        frozenset({"east"}),
    )
    assert token.made_by == "adam"
    assert ("adam", "TV let in", "done") in site.did()
    adam.ask("DELETE", f"/api/v1/tokens/{token.id}")
    assert get("/wall/east") == 401


def test_a_tv_is_let_in_again_without_a_code(site: Guarded):
    tv = paired(site, site.signed_in("adam"), "east")
    own = {"Origin": site.url}
    path = tv.post(f"{site.url}/api/v1/wall/entry", headers=own, timeout=30).json()[
        "path"
    ]
    assert path.startswith("/wall/east")
    holding = [one for one in site.register.tokens() if one.holds(site.live.now[0])]
    assert len(holding) == 1, "the one before is revoked"
    # A process that was started anew knows its token, though not its code.
    secret = site.token(Role.VIEWER, "east", "west", kind=Kind.TV)
    headers = own | {"Cookie": f"{TV_COOKIE}={secret}"}
    answer = site.live.ask("POST", "/api/v1/wall/entry", headers=headers)
    assert answer.json()["path"].startswith("/wall/east?")


@pytest.mark.parametrize("name", ["ana", "vic"])
def test_only_who_administers_lets_a_tv_in(site: Guarded, name: str):
    answer = site.signed_in(name).ask(
        "POST",
        "/api/v1/wall/admissions",
        json={"code": "AAAAAA", "deployments": ["east"]},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "role_missing")
    east = {"Authorization": f"Bearer {site.token(Role.ADMIN, 'east')}"}
    both = {"code": "AAAAAA", "deployments": ["east", "west"]}
    answer = site.live.ask("POST", "/api/v1/wall/admissions", json=both, headers=east)
    assert answer.status_code == 404, "of the other one nothing is known"
