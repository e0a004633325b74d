"""A week by hours as a table that is shaded: seven rows of twenty-four."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from app.domain.capacity import SubjectReview
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import Heat
from layouts import strings_capacity as words
from layouts.capacity_cells import metric
from layouts.markup import Markup, tag

SHADES: Final = 6
LABELLED: Final = 3
"""Every third hour has its number above it: there is no room for more."""


def heat(one: SubjectReview, zone: tzinfo) -> Markup:
    if one.heat is None:
        return tag("p", words.NO_HEAT)
    title = words.HEAT.format(metric=metric(one.load))
    head = tag("tr", tag("td"), [_hour(hour) for hour in range(24)])
    rows = [_row(one.heat, day) for day in range(7)]
    table = tag(
        "table", tag("caption", title), tag("thead", head), tag("tbody", rows),
        class_="cap-heat",
    )  # fmt: skip
    note = tag("p", words.HEAT_QUIET.format(zone=zone), class_="quiet")
    return tag(
        "div", table, note, class_="cap-week", tabindex=0, role="region",
        aria_label=title,
    )  # fmt: skip


def shade(value: float, most: float) -> int:
    """0 to `SHADES`: of the busiest hour, in even parts; only nothing at all is 0."""
    if value <= 0 or most <= 0:
        return 0
    return min(SHADES, 1 + int(value / most * SHADES))


def busiest(found: Heat) -> float:
    known = [value for row in found.cells for value in row if value is not None]
    return max(known, default=0.0)


def _hour(hour: int) -> Markup:
    label = f"{hour:02}" if hour % LABELLED == 0 else ""
    unseen = tag("span", f"{hour:02}:00", class_="unseen") if not label else None
    return tag("th", label, unseen, scope="col")


def _row(found: Heat, day: int) -> Markup:
    most = busiest(found)
    cells = [_cell(found, day, hour, most) for hour in range(24)]
    return tag("tr", tag("th", words.WEEKDAYS[day], scope="row"), cells)


def _cell(found: Heat, day: int, hour: int, most: float) -> Markup:
    value = found.cells[day][hour]
    when = f"{words.WEEKDAYS[day]} {hour:02}:00"
    if value is None:
        told, level = words.NOT_MEASURED_THEN, None
    else:
        told, level = figure(value, found.unit).text, shade(value, most)
    return tag(
        "td", tag("span", told, class_="unseen"), data_shade=level,
        title=f"{when}: {told}", data_busiest=found.hour == (day, hour),
    )  # fmt: skip
