"""The capacity lens: what is drawn on each line of the map in place of its status.

The width of a line is its p95 load, the fill of its plate the headroom at its end, its
label the days left. Statuses stay where they are, in the signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.domain.capacity import Fill, Lens, LensMark, Review
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import Unit
from layouts import strings_lens as words

WIDTHS: Final = (1.2, 2, 4, 6.5, 9.5, 13)
"""Of a line, by `LensMark.width`; the first where no load is measured."""
FILLS: Final = (Fill.FREE, Fill.NEAR, Fill.FULL, Fill.UNKNOWN)


def for_browser(review: Review) -> dict[str, Any]:
    """For `assets/lens.js`, as JSON."""
    return {
        "marks": {str(one.number): _mark(one) for one in review.lens.marks},
        "widths": list(widths(review.lens)),
        "told": words.REVIEWED.format(
            begin=f"{review.choices.begin:%Y-%m-%d}",
            end=f"{review.choices.end:%Y-%m-%d}",
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


def widths(lens: Lens) -> Iterator[str]:
    """What each of the five widths stands for: `2 to 8 requests/s`."""
    for width in range(1, len(WIDTHS)):
        yield "; ".join(
            _from(marks, width, unit) for unit, marks in lens.widths.items()
        )


def _from(marks: tuple[float, ...], width: int, unit: Unit) -> str:
    if width == 1:
        first = figure(marks[0], unit).text if marks else ""
        return words.BELOW.format(most=first)
    return words.FROM.format(least=figure(marks[width - 2], unit).text)
