"""Two moments side by side, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain.instants import instant
from tests.web.conftest import NOW, Live, picture, start

THEN = str(instant(NOW))
LATER = str(instant(NOW + timedelta(minutes=10)))


@pytest.fixture(scope="module")
def two() -> Iterator[Live]:
    """Redis is failing at first, and not told of ten minutes later and now."""
    for live in start("demo"):
        newer = picture(version=2, readings=[]) | {"at": LATER}
        live.past.note(picture(), None)
        live.past.note(newer, {"status": newer["status"]})
        live.bus.publish(newer, None)
        live.now[0] = NOW + timedelta(minutes=20)
        yield live


def sides(page: str) -> list[str]:
    return re.findall(r'data-(?:before|after)="([^"]+)"', page)


@pytest.mark.parametrize("asked", [(THEN, LATER), (LATER, THEN)])
def test_the_earlier_one_stands_first_and_what_differs_is_listed(two, asked):
    answer = two.get("/compare/demo?at={}&with={}".format(*asked))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert sides(answer.text) == [THEN, LATER]
    assert 'data-differs="redis"' in answer.text
    assert f'href="/map/demo?at={THEN}"' in answer.text
    assert answer.text.count("wall-picture") == 2


def test_without_a_second_moment_it_is_the_present(two):
    page = two.get(f"/compare/demo?at={THEN}").text
    assert sides(page) == [THEN, LATER]
    assert "now, " in page
    assert f'href="/compare/demo?at={THEN}&amp;with={LATER}"' in page


def test_nobody_asked_so_it_is_an_hour_ago_or_the_first_there_is(two):
    assert sides(two.get("/compare/demo").text) == [THEN, LATER]


def test_its_scripts_have_their_words(two):
    page = two.get("/compare/demo").text
    assert "figures.js" in page
    assert '"figures"' in page.partition('id="gws-words"')[2].partition("</script>")[0]


def test_the_same_moment_twice_differs_in_nothing(two):
    page = two.get(f"/compare/demo?at={THEN}&with={THEN}").text
    assert "Nothing differs" in page
    assert "data-differs" not in page


def test_a_file_it_loads_is_there(two):
    loaded = re.findall(
        r'(?:src|href)="(/assets/[^"]+)"', two.get("/compare/demo").text
    )
    assert len(loaded) > 5
    assert {two.get(file).status_code for file in loaded} == {200}


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("demo?at=2026-11-24T09:00:00Z", 404, f"pictures are kept from {THEN} on"),
        (f"demo?at={THEN}&with=2026-11-25T09:00:00Z", 404, "has not come yet"),
        ("demo?at=%3Cscript%3E", 400, "not an RFC 3339 time"),
        ("nope", 404, "No deployment is called"),
    ],
)
def test_what_can_not_be_compared_is_said_so(two, path, code, words):
    page = two.get(f"/compare/{path}")
    assert page.status_code == code
    assert words in page.text
    assert "<script>" not in page.text


def test_before_the_first_picture_there_is_nothing_to_compare(empty):
    page = empty.get("/compare/east")
    assert page.status_code == 404
    assert "no picture is kept yet" in page.text
