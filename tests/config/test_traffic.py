"""When calls must be seen, as it is written down."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from app.domain.expected import DAY_MIN, Calendar, Span

WHOLE = """
deployments:
  - id: a
    traffic:
      zone: Europe/Berlin
      expected:
        - {days: mon-fri, hours: 08:00-20:00}
        - {days: [sat], hours: 9:00 - 13:00, connections: [1, 9, 17]}
        - {hours: "22:00-06:00"}
      holidays: [2026-12-25, "2026-12-26"]
      learn: false
"""


def test_a_calendar_is_read(read):
    (deployment,) = read(WHOLE).deployments
    assert deployment.calendar == Calendar(
        ZoneInfo("Europe/Berlin"),
        (
            Span(frozenset(range(5)), 480, 1200),
            Span(frozenset({5}), 540, 780, frozenset({1, 9, 17})),
            Span(frozenset(range(7)), 1320, 360),
        ),
        frozenset({date(2026, 12, 25), date(2026, 12, 26)}),
        False,
    )


def test_without_one_nothing_is_expected_but_what_is_usual(read):
    (deployment,) = read("deployments: [{id: a}]").deployments
    assert deployment.calendar == Calendar(UTC, (), frozenset(), learn=True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sun", {6}),
        ("SAT - Mon", {5, 6, 0}),
        ("mon-sun", set(range(7))),
        ("'tue, thu-fri'", {1, 3, 4}),
        ("[tue, thu-fri]", {1, 3, 4}),
        ("mon-mon", {0}),
    ],
)
def test_days_are_named_alone_and_in_ranges(read, written, meant):
    span = f"{{days: {written}, hours: 00:00-24:00}}"
    text = f"deployments: [{{id: a, traffic: {{expected: [{span}]}}}}]"
    (found,) = read(text).deployments[0].calendar.spans
    assert (found.days, found.begin, found.end) == (meant, 0, DAY_MIN)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("zone: UTC", None),
        (
            "zone: Europe/Berln",
            'zone: no time zone is called "Europe/Berln"; did you mean "Europe/Berlin"?',
        ),
        (
            "zone: 1234567890",
            'zone: no time zone is called "1234567890", such as Europe/Berlin',
        ),
        ("zone: ../../etc/passwd", 'zone: no time zone is called "../../etc/passwd"'),
        (
            "expected: [{days: mo-fri, hours: 08:00-20:00}]",
            'expected[0].days: no day is called "mo"; did you mean "mon"?',
        ),
        (
            "expected: [{days: [], hours: 08:00-20:00}]",
            "expected[0].days: must name a day, or be left out for every day",
        ),
        (
            "expected: [{hours: 8-20}]",
            "expected[0].hours: must be two times of day, such as 08:00-20:00",
        ),
        ("expected: [{hours: 24:00-08:00}]", "expected[0].hours: must be two times"),
        ("expected: [{hours: 08:00-24:01}]", "expected[0].hours: must be two times"),
        ("expected: [{hours: 08:60-20:00}]", "expected[0].hours: must be two times"),
        (
            "expected: [{hours: 08:00-08:00}]",
            "expected[0].hours: ends when it begins; a whole day is 00:00-24:00",
        ),
        ("expected: [{days: sat}]", "expected[0].hours: is required"),
        (
            "expected: [{hours: 08:00-20:00, connections: [9, 32]}]",
            "expected[0].connections[1]: must be the number of a connection, 1 to 31",
        ),
        (
            "expected: [{hours: 08:00-20:00, connections: [true]}]",
            "expected[0].connections[0]: must be the number of a connection",
        ),
        (
            "expected: [{hours: 08:00-20:00, connections: []}]",
            "expected[0].connections: must name a connection, or be left out",
        ),
        (
            "expected: [{hours: 08:00-20:00, day: sat}]",
            'expected[0].day: unknown key "day"; did you mean "days"?',
        ),
        (
            "holidays: [2026-12-25, 25.12.]",
            "holidays[1]: must be a day, such as 2026-12-25",
        ),
        ("holidays: [2026-12-25 10:00:00]", "holidays[0]: must be a day"),
        ("learn: perhaps", "learn: input should be a valid boolean"),
    ],
)
def test_what_it_must_not_be_is_told_with_its_place(read, problems, section, said):
    text = f"deployments:\n  - id: a\n    traffic: {{{section}}}\n"
    if said is None:
        assert read(text).notices == ()
        return
    (found,) = problems(text)
    assert found.startswith("gws.yaml:3:")
    assert f"deployments[0].traffic.{said}" in found


def test_the_environment_may_hold_a_calendar(read):
    name = "GWS_OBSERVATORY__DEPLOYMENTS__0__TRAFFIC"
    text = "{expected: [{days: sat, hours: '09:00-13:00'}], holidays: ['2026-12-25']}"
    calendar = read("deployments: [{id: a}]", **{name: text}).deployments[0].calendar
    assert calendar.spans == (Span(frozenset({5}), 540, 780),)
    assert calendar.holidays == {date(2026, 12, 25)}
