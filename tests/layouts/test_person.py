"""Who looks, as the page says it; the page to sign in on, and that of administration."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from app.domain.access import Act
from layouts import admin, sign_in
from layouts.person import MAY_NOT, PLACE, Looks, place, told

PAGE = f'<html data-may-not="{MAY_NOT}"><h1>a {MAY_NOT} b</h1>{place()}</html>'
TOKEN = {
    "id": "1f", "name": "<ci>", "kind": "token", "role": "viewer", "deployments": None,
    "made_by": "adam", "made_at": "2026-11-24T10:00:00.000Z",
    "until": "2026-12-24T10:00:00.000Z", "revoked_at": None, "holds": True,
}  # fmt: skip
ACT = {
    "id": "a", "at": "2026-11-24T10:00:00.000Z", "who": "sub|1", "name": "<Ana>",
    "what": "note written", "outcome": "refused", "deployment": None, "about": "<b>",
    "address": "::1",
}  # fmt: skip


class Read(HTMLParser):
    """Its elements, by name, with their attributes; fails on what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [told for tag, told in self.found if tag == name]


def page(**more: object) -> str:
    return admin.page(
        more.get("acts", [ACT]), more.get("older"), more.get("trouble"),
        more.get("tokens", [TOKEN]), ["east"], more.get("query", {}),
        tokens=more.get("there", True), asset=lambda name: f"/assets/{name}",
    )  # fmt: skip


def test_the_page_is_told_who_looks_and_only_there():
    shown = told(PAGE, Looks("Ana <b>", "operator", ("let-in", "administer")))
    assert PLACE not in shown
    assert 'data-may-not="let-in administer"' in shown
    assert f"a {MAY_NOT} b" in shown, "what a page says is left as it is"
    assert 'data-person="Ana &lt;b&gt;"' in shown
    assert "operator" in shown
    assert "/admin" not in shown
    assert 'action="/auth/logout"' in shown
    assert 'href="/admin"' in told(PAGE, Looks("Ana", "admin", (), True))


def test_who_did_not_sign_in_has_no_name_and_is_told_that_he_only_looks():
    shown = told(PAGE, Looks(may_not=("tend", "silence")))
    assert "read only" in shown
    assert "data-person" not in shown
    assert "read only" not in told(PAGE, Looks())


def test_every_act_that_is_hidden_is_one():
    from pathlib import Path

    import layouts

    css = (Path(layouts.__file__).parent / "assets" / "person.css").read_text()
    named = {one.split('"')[1] for one in css.split("data-may-not~=")[1:]}
    assert named == {*Act} - {Act.SEE}


@pytest.mark.parametrize("trouble", ["", "Name or password is wrong."])
def test_the_page_to_sign_in_on_holds_nothing_of_anybody(trouble):
    read = Read(
        sign_in.page('/map/east?a="b"', trouble, asset=lambda name: f"/assets/{name}")
    )
    (form,) = read.all("form")
    assert (form["method"], form["action"]) == ("post", "login")
    fields = {one["name"]: one for one in read.all("input")}
    assert fields["next"]["value"] == '/map/east?a="b"'
    assert fields["password"]["type"] == "password"
    assert fields["password"].get("value") is None
    assert ("aria-invalid" in fields["name"]) is bool(trouble)


def test_administration_shows_tokens_and_acts_as_they_were_said():
    shown = page()
    read = Read(shown)
    assert "&lt;ci&gt;" in shown
    assert "&lt;Ana&gt;" in shown
    assert "<b>" not in shown
    assert [
        one["data-revoke"] for one in read.all("button") if "data-revoke" in one
    ] == ["1f"]
    hrefs = [one["href"] for one in read.all("a")]
    assert hrefs == ["/", "/api/v1/audit.csv"]


def test_administration_has_an_empty_a_failing_and_an_old_face():
    empty = page(acts=[], tokens=[])
    assert "There is no token yet." in empty
    assert "Nothing was done yet that matches." in empty
    assert "Only what is in memory is shown: the disk is full" in page(
        trouble="the disk is full"
    )
    asked = {"who": "ana", "outcome": "refused", "before": "x", "odd": "1"}
    hrefs = [one["href"] for one in Read(page(older="a~1", query=asked)).all("a")]
    told_ = "?who=ana&outcome=refused"
    assert hrefs == [
        "/",
        f"/admin{told_}",
        f"/admin{told_}&before=a~1",
        f"/api/v1/audit.csv{told_}",
    ]
    gone = {**TOKEN, "holds": False, "revoked_at": "2026-11-24T10:00:00.000Z"}
    assert "revoked" in page(tokens=[gone])
    assert "over" in page(tokens=[{**TOKEN, "holds": False, "deployments": ["east"]}])
    assert "data-make-token" not in page(there=False)
