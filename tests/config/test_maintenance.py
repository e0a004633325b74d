"""Maintenance windows as they are written, and what is said of those that are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.windows import Window

SPAN = "from: 2026-12-01T22:00:00+01:00, to: 2026-12-02T02:00:00+01:00"
BEGIN, END = (datetime(2026, 12, d, h, tzinfo=UTC) for d, h in ((1, 21), (2, 1)))


def written(*windows: str) -> str:
    lines = "".join(f"      - {{{one}}}\n" for one in windows)
    return f"deployments:\n  - id: a\n    maintenance:\n{lines}"


def test_windows_are_read_in_utc_each_called_by_its_place(read):
    text = written(
        f"{SPAN}, nodes: [redis, redis], why: Redis upgrade, by: ops",
        'from: "2026-12-01T21:00:00Z", to: "2026-12-02 01:00+00:00", connections: [17, 2], why: x',
        f"{SPAN}, why: all of it",
    )
    assert read(text).deployments[0].windows == (
        Window(
            "configuration-1", BEGIN, END, "Redis upgrade", "ops", ("redis",),
            configured=True,
        ),
        Window(
            "configuration-2", BEGIN, END, "x", "configuration", (), (17, 2),
            configured=True,
        ),
        Window(
            "configuration-3", BEGIN, END, "all of it", "configuration",
            configured=True,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("window", "said"),
    [
        pytest.param(
            "from: 2026-12-02T02:00:00Z, to: 2026-12-02T02:00:00Z, why: x",
            "gws.yaml:4:42: deployments[0].maintenance[0].to: must be later than from",
            id="end-before-start",
        ),
        pytest.param(
            "from: 2026-12-01T22:00:00, to: 2026-12-02T02:00:00Z, why: x",
            "gws.yaml:4:16: deployments[0].maintenance[0].from: has no zone: write 2026-12-01T22:00:00+01:00, or Z at the end for UTC",
            id="no-zone",
        ),
        pytest.param(
            "from: 2026-12-01, to: 2026-12-02T02:00:00Z, why: x",
            "gws.yaml:4:16: deployments[0].maintenance[0].from: has no zone: write 2026-12-01T22:00:00+01:00, or Z at the end for UTC",
            id="a-day-alone",
        ),
        pytest.param(
            "from: tonight, to: 2026-12-02T02:00:00Z, why: x",
            'gws.yaml:4:16: deployments[0].maintenance[0].from: must be a time such as "2026-12-01T22:00:00+01:00"',
            id="words",
        ),
        pytest.param(
            "from: 2026-13-01T22:00:00Z, to: 2026-12-02T02:00:00Z, why: x",
            'gws.yaml:4:16: deployments[0].maintenance[0].from: must be a time such as "2026-12-01T22:00:00+01:00"',
            id="no-such-month",
        ),
        pytest.param(
            'from: "0001-01-01T00:00:00+23:00", to: 2026-12-02T02:00:00Z, why: x',
            'gws.yaml:4:16: deployments[0].maintenance[0].from: must be a time such as "2026-12-01T22:00:00+01:00"',
            id="before-the-calendar",
        ),
        pytest.param(
            "to: 2026-12-02T02:00:00Z, why: x",
            "gws.yaml:4:9: deployments[0].maintenance[0].from: is required",
            id="no-beginning",
        ),
        pytest.param(
            "nodes: [redis, reddis], why: x, " + SPAN,
            'gws.yaml:4:25: deployments[0].maintenance[0].nodes[1]: no box is called "reddis"; did you mean "redis"?',
            id="unknown-box",
        ),
        pytest.param(
            "connections: [17, 32], why: x, " + SPAN,
            "gws.yaml:4:28: deployments[0].maintenance[0].connections[1]: must be a connection's number, 1 to 31",
            id="unknown-number",
        ),
        pytest.param(
            "connections: [true], why: x, " + SPAN,
            "gws.yaml:4:24: deployments[0].maintenance[0].connections[0]: must be a connection's number, 1 to 31",
            id="no-number",
        ),
        pytest.param(
            "nodes: [], why: x, " + SPAN,
            "gws.yaml:4:17: deployments[0].maintenance[0].nodes: names nothing: leave it out for the whole deployment",
            id="nothing-named",
        ),
        pytest.param(
            "nodes: redis, why: x, " + SPAN,
            "gws.yaml:4:17: deployments[0].maintenance[0].nodes: must be a list",
            id="not-a-list",
        ),
        pytest.param(
            SPAN,
            "gws.yaml:4:9: deployments[0].maintenance[0].why: is required",
            id="no-reason",
        ),
        pytest.param(
            'why: "two\\nlines", ' + SPAN,
            "gws.yaml:4:15: deployments[0].maintenance[0].why: must be one line of text",
            id="two-lines",
        ),
        pytest.param(
            "form: x, why: x, " + SPAN,
            'gws.yaml:4:10: deployments[0].maintenance[0].form: unknown key "form"; did you mean "from"?',
            id="unknown-key",
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(window, said, problems):
    assert problems(written(window)) == [said]


def test_one_that_is_over_is_a_notice_from_its_end_on(read):
    found = read(
        written(
            f"{SPAN}, why: x",
            "from: 2026-12-01T00:00:00Z, to: 2027-01-01T00:00:00Z, why: y",
        )
    )
    assert found.told(BEGIN) == ()
    assert [str(one) for one in found.told(END)] == [
        "gws.yaml:4:9: deployments[0].maintenance[0]: is over since 2026-12-02 01:00 UTC, and can be left out"
    ]
