"""A capacity review as it is shown: words, shades, charts, addresses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.capacity import Headroom
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import (
    DaysLeft,
    Heat,
    Left,
    Point,
    Shown,
    Trend,
    Unit,
    Way,
)
from app.export.capacity import number_format
from layouts.capacity_heat import SHADES, shade
from layouts.capacity_trend import Drawn, levels, noon, plotted
from layouts.capacity_view import View
from layouts.capacity_words import likely, when
from layouts.printed_chart import SHADE, SIZE, trend, week
from layouts.printed_map import Area, Label, Line

DAY = date(2026, 11, 24)
RANGE = DaysLeft(Left.RANGE, 41, 52, 66)


def told(*values, way=Way.RISING):
    """A trend over some days, and three ahead."""
    past = [
        Point(
            DAY + timedelta(days=n),
            value,
            value,
            (value or 0) - 0.1,
            (value or 0) + 0.1,
        )
        for n, value in enumerate(values)
    ]
    ahead = [
        Point(DAY + timedelta(days=len(values) + n), None, 0.5, 0.4, 0.6)
        for n in range(3)
    ]
    return Trend(
        "clients", Unit.SHARE, way, (*past, *ahead), 0.05, 0.01, 0.09, 0.5, DAY, len(values), 0, 0, 3, (), None,
        "A line.", (),
    )  # fmt: skip


def room(near=RANGE, full=RANGE, most=10_000.0):
    return Headroom(
        "clients",
        Unit.CLIENTS,
        most,
        8_000.0,
        7_010.0,
        7_800.0,
        0.701,
        "its servers",
        told(0.6, 0.7),
        near,
        full,
    )


@pytest.mark.parametrize(
    ("near", "full", "said"),
    [
        (DaysLeft(Left.RANGE, 12, 14, 20), RANGE, "Clients: full in 41 to 66 days, most likely 52; at its mark of 8,000 clients in 12 to 20 days, most likely 14."),
        (DaysLeft(Left.REACHED), RANGE, "Clients: full in 41 to 66 days, most likely 52; its mark of 8,000 clients is reached."),
        (DaysLeft(Left.REACHED), DaysLeft(Left.REACHED), "Clients: its limit is reached."),
        (DaysLeft(Left.NOT_RISING), DaysLeft(Left.NOT_RISING), "Clients: not rising; its mark is 8,000 clients."),
        (DaysLeft(Left.NOT_ENOUGH, have=9), DaysLeft(Left.NOT_ENOUGH, have=9), "Clients: not enough history: 9 of 21 days; its mark is 8,000 clients."),
    ],
)  # fmt: skip
def test_what_fills_up_is_a_sentence(near, full, said):
    assert when(room(near, full)) == said


def test_what_is_most_likely_is_said_only_within_a_range():
    assert likely(DaysLeft(Left.RANGE, 41, 41, 41)) == "in 41 days"
    assert likely(DaysLeft(Left.RANGE, 41, None, None)) == "in 41 days or more"


def test_only_nothing_at_all_has_no_shade():
    assert [shade(value, 100) for value in (0, 0.1, 50, 99, 100)] == [
        0,
        1,
        4,
        SHADES,
        SHADES,
    ]
    assert shade(5, 0) == 0
    assert len(SHADE) == SHADES + 1


def test_limit_and_mark_are_drawn_where_the_share_says():
    near, full = levels(room())
    assert (near.value, full.value) == (0.8, 1.0)
    assert near.text == "mark, 8,000 clients"


def test_two_levels_are_labelled_on_two_sides():
    one = Drawn("Clients", "", told(0.1, 3.0), levels(room()), DAY)
    labels = plotted(one)["layout"]["annotations"]
    assert [(a["text"], a["yanchor"]) for a in labels] == [
        ("mark, 8,000 clients", "top"),
        ("limit, 10,000 clients", "bottom"),
    ]


def test_a_limit_that_is_far_above_is_named_and_not_drawn():
    one = Drawn("Clients", "", told(0.1, 0.2), levels(room()), DAY)
    assert one.top == pytest.approx(1.0 * 1.12)
    small = told(0.1)
    small = Trend(
        **{name: getattr(small, name) for name in small.__slots__}
        | {"points": small.points[:1]}
    )
    drawn = Drawn("Clients", "", small, levels(room()), DAY)
    layout = plotted(drawn)["layout"]
    assert [one["text"] for one in layout["annotations"]] == [
        "↑ mark, 8,000 clients, limit, 10,000 clients"
    ]
    assert any(
        isinstance(one, Label) and one.text.startswith("↑") for one in trend(drawn)
    )


def test_a_figure_has_percent_and_each_day_at_its_noon():
    made = plotted(Drawn("Clients", "", told(0.6, 0.7), levels(room()), DAY))
    low, high, middle, days = made["data"]
    assert days["y"] == [60.0, 70.0]
    assert (
        days["x"][0]
        == noon(DAY)
        == datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000
    )
    assert len(low["x"]) == len(high["x"]) == len(middle["x"]) == 5
    assert days["customdata"][1] == "2026-11-25: 70%"


def test_a_day_without_a_value_ends_the_printed_line():
    shapes = list(trend(Drawn("Clients", "", told(0.6, None, 0.7), (), DAY)))
    assert sum(isinstance(one, Line) and one.width == 3.2 for one in shapes) == 2
    assert all(
        0 <= x <= SIZE[0]
        for one in shapes
        if isinstance(one, Area | Line)
        for x, _ in one.points
    )


def test_what_was_never_measured_is_struck_through():
    cells = tuple(
        tuple(None if hour == 3 else float(hour) for hour in range(24))
        for _ in range(7)
    )
    shapes = list(week(Heat(Unit.CLIENTS, cells, (0, 23), 0, DAY), "The week"))
    assert sum(isinstance(one, Line) for one in shapes) == 7
    assert sum(isinstance(one, Area) for one in shapes) == 7 * 23


@pytest.mark.parametrize(
    ("value", "unit", "signed", "form"),
    [
        (0.3127, Unit.SHARE, False, '#,##0.0"%";-#,##0.0"%"'),
        (12345.6, Unit.CLIENTS, False, '#,##0" clients";-#,##0" clients"'),
        (0.05, Unit.SHARE, True, '+#,##0"%";-#,##0"%"'),
    ],
)
def test_a_cell_of_a_workbook_reads_as_the_page(value, unit, signed, form):
    assert number_format(figure(value, unit, signed=signed)) == form


def test_an_address_holds_only_what_is_not_usual():
    assert View("demo").address() == "/capacity/demo"
    view = View("demo", "90d", hours="all", outages=Shown.IN, agents=30, chosen=17)
    assert (
        view.address() == "/capacity/demo?span=90d&hours=all&outages=in&agents=30&c=17"
    )
    assert view.of("redis").endswith("&node=redis")
    assert (
        view.file("pdf")
        == "/api/v1/deployments/demo/capacity.pdf?span=90d&hours=all&outages=in&agents=30"
    )
    own = View("demo", None, date(2026, 10, 1), date(2026, 10, 31))
    assert own.address() == "/capacity/demo?from=2026-10-01&to=2026-10-31"
