"""What another replica knows: tokens made and revoked there, and records that are away."""

from __future__ import annotations

import pytest

from app.domain.access import Kind, Role
from app.web.access.bearer import TV_COOKIE
from tests.web.gate.stage import PAGE, SCRAPER, Guarded

ME, TOKENS = "/api/v1/me", "/api/v1/tokens"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_token_that_was_made_elsewhere_opens_at_once(site: Guarded):
    secret, made = site.made(Role.VIEWER, "east")
    site.register.elsewhere.append(made)
    assert site.live.get(ME, headers=bearer(secret)).json()["name"] == "ci"
    assert site.register.waited == 1
    site.live.get(ME, headers=bearer(secret))
    assert site.register.waited == 1, "it is known by now"


def test_so_does_the_cookie_of_a_tv(site: Guarded):
    secret, made = site.made(Role.VIEWER, "east", kind=Kind.TV)
    site.register.elsewhere.append(made)
    cookie = {"Cookie": f"{TV_COOKIE}={secret}"}
    assert site.live.get("/wall/east", headers=cookie).status_code == 200


def test_one_that_nobody_made_is_none(site: Guarded):
    assert told(site.live.get(ME, headers=bearer("x"))) == (401, "bad_token")
    assert site.register.waited == 1


def test_who_shows_none_waits_for_nobody(site: Guarded):
    old = {"Cookie": f"{TV_COOKIE}=of-long-ago"}
    ana = site.signed_in("ana")
    ana.get(ME, headers={"Cookie": f"gws_session={ana.cookie}; {TV_COOKIE}=old"})
    site.live.get(ME)
    site.live.get("/wall", headers=old | PAGE)
    site.live.get("/metrics", headers=bearer(SCRAPER))
    assert site.register.waited == 0


def test_while_the_others_are_not_heard_nobody_is_told_that_his_token_is_none(
    site: Guarded,
):
    known, revoked = site.token(Role.VIEWER), site.made(Role.VIEWER)
    site.register.put(revoked[1].revoked(site.live.now[0]))
    site.register.late = "postgresql://db: connection refused"
    answer = site.live.get(ME, headers=bearer("x"))
    assert told(answer) == (503, "no_records")
    assert "postgresql" not in answer.text
    assert site.live.get(ME, headers=bearer(known)).status_code == 200
    assert told(site.live.get(ME, headers=bearer(revoked[0]))) == (401, "bad_token")
    assert site.signed_in("ana").get(ME).status_code == 200


def test_no_token_is_made_that_the_others_would_not_know(site: Guarded):
    adam = site.signed_in("adam")
    site.register.late = "the disk is full"
    answer = adam.ask("POST", TOKENS, json={"name": "ci"})
    assert told(answer) == (503, "no_records")
    assert "the disk is full" in answer.json()["error"]["message"]
    assert answer.headers["Retry-After"]
    assert not [one for one in site.register.tokens() if one.holds(site.live.now[0])]
    assert site.did()[-1] == ("adam", "token made", "failed")


def test_one_that_is_revoked_is_so_here_and_the_answer_says_where_not_yet(
    site: Guarded,
):
    adam, secret = site.signed_in("adam"), site.token(Role.VIEWER)
    (made,) = site.register.tokens()
    site.register.late = "the disk is full"
    answer = adam.ask("DELETE", f"{TOKENS}/{made.id}")
    assert told(answer) == (503, "no_records")
    assert "the others learn of it" in answer.json()["error"]["message"]
    assert site.live.get(ME, headers=bearer(secret)).status_code == 401


def test_a_tv_is_let_in_only_where_every_replica_would_know_it(site: Guarded):
    adam, tv = site.signed_in("adam"), site.visitor()
    came = tv.ask("POST", "/api/v1/wall/pairings").json()
    admitted = {"code": came["code"], "deployments": ["east"]}
    adam.ask("POST", "/api/v1/wall/admissions", json=admitted)
    site.register.late = "postgresql://db: connection refused"
    answer = tv.ask("POST", "/api/v1/wall/entry")
    assert told(answer) == (503, "no_records")
    assert "postgresql" not in answer.text
    site.register.late = None
    path = tv.ask("POST", "/api/v1/wall/entry").json()["path"]
    assert tv.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/readyz", "/healthz"])
def test_who_does_not_see_all_deployments_is_told_how_many_are_amiss(
    unseen: Guarded, path: str
):
    unseen.live.ill.append("the pipeline of west has ended")
    for visitor in (unseen.visitor(), unseen.signed_in("ana")):
        answer = visitor.get(path)
        assert answer.status_code == 503
        assert " 1 " in answer.text
        assert "east" not in answer.text and "west" not in answer.text
    assert "west" in unseen.signed_in("adam").get(path).text
