"""A post-mortem as a browser and a script ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.care import Acknowledged, Care
from tests.domain.story import FAILING, NOON, OK, Story, redis

API = "/api/v1/deployments/demo/incidents"
NOTES = "/api/v1/deployments/demo/notes"


@pytest.fixture
def incident(live):
    told = Story().at(0, {12: FAILING}, redis(12)).at(60, {12: OK})
    live.records.incidents = [*told.kept.values()]
    live.records.trouble = None
    yield live.records.incidents[0].id
    live.records.incidents, live.records.trouble = [], None


@pytest.mark.parametrize(
    ("ending", "kind", "start"),
    [
        ("md", "text/markdown; charset=utf-8", b"# Post-mortem: "),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_the_files(live, incident, ending, kind, start):
    answer = live.get(f"{API}/{incident}/postmortem.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="postmortem-{incident}.{ending}"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(start)


def test_the_page_leads_to_the_files_and_to_the_map(live, incident):
    text = live.get(f"/incident/demo/{incident}").text
    assert f"<title>Post-mortem: {incident} · Demo</title>" in text
    for href in (
        f"{API}/{incident}/postmortem.md",
        f"{API}/{incident}/postmortem.pdf",
        "/map/demo",
    ):
        assert f'href="{href}"' in text


@pytest.mark.parametrize("path", ["/incident/demo/none", "/incident/nowhere/none"])
def test_a_page_of_nothing_says_so(live, incident, path):
    answer = live.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "can't be shown" in answer.text


def test_files_of_nothing_are_errors_of_the_api(live, incident):
    answer = live.get(f"{API}/none/postmortem.pdf")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_records_that_can_not_be_read_are_told(live, incident):
    live.records.trouble = "disk full"
    assert live.get(f"{API}/other/postmortem.md").status_code == 503
    answer = live.get("/incident/demo/other")
    assert answer.status_code == 503
    assert "disk full" in answer.text


def test_what_was_said_and_who_had_it_is_in_it(live, incident):
    note = {"by": "Ana", "text": "Restarted **Redis**", "about": {"incident": incident}}
    assert live.ask("POST", NOTES, json=note).status_code == 201
    noon = NOON + timedelta(seconds=30)
    live.room.tend(Care(incident, noon, Acknowledged("Ben", noon), "Ana"))
    text = live.get(f"{API}/{incident}/postmortem.md").text
    assert "> Restarted **Redis**" in text
    assert "| Acknowledged | by Ben, 30 s after the start |" in text
    assert "| Assigned to | Ana |" in text
