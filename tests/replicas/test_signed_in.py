"""Signing in with several replicas: what is made, ended or done at one is so at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from benchmarks.stage import wait_for
from tests.replicas.inside import Several, several
from tests.web.gate.stage import GROUPS, PASSWORD, SCRAPER, Visitor, written

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
ME, TOKENS, AUDIT = "/api/v1/me", "/api/v1/tokens", "/api/v1/audit"
EAST = "/api/v1/deployments/east"
WALL = "/api/v1/wall"
ROLES = {"ops-east": "operator", "lookers-east": "viewer", "admins": "admin"}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    folder = tmp_path_factory.mktemp("signed-in")
    with several(folder, server(folder)) as found:
        for url in (found.one, found.two):
            wait_for("a picture", lambda: requests.get(f"{url}/readyz", timeout=20).ok)  # noqa: B023
        yield found


def server(folder: Path) -> dict:
    written(folder)
    (folder / "scraper").write_text(SCRAPER)
    rules = [
        {"group": group, "role": role}
        | ({} if role == "admin" else {"deployments": ["east"]})
        for group, role in ROLES.items()
        if group in GROUPS.values()
    ]
    auth = {
        "mode": "basic",
        "secret_file": str(folder / "keys"),
        "basic": {"users_file": str(folder / "users")},
        "groups": rules,
        "metrics_token_file": str(folder / "scraper"),
    }
    return {"host": "127.0.0.1", "port": 0, "auth": auth}


def at(url: str, session: requests.Session | None = None) -> Visitor:
    """Somebody's browser, at another replica too."""
    visitor = Visitor(url)
    if session is not None:
        visitor.session = session
    return visitor


def signed_in(there: Several, name: str) -> tuple[Visitor, Visitor]:
    one = at(there.one)
    assert one.sign_in(name, PASSWORD).status_code == 303
    return one, at(there.two, one.session)


def made(adam: Visitor, **more: object) -> dict:
    answer = adam.ask("POST", TOKENS, json={"name": "ci", "role": "operator", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def ask(method: str, url: str, secret: str, **more: object) -> requests.Response:
    shown = {"Authorization": f"Bearer {secret}"}
    return requests.request(method, url, headers=shown, timeout=30, **more)


def wait_shut(url: str, headers: dict[str, str]) -> None:
    """Until nobody is let in by these any more."""

    def shut() -> bool:
        return requests.get(url, headers=headers, timeout=30).status_code == 401

    wait_for("it is shut", shut)


def test_a_token_opens_everywhere_at_once_until_it_is_revoked_anywhere(there):
    adam, adam_at_two = signed_in(there, "adam")
    token = made(adam)
    assert ask("GET", there.two + ME, token["secret"]).json()["name"] == "ci"
    note = ask("POST", f"{there.two}{EAST}/notes", token["secret"], json={"text": "x"})
    assert (note.status_code, note.json().get("by")) == (201, "ci"), note.text
    stream = ask("GET", f"{there.one}{EAST}/stream", token["secret"], stream=True)
    lines = stream.iter_content(None)
    assert next(lines)
    gone = adam_at_two.ask("DELETE", f"{TOKENS}/{token['id']}")
    assert gone.status_code == 200, gone.text
    wait_shut(there.one + ME, {"Authorization": f"Bearer {token['secret']}"})
    b"".join(lines)  # It ends, at its next word at the latest.
    listed = adam.get(TOKENS).json()["tokens"]
    assert [
        one["revoked_at"] is None for one in listed if one["id"] == token["id"]
    ] == [False]


def test_who_signs_out_at_one_has_signed_out_at_all(there):
    ana, ana_at_two = signed_in(there, "ana")
    copy = {"Cookie": f"gws_session={ana.cookie}"}
    assert ana_at_two.get(ME).status_code == 200
    ana_at_two.ask("POST", "/auth/logout")
    for url in (there.one, there.two):
        wait_shut(url + ME, copy)
    refused = requests.post(
        f"{there.one}{EAST}/notes", json={"text": "x"}, timeout=30,
        headers=copy | {"Origin": there.one},
    )  # fmt: skip
    assert refused.status_code in (401, 403)


def test_the_log_of_acts_is_one_and_tells_each_once(there):
    ana, ana_at_two = signed_in(there, "ana")
    note = ana_at_two.ask("POST", f"{EAST}/notes", json={"text": "up again"}).json()
    assert note["by"] == "ana"
    adam, _ = signed_in(there, "adam")

    def told() -> list[dict]:
        acts = adam.get(f"{AUDIT}?who=ana&limit=500").json()["acts"]
        return [one for one in acts if note["id"] in one["about"]]

    wait_for("it is told", lambda: bool(told()))
    (act,) = told()
    assert (act["what"], act["outcome"], act["deployment"]) == (
        "note written",
        "done",
        "east",
    )
    assert act["address"] == "127.0.0.1"
    whats = {one["what"] for one in adam.get(AUDIT).json()["acts"]}
    assert "signed in" in whats
    assert note["id"] in adam.get(f"{AUDIT}.csv").text
    vic, _ = signed_in(there, "vic")
    assert vic.ask("POST", f"{EAST}/notes", json={"text": "x"}).status_code == 403


def test_a_tv_is_let_in_at_another_replica_and_known_at_all(there):
    adam, adam_at_two = signed_in(there, "adam")
    tv = at(there.one)
    came = tv.ask("POST", f"{WALL}/pairings").json()
    with tv.get(f"{WALL}/pairings/stream", stream=True) as waiting:
        lines = waiting.iter_lines()
        assert next(lines).startswith(b"retry: ")
        asked = {"code": came["code"], "deployments": ["east"]}
        let_in = adam_at_two.ask("POST", f"{WALL}/admissions", json=asked)
        assert let_in.status_code == 201, let_in.text
        assert next(x for x in lines if x.startswith(b"event:")) == b"event: let-in"
    path = tv.ask("POST", f"{WALL}/entry").json()["path"]
    for url in (there.two, there.one):
        assert at(url, tv.session).get(path).status_code == 200
    assert at(there.two, tv.session).get("/wall/west").status_code == 404
    (name,) = [
        one["id"]
        for one in adam.get(TOKENS).json()["tokens"]
        if one["kind"] == "tv" and one["revoked_at"] is None
    ]
    adam.ask("DELETE", f"{TOKENS}/{name}")
    cookie = "; ".join(f"{n}={v}" for n, v in tv.session.cookies.items())
    wait_shut(there.two + path, {"Cookie": cookie})


def test_each_replica_tells_of_itself(there):
    adam, _ = signed_in(there, "adam")
    told = adam.get("/api/v1/debug").json()
    stores = {one["name"]: one for one in told["stores"]}
    assert stores["bus"]["details"]["resyncs"] >= 2
    assert (stores["bus"]["trouble"], stores["records"]["trouble"]) == (None, None)
    assert told["configuration"]["in_force"]["server"]["auth"]["mode"] == "basic"
    page = adam.get("/debug")
    assert "whole pictures read" in page.text
    assert signed_in(there, "ana")[0].get("/debug").status_code == 403


def test_what_a_process_measures_is_for_whom_it_is_anywhere(there):
    for url in (there.one, there.collector):
        assert requests.get(f"{url}/metrics", timeout=30).status_code == 401
        told = ask("GET", f"{url}/metrics", SCRAPER)
        assert (told.status_code, "gws_observatory_build_info" in told.text) == (
            200,
            True,
        )
        assert requests.get(f"{url}/healthz", timeout=30).status_code == 200


def test_while_the_records_are_away_whoever_is_signed_in_goes_on(there):
    adam, adam_at_two = signed_in(there, "adam")
    known, revoked = made(adam), made(adam)
    for one in (known, revoked):
        assert ask("GET", there.two + ME, one["secret"]).status_code == 200
    there.postgresql.stop()
    try:
        refused = adam.ask("POST", TOKENS, json={"name": "late"})
        assert refused.status_code == 503
        assert "no other replica would know" in refused.json()["error"]["message"]
        told = adam.ask("DELETE", f"{TOKENS}/{revoked['id']}")
        assert told.status_code == 503
        assert "opens nothing at this replica" in told.json()["error"]["message"]
        assert ask("GET", there.one + ME, revoked["secret"]).status_code == 401
        for visitor in (adam, adam_at_two):
            assert visitor.get(f"{EAST}/snapshot").status_code == 200
        assert ask("GET", there.two + ME, known["secret"]).status_code == 200
        strange = ask("GET", there.two + ME, "gwso_nobody")
        assert (strange.status_code, strange.json()["error"]["code"]) == (
            503,
            "no_records",
        )
        assert signed_in(there, "ana")[0].get(ME).status_code == 200
        assert "refused" in adam.get(AUDIT).json()["trouble"]
    finally:
        there.postgresql.start()
    wait_shut(there.two + ME, {"Authorization": f"Bearer {revoked['secret']}"})
    assert ask("GET", there.two + ME, known["secret"]).status_code == 200


def test_while_the_bus_is_away_tokens_and_sign_outs_go_on(there):
    adam, _ = signed_in(there, "adam")
    there.redis.kill()
    try:
        token = made(adam)
        assert ask("GET", there.two + ME, token["secret"]).status_code == 200
        assert adam.ask("DELETE", f"{TOKENS}/{token['id']}").status_code == 200
        answer = adam.ask("POST", f"{EAST}/notes", json={"text": "x"})
        assert answer.json()["error"]["code"] == "no_collector"
    finally:
        there.redis.start()
