"""The CSV of the table: what RFC 4180 asks for, and nothing that a spreadsheet runs."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.subject import Witness
from layouts import columns, strings_table
from layouts.columns import COLUMNS, KEYS, Field
from layouts.sheet import FORMULA, cell, follow, sheet
from layouts.strings import METRICS

TEXT = Field("a", ("a",))
USUAL = [column.key for column in COLUMNS if column.usual]


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_column_has_a_head_and_every_metric_is_one():
    assert list(strings_table.TITLES) == list(KEYS)
    assert set(METRICS) <= set(KEYS)
    assert set(strings_table.HINTS) <= set(KEYS)


def test_the_names_of_the_fields_are_unique_and_say_their_units(topology):
    names = [field.name for field in columns.fields(COLUMNS)]
    assert len(set(names)) == len(names)
    assert [name for name in names if "latency" in name] == [
        "latency_mean_ms", "latency_p50_ms", "latency_p95_ms", "latency_p99_ms",
    ]  # fmt: skip
    for name in (
        "since_utc",
        "measured_utc",
        "last_fact_utc",
        "request_rate_per_s",
        "error_ratio",
    ):
        assert name in names


def test_a_line_says_what_the_snapshot_says(topology, mixed):
    rows = read(sheet(topology, mixed["connections"], COLUMNS))
    assert [int(row["number"]) for row in rows] == list(range(1, 32))
    row, state = rows[11], mixed["connections"][11]
    assert row["from"] == "GWS Data Collector Service"
    assert (row["to"], row["protocol"], row["port"]) == ("Redis", "TCP", "6379")
    assert (row["status"], row["since_utc"]) == ("failing", state["since"])
    assert row["first_reason"] == "connect timed out, 3 of 3"
    assert row["request_rate_per_s"] == "150"
    assert row["witness_probe"] == "failing"
    assert row["witness_probe_heard_utc"] == state["heard"]["probe"]["at"]
    assert row["witness_alerts"] == row["measured_utc"] == ""
    assert "<code>" not in rows[1]["data"]
    assert "gwsServices.service.port" in rows[1]["data"]


def test_lines_end_as_the_rfc_says_and_the_first_has_the_names(topology, well):
    text = sheet(topology, well["connections"][:1], columns.chosen(["since"]))
    head, line, rest = text.split("\r\n")
    assert head == "number,from,to,since_utc"
    assert line.startswith("1,Clients / WWE / Agent Setup,Service proxy,2026-")
    assert rest == ""


def test_number_and_ends_are_always_there_and_places_are_the_tables():
    chosen = columns.chosen(["saturation", "status"])
    assert [column.key for column in chosen] == [
        "number",
        "ends",
        "status",
        "saturation",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a)", "\t=1", "＝1"])
def test_what_looks_like_a_formula_is_made_text(text):
    assert cell({"a": text}, TEXT, {}) == f"'{text}"


def test_a_number_is_a_number():
    values = [3.0, 0.0001, 12.5, 4, 1234567.8901]
    assert [cell({"a": value}, TEXT, {}) for value in values] == [
        "3", "0.0001", "12.5", "4", "1234567.8901",
    ]  # fmt: skip


@given(st.text())
def test_any_text_comes_back_as_it_was_and_none_is_a_formula(text):
    told = cell({"a": text}, TEXT, {})
    assert not told.startswith(FORMULA)
    assert told.removeprefix("'") == text.removeprefix("'")
    out = io.StringIO()
    csv.writer(out).writerow([told, "end"])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)) == [
        told,
        "end",
    ]


def test_a_way_that_leads_nowhere_leads_to_nothing():
    state = {"reasons": [], "heard": {}, "metrics": None}
    ways = [("reasons", 0, "text"), ("heard", "probe", "at"), ("metrics", "x"), ("no",)]
    assert [follow(state, way) for way in ways] == [None] * 4


def test_every_witness_has_its_word_and_its_moment():
    names = {field.name for field in columns.fields(COLUMNS)}
    for witness in Witness:
        assert {f"witness_{witness}", f"witness_{witness}_heard_utc"} <= names


def test_the_browser_gets_the_same_columns():
    told = columns.for_browser()
    assert [one["key"] for one in told] == list(KEYS)
    assert [one["key"] for one in told if one["usual"]] == USUAL
    assert {one["forward"] for one in told} == {"ascending", "descending"}
    assert told[0]["fields"] == ({"name": "number", "way": ("number",), "form": ""},)
