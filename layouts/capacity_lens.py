"""The capacity lens: what is drawn on each line of the map in place of its status.

The width of a line is its p95 load, the fill of its plate the headroom at its end, its
label the days left. Statuses stay where they are, in the signs.
"""

from __future__ import annotations

from typing import Any, Final

from app.domain.capacity import Fill, LensMark, Review
from app.domain.capacity_figures import figure
from app.domain.capacity_lens import WIDTHS as SCALE
from layouts import strings_lens as words
from layouts.markup import Markup, tag

WIDTHS: Final = (1.2, 1.2, 3, 5, 7, 9.5)
"""Of a line, by `LensMark.width`; the first where no load is measured."""
FILLS: Final = (Fill.FREE, Fill.NEAR, Fill.FULL, Fill.UNKNOWN)


def for_browser(review: Review) -> dict[str, Any]:
    """For `assets/lens.js`, as JSON."""
    zone = review.choices.calendar.zone
    begin, end = (
        f"{at.astimezone(zone):%Y-%m-%d}"
        for at in (review.choices.begin, review.choices.end)
    )
    return {
        "marks": {str(one.number): _mark(one) for one in review.lens.marks},
        "told": words.REVIEWED.format(
            begin=begin, end=end, hours=review.business_hours
        ),
        "empty": None if review.since else words.NOTHING,
    }


def _mark(one: LensMark) -> dict[str, Any]:
    return {
        "width": one.width,
        "fill": one.fill.value,
        "label": one.label or words.UNKNOWN,
        "told": one.told,
    }


def legend() -> Markup:
    """In place of the map's own, while the lens is on; signs keep their meaning."""
    widths = [_width(width) for width in range(1, len(WIDTHS))]
    fills = [
        tag("li", tag("span", class_="fill", data_fill=fill.value), words.FILLS[fill])
        for fill in FILLS
    ]
    return tag(
        "ul",
        tag("li", words.WIDTH),
        widths,
        fills,
        tag("li", words.LABEL),
        class_="legend lens-legend",
        aria_label=words.LEGEND,
    )


def _width(width: int) -> Markup:
    drawn = tag(
        "svg",
        tag("path", d="M0 8H30", stroke_width=WIDTHS[width]),
        class_="width",
        viewBox="0 0 30 16",
        aria_hidden="true",
    )
    return tag("li", drawn, tag("span", _least(width)))


def _least(width: int) -> str:
    """From which load on a line is so wide."""
    if width == 1:
        return words.LESS
    told = (figure(marks[width - 2], unit) for unit, marks in SCALE.items())
    return " · ".join(f"{one.number:,.0f}" for one in told)
