"""How a number of the capacity review is written: one rounding for the page, the PDF,
the workbook, the CSV and the API, so that they equal each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from app.domain.capacity_terms import ENOUGH_DAYS, DaysLeft, Left, Unit

MISSING: Final = "–"
"""Shown where nothing was measured; an export leaves the cell empty."""
DIGITS: Final = 3
"""Significant ones; a number of four digits or more keeps all before the point."""
SCALE: Final = {Unit.SHARE: 100.0, Unit.BYTES: 1 / 2**20}
WHOLE: Final = frozenset({Unit.PODS, Unit.DAYS, Unit.SECONDS})
"""Units of which there are no parts."""
COUNTED: Final = frozenset(
    {
        Unit.CONNECTIONS,
        Unit.CLIENTS,
        Unit.USERS,
        Unit.CORES,
        Unit.PODS,
        Unit.DAYS,
    }
)
"""Units of which one is called otherwise than many."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`number`: as shown, in `unit` (percent, MiB); `text`: it with its unit."""

    number: float | None
    unit: Unit
    text: str


def figure(value: float | None, unit: Unit, *, signed: bool = False) -> Figure:
    """`figure(0.3127, Unit.SHARE)`: 31.3, `31.3%`. `signed`: with a plus where it
    grows."""
    if value is None or not math.isfinite(value):
        return Figure(None, unit, MISSING)
    shown = value * SCALE.get(unit, 1.0)
    places = 0 if unit in WHOLE else _places(shown)
    number = round(shown, places) + 0.0
    text = f"{number:{'+' if signed and number else ''},.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Figure(number, unit, f"{text}{_name(number, unit)}")


def _places(shown: float) -> int:
    """Decimals that leave three significant digits, at most three."""
    size = abs(shown)
    if size < 10**-DIGITS:
        return DIGITS
    return min(DIGITS, max(0, DIGITS - 1 - math.floor(math.log10(size))))


def _name(number: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return unit.value
    one = number == 1 and unit in COUNTED
    return f" {unit.value.removesuffix('s') if one else unit.value}"


def days_left(left: DaysLeft) -> str:
    """In words: `in 41 to 66 days`."""
    texts = {
        Left.REACHED: "reached",
        Left.BEYOND: f"not within {left.horizon_days} days",
        Left.NOT_RISING: "not rising",
        Left.NOT_ENOUGH: f"not enough history: {left.have} of {ENOUGH_DAYS} days",
        Left.NO_LIMIT: "no limit known",
    }
    if left.left is not Left.RANGE:
        return texts[left.left]
    days = f"in {figure(left.earliest, Unit.DAYS).text}"
    if left.latest is None:
        return f"{days} or more"
    if left.earliest == left.latest:
        return days
    return f"in {left.earliest} to {left.latest} days"


def days_label(left: DaysLeft) -> str:
    """The same, short enough for the map: `41–66 d`."""
    texts = {
        Left.REACHED: "full",
        Left.BEYOND: f">{left.horizon_days} d",
        Left.NOT_RISING: "steady",
        Left.NOT_ENOUGH: "?",
        Left.NO_LIMIT: "",
    }
    if left.left is not Left.RANGE:
        return texts[left.left]
    if left.latest is None:
        return f">{left.earliest} d"
    if left.earliest == left.latest:
        return f"{left.earliest} d"
    return f"{left.earliest}–{left.latest} d"
