"""What is worth a line in the log."""

from __future__ import annotations

from app.pipeline.journal import NOTHING, events

BEFORE = {
    "sources": [{"name": "consul", "status": "ok", "error": None}],
    "connections": [{"number": 17, "status": "ok", "reasons": []}],
    "nodes": [{"id": "redis", "status": "ok", "reasons": []}],
}


def test_a_source_that_falls_silent_is_a_warning_with_its_error():
    delta = {"sources": [{"name": "consul", "status": "failing", "error": "refused"}]}
    assert list(events(BEFORE, delta)) == [
        (
            "warning",
            "source",
            {"source": "consul", "status": "failing", "was": "ok", "error": "refused"},
        )
    ]


def test_a_source_that_returns_is_news():
    before = BEFORE | {
        "sources": [{"name": "consul", "status": "failing", "error": "x"}]
    }
    delta = {"sources": [{"name": "consul", "status": "ok", "error": None}]}
    assert [level for level, _text, _fields in events(before, delta)] == ["info"]


def test_a_verdict_is_told_with_its_first_reason():
    reasons = [{"text": "no ready endpoint"}, {"text": "other"}]
    delta = {
        "connections": [{"number": 17, "status": "failing", "reasons": reasons}],
        "nodes": [{"id": "redis", "status": "degraded"}],
    }
    told = [fields for _level, _text, fields in events(BEFORE, delta)]
    assert told == [
        {
            "connection": 17,
            "status": "failing",
            "was": "ok",
            "why": "no ready endpoint",
        },
        {"node": "redis", "status": "degraded", "was": "ok", "why": None},
    ]


def test_numbers_that_move_are_no_news():
    delta = {
        "connections": [{"number": 17, "metrics": {}}],
        "sources": [{"name": "consul", "age_s": 1}],
    }
    assert list(events(BEFORE, delta)) == []


def test_at_the_start_every_source_is_told():
    assert len(list(events(NOTHING, {"sources": BEFORE["sources"]}))) == 1
