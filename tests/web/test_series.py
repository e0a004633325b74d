"""What is kept of measurements, as files for scripts and notebooks."""

import io
import json
from datetime import timedelta

import pandas as pd
import pytest
from pyarrow import parquet

from app.web import schema
from app.web.schema_series import Exported
from tests.web.conftest import NOW
from tests.web.grown import Grown

PATH = "/api/v1/deployments/demo/series"
WHICH = "subjects=17,redis&metrics=request_rate,clients"


@pytest.fixture(autouse=True)
def grown(live):
    live.kept.grown = Grown(NOW - timedelta(days=40))
    live.kept.trouble = None
    live.kept.asked.clear()
    yield live.kept
    live.kept.grown = None


def test_the_three_forms_say_the_same(live):
    as_csv = pd.read_csv(io.BytesIO(live.get(f"{PATH}?{WHICH}").content))
    told = live.get(f"{PATH}?{WHICH}&format=json").json()
    body = live.get(f"{PATH}?{WHICH}&format=parquet").content
    as_parquet = pd.read_parquet(io.BytesIO(body))
    Exported.model_validate(told)
    as_json = pd.DataFrame(told["rows"], columns=told["columns"])
    assert list(as_csv) == list(as_json) == list(as_parquet)
    assert len(as_csv) == 2 * 24 * 60
    for frame in (as_csv, as_json):
        frame["at"] = pd.to_datetime(frame["at"], utc=True).astype("datetime64[s, UTC]")
    as_parquet = as_parquet.astype({"subject": str, "metric": str})
    as_parquet["at"] = as_parquet["at"].astype("datetime64[s, UTC]")
    pd.testing.assert_frame_equal(
        as_csv.astype({"subject": str}), as_json.astype({"subject": str})
    )
    pd.testing.assert_frame_equal(
        as_json, as_parquet.astype({"subject": str, "metric": str}), check_dtype=False
    )


def test_a_row_is_a_step_with_its_unrounded_numbers(live):
    answer = live.get(f"{PATH}?{WHICH}&step=3600&from=2026-11-23T10:00:00Z")
    assert answer.headers["content-type"].startswith("text/csv")
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="series-demo.csv"'
    )
    head, first, *_ = answer.text.split("\r\n")
    assert head == "at,subject,metric,count,mean,min,max,last,p50,p95,p99"
    at, subject, metric, count, mean, low, high, _, p50, p95, p99 = first.split(",")
    assert (at, subject, metric, count) == (
        "2026-11-23T10:00:00Z",
        "17",
        "request_rate",
        "4",
    )
    assert float(low) <= float(p50) <= float(p95) <= float(p99) <= float(high)
    assert float(p50) == pytest.approx(float(mean), rel=0.05)


def test_each_subject_is_read_by_itself_and_only_what_it_can_have(live, grown):
    live.get(f"{PATH}?subjects=17,redis,3&step=600")
    assert [ask.subjects for ask in grown.asked] == [(17,), ("redis",), (3,)]
    assert "clients" not in grown.asked[0].metrics
    assert "request_rate" not in grown.asked[1].metrics


@pytest.mark.parametrize(
    ("query", "status", "code", "field", "said"),
    [
        ("from=2026-11-20T00:00:00Z&step=60", 422, "invalid", "step", "ask for step=600, or for fewer days"),
        ("subjects=99", 422, "invalid", "subjects", "no connection or box is 99"),
        ("subjects=99999", 422, "invalid", "subjects", "no connection or box is 99999"),
        ("metrics=speed", 422, "invalid", "metrics", "no metric is speed; there are request_rate"),
        ("subjects=17&metrics=clients", 422, "invalid", "metrics", "none of `subjects`"),
        ("step=30", 422, "invalid", "step", ""),
        ("format=xml", 422, "invalid", "format", ""),
        ("from=2026-11-24T10:00:00Z&to=2026-11-24T09:00:00Z", 422, "invalid", "from", "later than"),
        ("to=2026-01-01T00:00:00Z", 404, "no_history", "to", "are kept from 2026-10-15"),
    ],
)  # fmt: skip
def test_what_can_not_be_answered_says_what_would_do(
    query, status, code, field, said, live
):
    answer = live.get(f"{PATH}?{query}")
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)
    assert said in error.message


def test_a_year_of_everything_needs_fewer_subjects(live):
    error = live.get(f"{PATH}?from=2020-01-01T00:00:00Z&step=3600").json()["error"]
    assert error["message"].endswith("ask for fewer days, subjects or metrics")


def test_nothing_kept_is_said_and_so_is_what_can_not_be_read(live, grown):
    grown.grown = None
    answer = live.get(f"{PATH}?{WHICH}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_history")
    grown.trouble = "the engine gives no answer"
    told = "the history can't be read: the engine gives no answer"
    answer = live.get(f"{PATH}?{WHICH}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.json()["error"]["message"] == told


def test_what_could_not_be_read_in_part_is_said(live, grown):
    grown.grown = Grown(NOW - timedelta(days=2), whole=False)
    assert live.get(f"{PATH}?{WHICH}&format=json").json()["whole"] is False
    body = io.BytesIO(live.get(f"{PATH}?{WHICH}&format=parquet").content)
    notes = parquet.read_metadata(body).metadata
    assert (notes[b"whole"], notes[b"step_s"]) == (b"false", b"60")


def test_nobody_measured_is_no_row(live):
    found = live.get(f"{PATH}?subjects=10&format=json").json()
    assert found["rows"] == []
    assert json.loads(live.get(f"{PATH}?subjects=10&format=json").text)["whole"] is True
    assert live.get(f"{PATH}?subjects=10").text.count("\r\n") == 1


def test_an_answer_that_only_a_head_is_wanted_of_is_not_read_through(live, grown):
    answer = live.ask("HEAD", f"{PATH}?{WHICH}&format=parquet")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert len(grown.asked) == 1
