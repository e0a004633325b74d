"""The table as CSV, as a script gets it."""

import csv
import io
import re
from pathlib import Path

import pytest

from layouts.columns import COLUMNS, KEYS, fields

PATH = "/api/v1/deployments/demo/connections.csv"


def read(answer):
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_every_connection_is_a_line_and_every_column_is_there(live):
    answer = live.get(PATH)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="connections-demo.csv"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    rows = read(answer)
    assert list(rows[0]) == [field.name for field in fields(COLUMNS)]
    told = live.get("/api/v1/deployments/demo/snapshot").json()["connections"]
    assert [row["status"] for row in rows] == [state["status"] for state in told]
    assert rows[8]["request_rate_per_s"] == "20"
    assert rows[8]["measured_utc"] == told[8]["heard"]["traffic"]["at"]


def test_some_columns_can_be_asked_for(live):
    answer = live.get(PATH, params={"columns": "latency_p95_ms,status"})
    assert list(read(answer)[0]) == ["number", "from", "to", "status", "latency_p95_ms"]


@pytest.mark.parametrize("asked", ["nothing", "status,", "", "status status"])
def test_a_column_that_there_is_not_is_refused(live, asked):
    answer = live.get(PATH, params={"columns": asked})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "columns")


def test_a_moment_of_the_past_is_told_as_it_was(live):
    then = "2026-11-24T10:00:00.123Z"
    answer = live.get(PATH, params={"at": then})
    told = live.get(f"/api/v1/deployments/demo/snapshot?at={then}").json()
    statuses = [state["status"] for state in told["connections"]]
    assert [row["status"] for row in read(answer)] == statuses


def test_what_was_never_kept_is_refused_and_so_is_another_deployment(live, empty):
    assert live.get(PATH, params={"at": "2026-11-24T09:00:00Z"}).status_code == 404
    assert live.get(PATH.replace("demo", "other")).status_code == 404
    waiting = empty.get(PATH.replace("demo", "east"))
    assert (waiting.status_code, waiting.headers["retry-after"]) == (503, "1")


def test_the_documented_columns_are_those_that_there_are():
    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    listed = re.search(r"`columns` are those of the page's table: ([^.]*)\.", told)[1]
    assert re.findall(r"`(\w+)`", listed) == list(KEYS)
