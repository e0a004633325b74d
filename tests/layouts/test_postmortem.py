"""A post-mortem, in each of its forms."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from app.domain.incidents import Remark, What
from app.domain.subject import NodeId
from app.export.pdf import pdf
from layouts.markup import Markup
from layouts.plain import message
from layouts.postmortem import Moment, Story, moments_of, postmortem, who
from layouts.report import Heading, Map, Report, Table, Text
from layouts.report_markdown import markdown, plain
from layouts.report_page import article
from tests.domain.story import DEGRADED, FAILING, OK, after, redis
from tests.domain.story import Story as Told

REDIS = NodeId("redis")
NOW = after(600)
NOTES = (
    {
        "id": "n1",
        "at": "2026-11-25T12:00:20.000Z",
        "by": "Ana",
        "about": {"connection": 12},
        "text": "Redis was **restarted** by hand\nsecond line",
        "html": "<p>Redis was <strong>restarted</strong></p>",
        "pinned": False,
    },
)


@pytest.fixture
def over():
    told = Told().at(0, {12: DEGRADED, REDIS: FAILING}, redis(12))
    return told.at(10, {12: FAILING}).at(90, {12: OK, REDIS: OK}).over


@pytest.fixture
def told(topology, over, mixed):
    moments = tuple(
        Moment(title, at, mixed if at >= over.start else None)
        for title, at in moments_of(over, NOW)
    )
    return Story("Production East", topology, over, moments)


def texts(report):
    return [block.text for block in report.blocks if isinstance(block, Text)]


def tables(report):
    return [block for block in report.blocks if isinstance(block, Table)]


def test_the_summary_can_be_read_aloud(told):
    first = texts(postmortem(told, NOW))[0]
    assert first.startswith(
        "An outage of 1 min 30 s, from 2026-11-25 12:00:00 to 2026-11-25 12:01:30: "
        "1 connection and 1 component, worst failing. "
    )
    assert first.endswith(told.incident.suspects[0].last_text)


def test_one_that_is_open_and_unsuspected_says_so(topology):
    one = Told().at(0, {12: FAILING, 24: FAILING}).at(20).only
    story = Story("East", topology, one, ())
    report = postmortem(story, NOW)
    assert (
        "and is still open: 2 connections, worst failing. Nobody was"
        in (texts(report)[0])
    )
    assert ("Ended", "still open") in tables(report)[0].rows
    assert ("First suspect after", "nobody was suspected") in tables(report)[0].rows
    assert [title for title, _ in moments_of(one, NOW)][-1] == "Now"


def test_the_cascade_tells_how_long_each_was_how_bad(told):
    rows = tables(postmortem(told, NOW))[1].rows
    assert rows == (
        ("12:00:00", "+0 s", "Redis", "failing", "failing", "1 min 30 s", "–", "12:01:30"),
        (
            "12:00:00", "+0 s", who(told.topology, 12), "degraded", "failing",
            "1 min 20 s", "10 s", "12:01:30",
        ),
    )  # fmt: skip


def test_who_acknowledged_and_who_has_it_are_told(told):
    at = (told.incident.start + timedelta(seconds=45)).isoformat()
    story = replace(told, acknowledged={"by": "Ana", "at": at}, assigned="Bo")
    report = postmortem(story, NOW)
    rows = tables(report)[0].rows
    assert ("Acknowledged", "by Ana, 45 s after the start") in rows
    assert ("Assigned to", "Bo") in rows
    assert ("2026-11-25 12:00:45", "Acknowledged by Ana") in tables(report)[-1].rows


def test_the_timeline_holds_all_that_happened_in_order(told):
    remark = Remark(after(30), What.REOPENED, "it came back")
    story = replace(told, incident=told.incident.remarked(remark), notes=NOTES)
    rows = tables(postmortem(story, NOW))[-1].rows
    assert [at for at, _ in rows] == sorted(at for at, _ in rows)
    said = [what for _, what in rows]
    assert "Ana noted: Redis was **restarted** by hand" in said
    assert "it came back" in said
    assert any(what.startswith("Look here first: ") for what in said)
    assert "Redis: failing" in said


def test_an_end_that_nobody_saw_is_called_so(told):
    member = told.incident.members[0]
    blind = replace(
        member, turns=(*member.turns[:-1], replace(member.turns[-1], exact=False))
    )
    one = replace(told.incident, members=(blind, *told.incident.members[1:]))
    report = postmortem(replace(told, incident=one), NOW)
    assert "it ended while nobody looked" in tables(report)[0].rows[1][1]
    assert any("while nobody looked" in what for _, what in tables(report)[-1].rows)


def test_a_moment_without_a_picture_is_drawn_from_the_incident(told):
    before, worst, after_ = (
        block for block in postmortem(told, NOW).blocks if isinstance(block, Map)
    )
    assert "by the incident's own record" in before.title
    assert before.words.endswith("no connection was bad.")
    assert "by the incident" not in worst.title
    assert "12 failing" in worst.words
    assert after_.title.startswith("After, 2026-11-25 12:01:30")


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"node": "redis"}, "Redis"),
        ({"moment": "2026-11-25T12:00:05Z"}, "2026-11-25 12:00:05"),
        ({"incident": "x"}, "the incident"),
        ({"connection": 999}, "connection 999"),
        ({"node": "gone"}, "gone"),
    ],
)
def test_a_note_says_what_it_is_about(told, about, words):
    notes = ({**NOTES[0], "about": about},)
    text = markdown(postmortem(replace(told, notes=notes), NOW))
    assert f"Ana, 2026-11-25 12:00:20, about {words}**" in text


def test_as_markdown(told):
    text = markdown(postmortem(replace(told, notes=NOTES), NOW))
    assert text.startswith(f"# Post-mortem: {told.incident.id}\n\nProduction East · ")
    assert "## In the order in which they turned\n\n| Turned at |" in text
    assert "> Redis was **restarted** by hand\n> second line" in text
    assert text.endswith("To be written by those who worked on it.\n")
    assert all(
        line.count("|") - line.count("\\|") == 9
        for line in text.splitlines()
        if line.startswith("| 12:00:00")
    )


def test_markdown_of_others_stays_text():
    assert plain("a|b *c*\n# d <e>") == "a\\|b \\*c\\* \\# d \\<e\\>"


def test_as_a_page(told):
    shown = article(postmortem(replace(told, notes=NOTES), NOW), (("PDF", "/x.pdf"),))
    assert '<a href="/x.pdf" class="download">PDF</a>' in shown
    assert shown.count("<svg") == 3
    assert "<strong>restarted</strong>" in shown
    assert "Nobody wrote a note." in article(postmortem(told, NOW), ())


def test_what_comes_from_a_cluster_can_be_no_tag():
    report = Report("<b>", "<i>", (Heading("<u>"), Text("<s>")))
    shown = article(report, ())
    assert not re.search(r"<(b|i|u|s)>", shown)
    assert "&lt;b&gt;" in message("<b>", "text", ("/", "Home"))


def read(report):
    pages = PdfReader(io.BytesIO(pdf(report))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_as_a_pdf_whose_text_can_be_found(told):
    report = postmortem(replace(told, notes=NOTES), NOW)
    text = read(report)
    for words in ("Post-mortem", "Redis", "Ana noted", "Cause", "12:01:30", "Actions"):
        assert words in text
    assert f"{report.title}, 1" in text


def test_a_pdf_prints_the_names_of_the_world():
    report = Report("Übersicht", "Łódź", (Text("Москва → Ελλάδα ≠ <b>"),))
    text = read(report)
    assert "Łódź" in text
    assert "Москва → Ελλάδα ≠ <b>" in text


def test_a_report_is_the_same_twice(told):
    report = postmortem(told, NOW)
    assert pdf(report) == pdf(report)


def test_a_word_without_end_leaves_the_page_readable():
    row = ("x" * 4000, "y")
    report = Report("T", "u", (Table(("a", "b"), (row, row), (0.3, 0.7)),))
    assert "y" in read(report)
    assert isinstance(article(report, ()), Markup)
