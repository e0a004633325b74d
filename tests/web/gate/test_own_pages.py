"""Only a page of ours changes something by somebody's cookie, and in his name."""

from __future__ import annotations

import pytest

from tests.web.gate.stage import Guarded, carry

ME = "/api/v1/me"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1"]
)
def test_another_sites_page_changes_nothing(site: Guarded, origin: str):
    ana = site.signed_in("ana")
    answer = ana.ask(
        "POST",
        "/api/v1/deployments/east/notes",
        json={"text": "x"},
        headers={"Origin": origin},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        403,
        "foreign_origin",
    )
    assert site.live.room.kept == {}
    assert site.did()[-1] == ("ana", "request from another site", "refused")
    answer = site.visitor().ask(
        "POST", "/auth/login", data={"name": "ana"}, headers={"Origin": origin}
    )
    assert answer.status_code == 403, "nor signs it anybody in"
    assert (
        ana.ask("POST", "/auth/logout", headers={"Origin": origin}).status_code == 403
    )
    assert ana.get(ME).status_code == 200


def test_what_does_not_say_where_it_comes_from_changes_nothing_by_a_cookie(
    site: Guarded,
):
    cookie = carry(site.signed_in("ana").cookie)
    path, body = "/api/v1/deployments/east/notes", {"text": "x"}
    assert site.live.ask("POST", path, json=body, headers=cookie).status_code == 403
    for said in ("cross-site", "same-site"):
        headers = cookie | {"Sec-Fetch-Site": said}
        assert (
            site.live.ask("POST", path, json=body, headers=headers).status_code == 403
        )
    headers = cookie | {"Sec-Fetch-Site": "same-origin"}
    assert site.live.ask("POST", path, json=body, headers=headers).status_code == 201


def test_a_note_is_signed_by_who_is_signed_in(site: Guarded):
    ana = site.signed_in("ana")
    body = {"text": "up again", "by": "The Boss"}
    answer = ana.ask("POST", "/api/v1/deployments/east/notes", json=body)
    assert answer.json()["by"] == "ana"
    note = answer.json()["id"]
    answer = ana.ask("DELETE", f"/api/v1/deployments/east/notes/{note}?by=Somebody")
    assert answer.status_code == 200
    assert site.did()[-2:] == [
        ("ana", "note written", "done"),
        ("ana", "note deleted", "done"),
    ]
    assert note in site.register.acts[-1].about
    assert site.register.acts[-1].deployment == "east"
    assert site.register.acts[-1].address == "127.0.0.1"
