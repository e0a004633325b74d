"""Notes as a script, or a page, writes, reads, pins and deletes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.notes import NAME_MOST, TEXT_MOST, About, Note, What
from app.web import schema
from app.web.notes import MOST_A_MINUTE
from app.web.schema_room import Note as NoteShape
from app.web.schema_room import Notes
from tests.domain.story import FAILING, Story
from tests.web.conftest import NOW, start

PATH = "/api/v1/deployments/demo/notes"
WANTED = {"about": {"connection": 17}, "text": "**new** switch", "by": "Ana"}


@pytest.fixture
def room(live):
    """Nothing is said yet."""
    yield live.room
    live.room.kept.clear()
    live.room.trouble = None
    live.records.incidents.clear()
    live.records.trouble = None


def post(live, headers=None, path=PATH, **changed):
    wanted = {k: v for k, v in {**WANTED, **changed}.items() if v is not None}
    return live.ask("POST", path, json=wanted, headers=headers)


def read(live, query=""):
    return Notes.model_validate(live.get(f"{PATH}{query}").json())


def earlier(number: int) -> Note:
    at = NOW - timedelta(minutes=number)
    about = About(What.CONNECTION, "17") if number % 2 else About(What.NODE, "redis")
    return Note(f"n-{number}", at, "Ben", about, f"note {number}")


def test_one_is_written_read_and_deleted(live, room):
    answer = post(live)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    note = NoteShape.model_validate(answer.json())
    assert (note.by, note.text, note.pinned) == ("Ana", "**new** switch", False)
    assert note.html == "<p><strong>new</strong> switch</p>"
    assert answer.json()["about"] == {"connection": 17}
    assert [one.id for one in room.talk().notes] == [note.id]
    assert [one.id for one in read(live).notes] == [note.id]
    answer = live.ask("DELETE", f"{PATH}/{note.id}?by=Ana")
    assert (answer.status_code, answer.json()["id"]) == (200, note.id)
    assert read(live).notes == []
    assert live.ask("DELETE", f"{PATH}/{note.id}?by=Ana").status_code == 404


def test_only_who_wrote_it_deletes_it(live, room):
    name = post(live).json()["id"]
    answer = live.ask("DELETE", f"{PATH}/{name}?by=Ben")
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (403, "not_yours", "by")
    assert "Ana" in error.message
    assert len(read(live).notes) == 1


def test_it_may_be_about_a_box_a_moment_or_an_incident(live, room):
    incident = Story().at(0, {12: FAILING}).only
    live.records.incidents.append(incident)
    for about, told in (
        ({"node": "redis"}, {"node": "redis"}),
        (
            {"moment": "2026-11-24T11:00:00+02:00"},
            {"moment": "2026-11-24T09:00:00.000Z"},
        ),
        ({"incident": incident.id}, {"incident": incident.id}),
        (None, {"moment": "2026-11-24T10:00:02.123Z"}),
    ):
        assert post(live, about=about).json()["about"] == told
    assert post(live, about={"node": None, "connection": 4}).json()["about"] == {
        "connection": 4
    }


def test_an_incident_that_cannot_be_looked_for_is_believed(live, room):
    live.records.trouble = "no disk"
    assert post(live, about={"incident": "2026-11-25-1042-k7qd"}).status_code == 201


def test_line_ends_of_any_system_are_taken(live, room):
    assert post(live, text=" a\r\n\r\n\tb \n").json()["text"] == "a\n\n\tb"


def test_only_one_is_pinned_at_a_time(live, room):
    first = post(live, pinned=True).json()
    second = post(live).json()
    assert (first["pinned"], second["pinned"]) == (True, False)
    pin = f"{PATH}/{second['id']}/pin"
    answer = live.ask("PUT", pin, json={"by": "Ben"})
    assert (answer.status_code, answer.json()["pinned"]) == (200, True)
    assert [one.id for one in read(live).notes if one.pinned] == [second["id"]]
    assert live.ask("PUT", pin, json={"by": "Ben"}).json()["pinned"] is True
    third = post(live, pinned=True).json()
    assert [one.id for one in read(live).notes if one.pinned] == [third["id"]]
    answer = live.ask("DELETE", f"{PATH}/{third['id']}/pin?by=Ben")
    assert (answer.status_code, answer.json()["pinned"]) == (200, False)
    assert not any(one.pinned for one in read(live).notes)


def test_they_are_read_page_by_page_and_by_what_they_are_about(live, room):
    room.put(*(earlier(number) for number in range(5)))
    found = read(live, "?limit=2")
    assert ([one.id for one in found.notes], found.next) == (["n-0", "n-1"], "n-1")
    found = read(live, "?limit=9&before=n-1")
    assert ([one.id for one in found.notes], found.next) == (
        ["n-2", "n-3", "n-4"],
        None,
    )
    assert [one.id for one in read(live, "?connection=17").notes] == ["n-1", "n-3"]
    assert [one.id for one in read(live, "?node=redis").notes] == ["n-0", "n-2", "n-4"]
    assert read(live, "?incident=2026-11-25-1042-k7qd").notes == []


def test_records_in_trouble_are_told(live, room):
    room.trouble = "records.db: no space is left"
    assert read(live).trouble == "records.db: no space is left"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"text": None}, "text", "required"),
        ({"text": " \n"}, "text", "lines of text"),
        ({"text": "bell\x07"}, "text", "without control characters"),
        ({"text": "half \ud800"}, "text", "valid string"),
        ({"text": "x" * (TEXT_MOST + 1)}, "text", f"at most {TEXT_MOST}"),
        ({"by": None}, "by", "required"),
        ({"by": "two\nlines"}, "by", "one line of text"),
        ({"by": "x" * (NAME_MOST + 1)}, "by", f"at most {NAME_MOST}"),
        ({"about": {}}, "about", "give exactly one"),
        ({"about": {"connection": 17, "node": "redis"}}, "about", "give exactly one"),
        ({"about": {"connection": 99}}, "about", "there is no connection 99"),
        ({"about": {"connection": "17"}}, "connection", "not a number"),
        ({"about": {"node": "rediss"}}, "about", "there is no node rediss"),
        ({"about": {"incident": "x"}}, "about", "there is no incident x"),
        ({"about": {"moment": "2026-11-24T10:00:00"}}, "moment", "with its zone"),
        ({"about": {"moment": "2026-11-24T11:00:00Z"}}, "moment", "it lies ahead"),
        ({"about": {"moment": "0001-01-01T00:00:00+23:00"}}, "moment", "no calendar"),
        ({"about": {"weather": "rain"}}, "weather", "not permitted"),
        ({"pinned": "yes"}, "pinned", "boolean"),
        ({"html": "<b>"}, "html", "not permitted"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said_with_its_field(
    changed, field, said, live, room
):
    answer = post(live, **changed)
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (422, "invalid", field)
    assert said in error.message
    assert room.kept == {}


def test_a_program_that_never_stops_is_stopped(live, room):
    for _ in range(MOST_A_MINUTE):
        assert post(live).status_code == 201
    answer = post(live)
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        429,
        "too_many_notes",
    )
    assert answer.headers["retry-after"] == "60"


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_page_of_another_site_can_change_nothing(origin, live, room):
    foreign, name = {"Origin": origin}, post(live).json()["id"]
    for answer in (
        post(live, foreign),
        live.ask("DELETE", f"{PATH}/{name}?by=Ana", headers=foreign),
        live.ask("PUT", f"{PATH}/{name}/pin", json={"by": "x"}, headers=foreign),
        live.ask("DELETE", f"{PATH}/{name}/pin?by=x", headers=foreign),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "foreign_origin"
    assert [one.id for one in room.talk().notes] == [name]
    assert post(live, {"Origin": live.url}).status_code == 201


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_a_form_could_send_is_not_taken(method, live, room):
    path = PATH if method == "POST" else f"{PATH}/x/pin"
    answer = live.ask(method, path, data="{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "field"),
    [
        ("GET", f"{PATH}?before=none", 404, "not_found", "before"),
        ("GET", f"{PATH}?connection=17&node=redis", 422, "invalid", "node"),
        ("GET", f"{PATH}?limit=0", 422, "invalid", "limit"),
        ("DELETE", f"{PATH}/none?by=x", 404, "not_found", "note"),
        ("DELETE", f"{PATH}/none", 422, "invalid", "by"),
        ("DELETE", f"{PATH}/none/pin?by=x", 404, "not_found", "note"),
        ("DELETE", f"{PATH}/No?by=x", 422, "invalid", "note"),
        ("GET", PATH.replace("demo", "x"), 404, "unknown_deployment", "deployment"),
    ],
)
def test_errors_have_the_one_shape(method, path, status, code, field, live, room):
    answer = live.ask(method, path)
    error = schema.Error.model_validate(answer.json()).error
    assert (answer.status_code, error.code, error.field) == (status, code, field)


def test_where_nobody_listens_nothing_is_kept():
    """A deployment that was given no room, as in a test or a tool."""
    for live in start("demo", silent=True):
        assert live.get(PATH).json() == {"notes": [], "next": None, "trouble": None}
        assert post(live).status_code == 201
        assert live.get(PATH).json()["notes"] == []
        assert live.ask("DELETE", f"{PATH}/n-1?by=Ana").status_code == 404
