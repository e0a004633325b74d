"""A past that was made up is never shown without saying so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest

from app.domain.instants import instant
from tests.web.conftest import NOW, Live, picture

API = "/api/v1/deployments/demo"
TOLD = "This is a demo: what was before {} was made up"
UNTIL = "2026-11-24 09:55"


@pytest.fixture
def made_up(live: Live) -> Iterator[Live]:
    live.made_up = NOW - timedelta(minutes=5)
    for ago in (timedelta(hours=2), timedelta()):
        live.past.note(picture() | {"at": instant(NOW - ago)}, None)
    yield live
    live.made_up = None


def test_the_review_says_so_before_any_figure(made_up: Live) -> None:
    assert TOLD.format(UNTIL) in made_up.get("/capacity/demo?part=1").text
    printed = made_up.get(f"{API}/capacity.pdf").content
    first = pypdf.PdfReader(io.BytesIO(printed)).pages[0].extract_text()
    assert TOLD.format(UNTIL) in " ".join(first.split())
    made_up.made_up = None
    assert "This is a demo" not in made_up.get("/capacity/demo?part=1").text


def test_the_comparison_says_so_where_it_holds(made_up: Live) -> None:
    then = (NOW - timedelta(hours=1)).isoformat().replace("+", "%2B")
    page = made_up.get(f"/compare/demo?at={then}").text
    assert TOLD.format(f"{UNTIL} UTC") in page
    late = NOW.isoformat().replace("+", "%2B")
    assert "This is a demo" not in made_up.get(f"/compare/demo?at={late}").text


def test_the_slider_is_told_until_when_it_was(made_up: Live) -> None:
    assert (
        made_up.get(f"{API}/replay").json()["made_up_until"]
        == "2026-11-24T09:55:00.123Z"
    )
