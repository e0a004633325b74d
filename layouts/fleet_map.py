"""The picture in small, drawn a hundred times: its shape once, of each card the rest.

A well deployment is one `<use>` of the whole picture. What is not well is drawn over
it, all lines of one status as a single path, so that a card has a handful of elements
and not fifty. `assets/fleet_paint.js` draws the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from app.domain.fleet import BOXES, LETTERS, NUMBERS
from app.domain.status import Status
from layouts.geometry import HEIGHT, PLACES, ROUTES, WIDTH, Place, Route
from layouts.markup import Markup, join, tag

SYMBOL: Final = "gws-fleet-map"
BASE: Final = LETTERS[Status.OK]
"""What the symbol shows."""
DRAWN: Final = tuple(
    (LETTERS[status], status.value) for status in reversed(Status) if status != "ok"
)
"""What is drawn over it, the worst last, so that nothing lies over that."""
_OTHERS: Final = "".join(letter for letter, _ in DRAWN)


def line(route: Route) -> str:
    """A line without its arrow and its rounded corners: they would not be seen."""
    return "M" + " ".join(f"{x} {y}" for x, y in route.points)


def outline(place: Place) -> str:
    return f"M{place.x} {place.y}h{place.w}v{place.h}h-{place.w}z"


LINES: Final = tuple(line(ROUTES[number]) for number in NUMBERS)
OUTLINES: Final = tuple(outline(PLACES[box]) for box in BOXES)


def symbol() -> Markup:
    """The whole picture, all of it well; once in a page."""
    drawn = tag(
        "symbol",
        tag("path", class_="fleet-lines", d="".join(LINES)),
        tag("path", class_="fleet-boxes", d="".join(OUTLINES)),
        id=SYMBOL,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
    )
    return tag(
        "svg", tag("defs", drawn), class_="symbols", width=0, height=0,
        aria_hidden="true", focusable="false",
    )  # fmt: skip


def small_map(connections: str, nodes: str) -> Markup:
    """The picture of one deployment; the statuses as a card has them."""
    return tag(
        "svg",
        tag("use", href=f"#{SYMBOL}"),
        join(_over(connections, nodes)),
        class_="fleet-map",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        aria_hidden="true",
        focusable="false",
        data_part="map",
    )


def for_browser() -> dict[str, Any]:
    """What `assets/fleet_paint.js` draws with."""
    return {
        "symbol": SYMBOL,
        "base": BASE,
        "drawn": DRAWN,
        "lines": LINES,
        "outlines": OUTLINES,
        "letters": LETTERS,
    }


def _over(connections: str, nodes: str) -> Iterator[Markup]:
    blank = _pick(connections, LINES, _OTHERS) + _pick(nodes, OUTLINES, _OTHERS)
    if blank:
        yield tag("path", class_="fleet-blank", d=blank)
    yield from _layer("fleet-lines", connections, LINES)
    yield from _layer("fleet-boxes", nodes, OUTLINES)


def _layer(class_: str, letters: str, shapes: Sequence[str]) -> Iterator[Markup]:
    for letter, status in DRAWN:
        drawn = _pick(letters, shapes, letter)
        if drawn:
            yield tag("path", class_=class_, data_status=status, d=drawn)


def _pick(letters: str, shapes: Sequence[str], wanted: str) -> str:
    """The shapes whose letter is one of `wanted`."""
    pairs = zip(letters, shapes, strict=True)
    return "".join(shape for letter, shape in pairs if letter in wanted)
