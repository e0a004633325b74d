"""The last hour of a connection as a script sees it."""

from datetime import timedelta

import pytest

from app.domain.hour import step_of
from app.web import schema
from tests.web.conftest import NOW, picture
from tests.web.grown import Grown

PATH = "/api/v1/deployments/demo/connections/9/history"


def at(delta):
    return (NOW + delta).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_the_last_hour_is_told_as_its_description_says(live):
    live.lately.note(picture(), NOW - timedelta(minutes=2))
    live.lately.note(picture(), NOW)
    answer = live.get(PATH)
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    schema.History.model_validate(found)
    assert (found["step_s"], found["to"]) == (15, "2026-11-24T10:00:02.123Z")
    assert found["from"] == "2026-11-24T09:00:02.123Z"
    assert found["series"]["request_rate"] == [
        ["2026-11-24T09:58:00.000Z", 20.0, None],
        ["2026-11-24T10:00:00.000Z", 20.0, None],
    ]
    assert found["series"]["saturation"] == []
    assert step_of(NOW.timestamp()) % 15 == 0


def test_a_point_says_who_told_it_afterwards(live):
    live.lately.note(picture(), NOW)
    start = step_of(NOW.timestamp())
    told = {9: {"request_rate": 7.0, "error_ratio": 0.5}}
    live.lately.fill("prometheus", {start - 60: told, start: told})
    asked = {"from": at(timedelta(seconds=-90))}
    found = live.get(PATH, params=asked).json()
    schema.History.model_validate(found)
    assert found["series"]["request_rate"] == [
        ["2026-11-24T09:59:00.000Z", 7.0, "prometheus"],
        ["2026-11-24T10:00:00.000Z", 20.0, None],
    ]


def test_a_part_of_the_hour_can_be_asked_for(live):
    live.lately.note(picture(), NOW)
    asked = {
        "from": at(timedelta(minutes=-1)),
        "to": at(timedelta(days=1)),
        "step": 15,
    }
    found = live.get(PATH, params=asked).json()
    assert found["to"] == "2026-11-24T10:00:02.123Z"
    assert len(found["series"]["request_rate"]) == 1


def test_the_hour_before_now_may_take_a_moment_to_arrive(live):
    asked = {"from": at(timedelta(hours=-1, seconds=-20))}
    assert live.get(PATH, params=asked).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("from=2026-11-24T08:00:00Z", 404, "no_history", "from"),
        ("to=2026-11-24T08:00:00Z", 404, "no_history", "from"),
        ("from=2026-11-24T10:00:00Z&to=2026-11-24T09:30:00Z", 422, "invalid", "from"),
        ("from=0001-01-01T00:00:00%2B23:59", 422, "invalid", "step"),
        ("from=2026-11-24T09:30:00", 422, "invalid", "from"),
        ("from=1795514400", 422, "invalid", "from"),
        ("step=30", 422, "invalid", "step"),
        ("step=60", 404, "no_history", "from"),
        ("from=2026-11-14T08:00:00Z&step=60", 422, "invalid", "step"),
        ("at=2026-11-24T10:00:00Z", 404, "no_history", "at"),
    ],
)
def test_what_is_not_kept_is_refused_rather_than_shortened(
    query, status, code, field, live
):
    answer = live.get(f"{PATH}?{query}")
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)


def test_the_end_of_time_is_now(live):
    for moment in ("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z"):
        assert live.get(PATH, params={"to": moment}).status_code == 200


def test_who_does_not_exist_has_no_history(live, empty):
    answer = live.get("/api/v1/deployments/demo/connections/99/history")
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "number")
    waiting = empty.get("/api/v1/deployments/east/connections/9/history")
    assert waiting.status_code == 503


@pytest.fixture
def grown(live):
    live.kept.grown = Grown(NOW - timedelta(days=40))
    yield live.kept
    live.kept.grown = None


@pytest.mark.parametrize(
    ("query", "step_s", "points"),
    [
        ("from=2026-11-24T08:00:00Z", 60, 121),
        ("from=2026-11-20T10:00:00Z", 600, 4 * 144 + 1),
        ("from=2026-10-25T10:00:00Z", 3600, 30 * 24 + 1),
        ("from=2026-11-24T08:00:00Z&step=15", 15, 481),
        ("from=2026-09-01T00:00:00Z", 3600, 40 * 24),
    ],
)
def test_what_was_before_the_hour_is_what_history_keeps(
    query, step_s, points, live, grown
):
    found = live.get(f"{PATH}?{query}").json()
    schema.History.model_validate(found)
    assert found["step_s"] == step_s
    assert found["since"] == "2026-10-15T10:00:00.123Z"
    assert len(found["series"]["request_rate"]) == points
    (ask,) = grown.asked[-1:]
    assert (ask.subjects, ask.step_s) == ((9,), step_s)


def test_a_point_of_a_coarse_step_is_its_mean(live, grown):
    asked = {"from": "2026-11-20T10:00:00Z", "to": "2026-11-20T11:00:00Z", "step": 3600}
    ((_, value, by),) = live.get(PATH, params=asked).json()["series"]["request_rate"]
    column = grown.of(grown.asked[-1]).columns[9, "request_rate"]
    assert (value, by) == (column.sum[0] / column.count[0], None)


def test_a_box_has_a_history_too(live, grown):
    found = live.get("/api/v1/deployments/demo/nodes/redis/history?step=60").json()
    schema.NodeHistory.model_validate(found)
    assert len(found["series"]["clients"]) == 60
    assert found["series"]["users"] == []
    nobody = live.get("/api/v1/deployments/demo/nodes/nobody/history")
    assert nobody.status_code == 404
