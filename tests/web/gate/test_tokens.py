"""Tokens for scripts, and the log of acts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from app.domain.access import Kind, Role
from tests.web.gate.stage import PAGE, SCRAPER, Guarded

ME, TOKENS = "/api/v1/me", "/api/v1/tokens"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_made_told_once_and_revoked(site: Guarded):
    adam = site.signed_in("adam")
    asked = {"name": "grafana", "role": "operator", "deployments": ["east"], "days": 30}
    made = adam.ask("POST", TOKENS, json=asked)
    assert made.status_code == 201
    secret, name = made.json()["secret"], made.json()["id"]
    assert secret.startswith("gwso_")
    assert made.json()["until"] == "2026-12-24T10:00:02.123Z"
    me = site.live.get(ME, headers=bearer(secret)).json()
    assert me == {
        "subject": f"token:{name}", "name": "grafana", "kind": "token", "mode": "basic",
        "deployments": [{"id": "east", "role": "operator"}],
    }  # fmt: skip
    body = {"text": "deployed 9.0"}
    path = "/api/v1/deployments/east/notes"
    answer = site.live.ask("POST", path, json=body, headers=bearer(secret))
    assert answer.json()["by"] == "grafana", "a script need not say where it comes from"
    listed = adam.get(TOKENS)
    assert secret not in listed.text
    assert listed.json()["tokens"][0]["made_by"] == "adam"
    revoked = adam.ask("DELETE", f"{TOKENS}/{name}")
    assert revoked.json()["revoked_at"] == "2026-11-24T10:00:02.123Z"
    assert site.live.get(ME, headers=bearer(secret)).status_code == 401
    assert adam.ask("DELETE", f"{TOKENS}/ff").status_code == 404
    whats = [what for _, what, _ in site.did()]
    assert whats == [
        "signed in",
        "token made",
        "note written",
        "token revoked",
        "token revoked",
    ]
    assert "grafana" in site.register.acts[3].about


@pytest.mark.parametrize(
    ("asked", "status"),
    [({"name": "x", "role": "boss"}, 422), ({"name": "", "role": "viewer"}, 422),
     ({"name": "a\nb"}, 422), ({"name": "x", "deployments": []}, 422),
     ({"name": "x", "deployments": ["nope"]}, 404), ({"name": "x", "days": 367}, 422),
     ({"name": "x", "days": "9"}, 422), ({"name": "x", "kind": "tv"}, 422)],
)  # fmt: skip
def test_one_that_can_not_be_is_not_made(site: Guarded, asked, status):
    assert site.signed_in("adam").ask("POST", TOKENS, json=asked).status_code == status
    assert site.register.kept == {}


def test_a_token_holds_until_its_time(site: Guarded):
    secret = site.token(Role.VIEWER)
    assert site.live.get(ME, headers=bearer(secret)).status_code == 200
    site.live.now[0] += timedelta(days=1)
    answer = site.live.get(ME, headers=bearer(secret))
    assert answer.json()["error"]["code"] == "bad_token"


def test_a_token_that_is_shown_counts_and_nothing_beside_it(site: Guarded):
    adam = site.signed_in("adam")
    viewer = site.token(Role.VIEWER, "east")
    assert adam.get(TOKENS, headers=bearer(viewer)).status_code == 403
    assert adam.get(ME, headers=bearer("x")).status_code == 401
    for scheme in ("Basic", "bearer"):
        told = {"Authorization": f"{scheme} {viewer}"}
        found = site.live.get(ME, headers=told).status_code
        assert found == (200 if scheme == "bearer" else 401)
    tv = site.token(Role.VIEWER, "east", kind=Kind.TV)
    assert site.live.get(ME, headers=bearer(tv)).status_code == 401, (
        "a TV's is no script's"
    )
    assert site.live.get(ME, headers=bearer(SCRAPER)).status_code == 401


def test_while_the_records_can_not_be_read_nobody_is_told_that_his_token_is_none(
    site: Guarded,
):
    site.register.read = False
    answer = site.live.get(ME, headers=bearer("x"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_only_who_administers_everywhere_makes_one(site: Guarded):
    east = site.token(Role.ADMIN, "east")
    answer = site.live.ask("POST", TOKENS, json={"name": "x"}, headers=bearer(east))
    assert answer.status_code == 403
    told = "this needs the role admin; ci has no role in every deployment"
    assert answer.json()["error"]["message"] == told


def test_the_log_of_acts_is_asked_by_who_and_what_page_by_page(site: Guarded):
    ana, adam = site.signed_in("ana"), site.signed_in("adam")
    for n in range(5):
        site.live.now[0] += timedelta(seconds=1)
        ana.ask("POST", "/api/v1/deployments/east/notes", json={"text": f"{n}"})
    first = adam.get("/api/v1/audit?who=ana&what=note%20written&limit=3").json()
    assert len(first["acts"]) == 3
    assert first["acts"][0]["at"] > first["acts"][1]["at"]
    rest = adam.get(
        "/api/v1/audit", params={"who": "ana", "before": first["next"]}
    ).json()
    assert [one["what"] for one in rest["acts"]] == ["note written"] * 2 + ["signed in"]
    assert rest["next"] is None
    assert adam.get("/api/v1/audit?outcome=refused").json()["acts"] == []
    for wrong in (
        "before=x",
        "outcome=maybe",
        "limit=0",
        "limit=501",
        "before=20261124100002-ab~99999999999999999999",
    ):
        assert adam.get(f"/api/v1/audit?{wrong}").status_code == 422
    sheet = adam.get("/api/v1/audit.csv?who=ana")
    assert sheet.headers["Content-Type"].startswith("text/csv")
    rows = [*csv.DictReader(io.StringIO(sheet.text, newline=""))]
    assert len(rows) == 6
    assert rows[0]["what"] == "note written"


def test_the_page_of_administration_shows_both(site: Guarded):
    adam = site.signed_in("adam")
    site.token(Role.VIEWER, "east")
    page = adam.get("/admin", headers=PAGE).text
    assert "data-revoke" in page
    assert "signed in" in page
    assert "every one" in page
    filtered = adam.get("/admin?who=nobody&outcome=odd&before=odd", headers=PAGE)
    assert "Nothing was done yet that matches." in filtered.text
    site.register.trouble = "the disk is full"
    assert "the disk is full" in adam.get("/admin", headers=PAGE).text


def test_where_nobody_signs_in_it_is_told_what_somebody_calls_himself(live):
    body = {"text": "x", "by": "Ana"}
    assert (
        live.ask("POST", "/api/v1/deployments/demo/notes", json=body).status_code == 201
    )
    del body["by"]
    answer = live.ask("POST", "/api/v1/deployments/demo/notes", json=body)
    assert (
        answer.json()["error"]["message"]
        == "by: required where nobody signs in: say who you are"
    )
    me = live.get(ME).json()
    assert (me["subject"], me["kind"], me["mode"]) == ("(nobody)", "nobody", "open")
    assert me["deployments"] == [{"id": "demo", "role": "admin"}]
    assert "Nobody signs in here." in live.get("/auth/login", headers=PAGE).text
    assert live.get("/auth/callback", headers=PAGE).status_code == 404
    assert (
        live.ask(
            "POST", "/auth/login", data={}, headers={"Origin": live.url}
        ).status_code
        == 404
    )
