"""Alertmanager's answers, as its API v2 gives them, and answers that it never gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from app.domain.alerted import Directory
from app.domain.facts_alerts import Silence
from app.domain.locate import locator
from app.domain.topology import standard
from collectors.alerts_read import read_alerts, read_silences, read_whole
from collectors.errors import SourceMisread

PICTURE = standard()
DIRECTORY = Directory("demo", PICTURE, locator(PICTURE))
AT = "2026-11-24T10:00:00.000Z"


def alert(**more: Any) -> dict[str, Any]:
    plain = {
        "labels": {"alertname": "Slow", "box": "redis", "severity": "warning"},
        "annotations": {"description": "p99\n  high", "runbook_url": "x"},
        "startsAt": AT,
        "endsAt": "2026-11-24T10:05:00.000Z",
        "updatedAt": AT,
        "fingerprint": "f1",
        "generatorURL": "",
        "receivers": [{"name": "nobody"}],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
    }
    return plain | more


def silence(*matchers: tuple[str, str], **more: Any) -> dict[str, Any]:
    plain = {
        "id": "s1",
        "status": {"state": "active"},
        "matchers": [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in matchers
        ],
        "startsAt": AT,
        "endsAt": "2026-11-24T12:00:00.000+01:00",
        "updatedAt": AT,
        "createdBy": "jane",
        "comment": "new disks",
    }
    return plain | more


def alerts(*rows: Any, silences: Any = ()) -> tuple[Any, ...]:
    known = read_silences(orjson.dumps(list(silences)))
    return read_alerts(orjson.dumps(list(rows)), known, DIRECTORY)


def whole(*rows: Any) -> list[tuple[Any, Any]]:
    facts = read_whole(read_silences(orjson.dumps(list(rows))), DIRECTORY)
    return [(fact.subject, fact.silence) for fact in facts]


def test_an_alert_is_read_with_its_words_on_one_line() -> None:
    (fact,) = alerts(alert())
    assert (fact.subject, fact.name, fact.severity) == ("redis", "Slow", "warning")
    assert fact.summary == "p99 high"
    assert not fact.felt


def test_the_shortest_words_that_are_there_are_told_and_not_more_than_fit() -> None:
    (fact,) = alerts(alert(annotations={"summary": "x" * 400, "description": "y"}))
    assert fact.summary == "x" * 300 + "…"
    (fact,) = alerts(alert(annotations={}))
    assert fact.summary == ""


def test_an_alert_of_a_connection_is_felt_there() -> None:
    ends = {"client": "gws-app-workspace", "server": "voice-voicemail"}
    (fact,) = alerts(alert(labels=ends))
    assert (fact.subject, fact.name, fact.felt) == (17, "without a name", True)


def test_alerts_of_our_own_metrics_and_inhibited_ones_are_not_heard() -> None:
    own = alert(labels={"connection": "17", "deployment": "demo"})
    status = {"state": "suppressed", "silencedBy": [], "inhibitedBy": ["f0"]}
    assert alerts(own, alert(status=status)) == ()


def test_an_alert_under_a_silence_that_came_in_between_waits_for_the_next_time() -> (
    None
):
    status = {"state": "suppressed", "silencedBy": ["s9"]}
    assert alerts(alert(status=status)) == ()


def test_of_several_silences_the_longest_is_told() -> None:
    status = {"state": "suppressed", "silencedBy": ["s1", "s2", "s3"]}
    longer = silence(
        id="s2", endsAt="2026-11-24T13:00:00Z", createdBy="joe", comment=""
    )
    (fact,) = alerts(alert(status=status), silences=[silence(), longer])
    assert fact.muted == Silence("joe", "", datetime(2026, 11, 24, 13, tzinfo=UTC))


def test_a_silence_that_names_a_box_and_no_alert_is_over_the_box() -> None:
    end = datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert whole(silence(("box", "redis"))) == [
        ("redis", Silence("jane", "new disks", end))
    ]


@pytest.mark.parametrize(
    "row",
    [
        silence(("alertname", "Slow"), ("box", "redis")),
        silence(("severity", "critical")),
        silence(("box", "redis"), ("severity", "critical")),
        silence(("namespace", "infra"), ("pod", "infra-redis-redis-cluster-2")),
        silence(("namespace", "infra"), ("service", "redis"), ("instance", "a:1")),
        silence(("box", "redis"), status={"state": "expired"}),
        silence(
            matchers=[{"name": "box", "value": "redis", "isRegex": True}],
        ),
        silence(
            matchers=[
                {"name": "box", "value": "redis", "isRegex": False, "isEqual": False}
            ],
        ),
        silence(
            matchers=[
                {"name": "box", "value": "redis", "isRegex": False},
                {"name": "alertname", "value": "S.*", "isRegex": True},
            ],
        ),
    ],
)
def test_other_silences_are_over_no_box(row: Any) -> None:
    assert whole(row) == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (b"<html>", "the alerts are not JSON"),
        (b"{}", "the alerts are not a list"),
        (b"[1]", "alerts, 1: not an object"),
        (orjson.dumps([alert(labels=[1])]), "alerts, 1: labels is not an object"),
        (orjson.dumps([alert(), alert(fingerprint=7)]), "alerts, 2: no fingerprint"),
        (orjson.dumps([alert(status=7)]), "alerts, 1: status is not an object"),
    ],
)
def test_an_answer_of_another_shape_is_told_with_its_place(
    rows: bytes, said: str
) -> None:
    with pytest.raises(SourceMisread, match=said):
        read_alerts(rows, {}, DIRECTORY)


def test_a_matcher_of_another_shape_is_told_with_its_silence() -> None:
    with pytest.raises(SourceMisread, match="silence s1: a matcher is not an object"):
        whole(silence(matchers=["box"]))


@pytest.mark.parametrize("end", ["noon", "9999-12-31T23:59:59-23:00"])
def test_an_end_that_is_no_time_is_told(end: str) -> None:
    with pytest.raises(SourceMisread, match="silence s1: endsAt is not a time"):
        whole(silence(("box", "redis"), endsAt=end))


def test_a_silence_without_an_end_is_told_with_its_id() -> None:
    with pytest.raises(SourceMisread, match="silence s1: no endsAt"):
        whole(silence(("box", "redis"), endsAt=None))
