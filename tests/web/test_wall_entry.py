"""A TV is let in by the code that it shows, once, and nobody else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from app.domain.screens import GUESSES_OF_ONE, MOST_WAITING
from tests.web.conftest import NOW, picture, start
from tests.web.test_wall import events

WAIT, ENTRY = "/api/v1/wall/pairings", "/api/v1/wall/entry"
ADMIT = "/api/v1/wall/admissions"
COOKIE = "gws_wall"


@pytest.fixture
def pair():
    """Two deployments, and nobody who waits."""
    for running in start("east", "west"):
        running.bus.publish(picture("east"), None)
        yield running


def comes(live, cookie=None):
    """A TV asks for a code: the answer, and the secret in its cookie."""
    answer = live.ask("POST", WAIT, cookies=cookie and {COOKIE: cookie})
    assert answer.status_code == 200
    return answer, answer.cookies[COOKIE]


def admit(live, code, **more):
    return live.ask("POST", ADMIT, json={"code": code, "deployments": ["east"], **more})


def test_a_tv_is_let_in_by_its_code_and_goes_there_by_itself(pair):
    answer, secret = comes(pair)
    code = answer.json()["code"]
    assert answer.json()["until"] == "2026-11-24T10:10:02.123Z"
    waiting = pair.get(f"{WAIT}/stream", cookies={COOKIE: secret}, stream=True)
    assert pair.ask("POST", ENTRY, cookies={COOKIE: secret}).json() == {"path": None}

    typed = f"{code[:3].lower()}-{code[3:]}"
    let_in = admit(
        pair, typed, deployments=["west", "east", "west"], rotate="1m", sound=True
    )
    assert let_in.status_code == 201
    path = "/wall/west?with=east&rotate=60s&sound=on"
    assert let_in.json() == {"path": path}
    assert next(events(waiting)) == ("let-in", {})

    entered = pair.ask("POST", ENTRY, cookies={COOKIE: secret})
    assert entered.json() == {"path": path}
    fresh = entered.cookies[COOKIE]
    assert fresh != secret
    assert pair.ask("POST", ENTRY, cookies={COOKIE: secret}).json() == {"path": None}
    assert pair.ask("POST", ENTRY, cookies={COOKIE: fresh}).json() == {"path": path}


def test_several_take_turns_although_nobody_said_how_long(pair):
    answer, _ = comes(pair)
    let_in = admit(pair, answer.json()["code"], deployments=["east", "west"])
    assert let_in.json() == {"path": "/wall/east?with=west&rotate=30s"}


def test_the_cookie_is_for_no_script_and_for_no_other_site(pair):
    answer, secret = comes(pair)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "Secure" not in cookie and "Max-Age" not in cookie
    admit(pair, answer.json()["code"])
    entered = pair.ask("POST", ENTRY, cookies={COOKIE: secret})
    assert "Max-Age=34560000" in entered.headers["set-cookie"]


def test_behind_https_the_cookie_is_kept_to_it():
    for running in start("demo", public_url="https://gws.example/"):
        answer = running.ask("POST", WAIT)
        assert "Secure" in answer.headers["set-cookie"]


def test_a_code_works_once_and_not_for_ever(pair):
    first, _ = comes(pair)
    assert admit(pair, first.json()["code"]).status_code == 201
    again = admit(pair, first.json()["code"])
    assert (again.status_code, again.json()["error"]["code"]) == (404, "unknown_code")
    second, secret = comes(pair)
    waiting = pair.get(f"{WAIT}/stream", cookies={COOKIE: secret}, stream=True)
    pair.now[0] = NOW + timedelta(minutes=11)
    assert admit(pair, second.json()["code"]).status_code == 404
    assert next(events(waiting)) == ("gone", {})


def test_a_tv_that_nobody_knows_is_told_so(pair):
    waiting = pair.get(f"{WAIT}/stream", cookies={COOKIE: "made up"}, stream=True)
    assert next(events(waiting)) == ("gone", {})
    assert pair.ask("POST", ENTRY).json() == {"path": None}


def test_a_tv_that_asks_again_has_a_new_code_alone(pair):
    first, secret = comes(pair)
    second, _ = comes(pair, secret)
    assert admit(pair, first.json()["code"]).status_code == 404
    assert admit(pair, second.json()["code"]).status_code == 201


def test_who_guesses_is_not_listened_to_for_long(pair):
    answer, _ = comes(pair)
    for _ in range(GUESSES_OF_ONE):
        assert admit(pair, "AAAAAA").status_code == 404
    refused = admit(pair, answer.json()["code"])
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "too_many_guesses"
    assert refused.headers["retry-after"] == "60"
    pair.now[0] = NOW + timedelta(minutes=2)
    assert admit(pair, answer.json()["code"]).status_code == 201


def test_no_more_tvs_wait_than_there_is_room_for(pair):
    for _ in range(MOST_WAITING):
        comes(pair)
    refused = pair.ask("POST", WAIT)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"deployments": ["nope"]}, 404, "deployment"),
        ({"deployments": []}, 422, "deployments"),
        ({"rotate": "soon"}, 422, "rotate"),
        ({"rotate": "1s"}, 422, "rotate"),
        ({"theme": "pink"}, 422, "theme"),
        ({"code": "<script>"}, 422, "code"),
        ({"secret": "x"}, 422, "secret"),
    ],
)
def test_what_can_not_be_shown_is_refused_and_uses_no_code_up(
    changed, status, field, pair
):
    answer, _ = comes(pair)
    refused = admit(pair, changed.pop("code", answer.json()["code"]), **changed)
    assert (refused.status_code, refused.json()["error"]["field"]) == (status, field)
    assert admit(pair, answer.json()["code"]).status_code == 201


def test_no_page_of_another_site_lets_anybody_in_or_makes_a_tv_wait(live):
    foreign = {"Origin": "https://evil.example"}
    for path in (WAIT, ENTRY):
        assert live.ask("POST", path, headers=foreign).status_code == 403
    body = {"code": "AAAAAA", "deployments": ["demo"]}
    assert live.ask("POST", ADMIT, json=body, headers=foreign).status_code == 403
    assert live.ask("POST", ADMIT, data="code=A").status_code == 415


def test_no_secret_is_in_an_address_or_a_body(pair):
    session = requests.Session()
    answer = session.post(pair.url + WAIT, timeout=10)
    secret = session.cookies[COOKIE]
    assert secret not in answer.text and answer.json()["code"] not in answer.url
    admit(pair, answer.json()["code"])
    entered = session.post(pair.url + ENTRY, timeout=10)
    assert session.cookies[COOKIE] not in entered.text
