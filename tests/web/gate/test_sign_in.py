"""Names and passwords, and what becomes of the session."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from app.domain.attempts import OF_NAME
from tests.web.gate.stage import (
    HASH,
    NEW_KEY,
    OLD_KEY,
    PAGE,
    QUICK,
    Guarded,
    Visitor,
    by_password,
    carry,
    guarded,
    hidden,
    led_to,
)

HOUR = timedelta(hours=1)
ME = "/api/v1/me"


def test_a_name_and_its_password_lead_to_the_page_that_was_asked_for(site: Guarded):
    visitor = site.visitor()
    page = visitor.get("/auth/login?next=/map/east%3Fc%3D17", headers=PAGE)
    assert page.status_code == 200
    wanted = hidden(page.text, "next")
    answer = visitor.sign_in("ana", next=wanted)
    assert led_to(answer) == "/map/east?c=17"
    said = answer.headers["Set-Cookie"]
    assert all(part in said for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    me = visitor.get(ME).json()
    assert (me["subject"], me["mode"], me["kind"]) == ("ana", "basic", "person")
    assert me["deployments"] == [{"id": "east", "role": "operator"}]
    assert led_to(visitor.get("/auth/login?next=/fleet")) == "/fleet"
    assert site.did() == [("ana", "signed in", "done")]


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example/x", "https://evil.example", "/\\evil.example", "\\\\evil.example",
     "/\t/evil.example", "javascript:alert(1)", "evil.example", "/%0d%0aX: y\r\nX: y", ""],
)  # fmt: skip
def test_nobody_is_led_to_another_site(site: Guarded, wanted: str):
    visitor = site.visitor()
    page = visitor.get("/auth/login", params={"next": wanted}, headers=PAGE)
    assert hidden(page.text, "next") == "/"
    assert led_to(visitor.sign_in("ana", next=wanted)) == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(site: Guarded):
    visitor = site.visitor()
    known, unknown = visitor.sign_in("ana", "x"), visitor.sign_in("nobody", "x")
    assert known.status_code == unknown.status_code == 401
    assert known.text == unknown.text
    assert "Name or password is wrong." in known.text
    assert 'role="alert"' in known.text
    assert "gws_session" not in visitor.session.cookies
    assert site.did() == [
        ("ana", "signed in", "refused"),
        ("nobody", "signed in", "refused"),
    ]


def test_a_name_that_is_not_there_takes_as_long(site: Guarded):
    """Its password is held against a hash as well."""
    held = []

    class Counting:
        hash = QUICK.hash

        def verify(self, hashed, password):
            held.append(hashed)
            return QUICK.verify(hashed, password)

    basic = site.access.basic
    basic._hasher = Counting()
    site.visitor().sign_in("ana", "x")
    site.visitor().sign_in("nobody", "x")
    assert len(held) == 2
    assert held[0] == HASH


def test_who_tries_too_often_waits(site: Guarded):
    visitor = site.visitor()
    for _ in range(OF_NAME):
        assert visitor.sign_in("ana", "x").status_code == 401
    answer = visitor.sign_in("ana")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 300
    assert "Too many tries. Try again in 5 min." in answer.text
    assert visitor.sign_in("vic").status_code == 303, "others are not kept out"
    site.live.now[0] += timedelta(minutes=5, seconds=1)
    assert visitor.sign_in("ana").status_code == 303


def test_who_is_in_no_group_that_may_look_is_not_let_in(site: Guarded):
    visitor = site.visitor()
    answer = visitor.sign_in("eve")
    assert answer.status_code == 403
    assert "eve is signed in, and no group" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert site.did() == [("eve", "signed in", "refused")]


def test_the_id_of_a_session_is_new_at_each_sign_in(site: Guarded):
    """Session fixation: what a browser brought along is nothing, and is over."""
    attacker = site.signed_in("vic")
    planted = attacker.cookie
    victim = site.visitor()
    victim.session.cookies.set("gws_session", planted, domain="127.0.0.1", path="/")
    assert victim.sign_in("adam").status_code == 303
    assert victim.get(ME).json()["subject"] == "adam"
    assert attacker.get(ME).status_code == 401, "the planted one is over"
    assert site.live.get(ME, headers=carry(planted)).status_code == 401


def test_a_cookie_that_was_made_or_changed_is_none(site: Guarded):
    good = site.signed_in("ana").cookie
    head, middle, tail = good.rpartition(".")
    for forged in (
        "x",
        "",
        f"{head}{middle}{tail[::-1]}",
        f"A{good[1:]}",
        good + "A",
        "." * 99,
        "A" * 5000,
    ):
        assert site.live.get(ME, headers=carry(forged)).status_code == 401, forged
    assert site.live.get(ME, headers=carry(good)).status_code == 200


def test_what_was_signed_for_something_else_is_no_session(site: Guarded):
    seal = site.access.seal
    other = seal.sealed("sign-in", {"i": "1", "s": "adam"})
    assert site.live.get(ME, headers=carry(other)).status_code == 401
    odd = seal.sealed("session", {"of": "another release"})
    answer = site.live.get(ME, headers=carry(odd))
    assert answer.json()["error"]["code"] == "session_over"


def test_keys_are_changed_one_after_the_other(site: Guarded):
    keys, before = site.folder / "keys", site.signed_in("ana").cookie
    third = "t" * 40
    keys.write_text(f"{third}\n{NEW_KEY}\n")
    assert site.live.get(ME, headers=carry(before)).status_code == 200
    after = site.signed_in("ana").cookie
    keys.write_text(f"{third}\n{OLD_KEY}\n{OLD_KEY}x\n")
    assert site.live.get(ME, headers=carry(before)).status_code == 401, (
        "its key is gone"
    )
    assert site.live.get(ME, headers=carry(after)).status_code == 200
    keys.write_text("short\n")
    assert site.live.get(ME, headers=carry(after)).status_code == 200, "as it was"


def test_it_is_renewed_while_it_is_used_and_over_when_it_is_not(site: Guarded):
    visitor = site.signed_in("ana")
    first = visitor.cookie
    site.live.now[0] += 4 * HOUR
    assert "gws_session=" in visitor.get(ME).headers["Set-Cookie"]
    assert visitor.cookie != first
    assert "Set-Cookie" not in visitor.get(ME).headers
    site.live.now[0] += 11 * HOUR
    assert visitor.get(ME).status_code == 200
    assert site.live.get(ME, headers=carry(first)).status_code == 401
    site.live.now[0] += 13 * HOUR
    answer = visitor.get(ME)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_over")


def test_it_is_over_in_the_end_however_much_it_is_used(site: Guarded):
    visitor = site.signed_in("ana")
    for _ in range(16):
        assert visitor.get(ME).status_code == 200
        site.live.now[0] += 10 * HOUR
    site.live.now[0] += 8 * HOUR
    assert visitor.get(ME).status_code == 401


def test_signing_out_ends_it_on_our_side(site: Guarded):
    visitor = site.signed_in("ana")
    cookie = visitor.cookie
    answer = visitor.ask("POST", "/auth/logout")
    assert led_to(answer) == "/auth/signed-out"
    assert "gws_session" not in visitor.session.cookies
    assert site.live.get(ME, headers=carry(cookie)).status_code == 401
    assert "You are signed out" in visitor.get("/auth/signed-out", headers=PAGE).text
    assert site.did()[-1] == ("ana", "signed out", "done")
    again = visitor.ask("POST", "/auth/logout", headers={"Accept": "application/json"})
    assert again.json() == {"next": "/auth/signed-out"}


def test_who_left_the_file_or_has_another_password_is_out(site: Guarded):
    ana, vic = site.signed_in("ana"), site.signed_in("vic")
    users = site.folder / "users"
    lines = users.read_text().splitlines()
    users.write_text("\n".join(one for one in lines if not one.startswith("vic:")))
    assert vic.get(ME).status_code == 401
    assert ana.get(ME).status_code == 200
    users.write_text(users.read_text().replace(HASH, QUICK.hash("another one")))
    assert ana.get(ME).status_code == 401


def test_groups_of_the_file_count_at_once(site: Guarded):
    vic, users = site.signed_in("vic"), site.folder / "users"
    users.write_text(users.read_text().replace("lookers-east", "admins"))
    held = vic.get(ME).json()["deployments"]
    # His session knows the groups that he signed in with; the file has the word.
    assert held == [{"id": "east", "role": "admin"}, {"id": "west", "role": "admin"}]


def test_a_form_that_is_too_large_or_no_form_is_refused(site: Guarded):
    visitor = site.visitor()
    assert visitor.sign_in("ana", "x" * 9000).status_code == 413
    assert visitor.ask("POST", "/auth/login", data=b"\xff\xfe").status_code == 413
    assert visitor.ask("POST", "/auth/login", data=b"").status_code == 401


def test_the_page_says_who_looks_and_offers_no_more_than_he_may(site: Guarded):
    page = site.signed_in("vic").get("/map/east", headers=PAGE).text
    assert 'data-person="vic"' in page
    assert 'data-may-not="tend silence let-in administer"' in page
    page = site.signed_in("ana").get("/map/east", headers=PAGE).text
    assert 'data-may-not="let-in administer"' in page
    assert 'href="/admin"' not in page
    assert "data-inside" in page, "it is hidden by what may not be done"
    page = site.signed_in("adam").get("/fleet", headers=PAGE).text
    assert 'data-may-not=""' in page
    assert 'href="/admin"' in page


def test_over_https_the_cookie_is_of_this_host_alone(tmp_path):
    with guarded(
        tmp_path, partial(by_password, tmp_path), proxies=("127.0.0.1",)
    ) as site:
        tls = {
            "X-Forwarded-Proto": "https",
            "Origin": "https://gws.example",
            "Host": "gws.example",
        }
        visitor = Visitor(site.url)
        answer = visitor.ask(
            "POST",
            "/auth/login",
            data={"name": "ana", "password": "correct horse battery"},
            headers=tls,
        )
        said = answer.headers["Set-Cookie"]
        assert said.startswith("__Host-gws_session=")
        assert "Secure" in said
        cookie = said.split(";")[0]
        assert site.live.get(ME, headers=tls | {"Cookie": cookie}).status_code == 200
        plain = cookie.replace("__Host-", "")
        assert site.live.get(ME, headers=tls | {"Cookie": plain}).status_code == 401
