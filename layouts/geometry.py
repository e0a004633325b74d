"""Where everything stands on the picture: 23 boxes, 31 lines, as data.

Placed by hand so that every line can be followed with one finger: lines are orthogonal,
no line touches a box it does not end at, no two lines lie on each other, the few
crossings are clean, and neither a badge nor what may stand at it (its witnesses, a sign
that they disagree, a count of changes) covers anything but its own line.
`tests/layouts/test_geometry.py` proves it.

Every text is written in `TEXT` units, in a font as wide as DejaVu Sans, and has room
for that: on a picture 1250 px wide, the narrowest that is shown, that is 12 px.
"""

from __future__ import annotations

from typing import Final, NamedTuple

WIDTH: Final = 1600
HEIGHT: Final = 900
TEXT: Final = 15.4
"""The size of every text, as in `assets/gws.css`."""
LEAST_WIDTH_PX: Final = 1250
"""A narrower picture is scrolled instead, as in `assets/tools.css`."""


class Place(NamedTuple):
    """A box: its rectangle and its label, line by line."""

    x: int
    y: int
    w: int
    h: int
    lines: tuple[str, ...]


class Route(NamedTuple):
    """A line from its source to its destination, and the middle of its badge.

    `stack`: the value stands under the number (where there is no room to the sides)
    instead of beside it.
    """

    points: tuple[tuple[int, int], ...]
    badge: tuple[int, int]
    stack: bool = False


class Rect(NamedTuple):
    """A rectangle by its edges."""

    left: int
    top: int
    right: int
    bottom: int


BADGE: Final = Rect(-62, -13, 62, 13)
STACKED: Final = Rect(-37, -13, 37, 31)
"""What a badge covers around its middle."""
CELL: Final = 18
"""Each witness has a square of this size in the row under a badge."""
MOST_WITNESSES: Final = 6
DIFFER: Final = 7
"""Radius of the sign that witnesses disagree."""
FLAP: Final = 34
"""How wide a count of changes may be: `×12`."""

BOUNDARY: Final = Place(136, 173, 1354, 719, ("Genesys Web Services",))

PLACES: Final[dict[str, Place]] = {
    "authentication": Place(430, 6, 416, 96, ("Authentication Service",)),
    "voicemail": Place(862, 6, 116, 96, ("Voicemail",)),
    "iwd": Place(992, 6, 116, 96, ("Intelligent", "Workload", "Distribution")),
    "digital-channels": Place(1122, 6, 116, 96, ("Digital", "Channels")),
    "ucs": Place(1252, 6, 116, 96, ("Universal", "Contact", "Service")),
    "clients": Place(6, 400, 120, 104, ("Clients /", "WWE /", "Agent Setup")),
    "service-proxy": Place(194, 201, 120, 417, ("Service", "proxy")),
    "gplus-adapter": Place(194, 716, 120, 94, ("Gplus", "Adapter for", "Salesforce")),
    "agent-setup": Place(194, 824, 120, 62, ("Agent Setup",)),
    "provisioning": Place(422, 246, 130, 98, ("GWS", "Provisioning", "Service")),
    "consul": Place(422, 458, 130, 72, ("Consul",)),
    "workspace": Place(674, 198, 710, 176, ("GWS Workspace Service",)),
    "platform-services": Place(634, 448, 830, 236, ("Platform services",)),
    "configuration": Place(647, 464, 124, 102, ("GWS", "Configuration", "Service")),
    "setting": Place(783, 464, 124, 102, ("GWS", "Setting", "Service")),
    "statistics": Place(919, 464, 124, 102, ("GWS", "Statistics", "Service")),
    "data-collector": Place(1055, 464, 124, 102, ("GWS Data", "Collector", "Service")),
    "interaction": Place(1191, 464, 124, 102, ("GWS", "Interaction", "Service")),
    "voice": Place(1327, 464, 124, 102, ("GWS", "Voice", "Service")),
    "postgresql": Place(740, 806, 176, 78, ("PostgreSQL",)),
    "elasticsearch": Place(934, 806, 170, 78, ("Elasticsearch",)),
    "redis": Place(1130, 806, 318, 78, ("Redis",)),
    "tenant": Place(1496, 604, 98, 90, ("Tenant", "Service")),
}

CHIPS: Final[dict[str, tuple[str, Place]]] = {
    "gws-platform-ocs": ("OCS", Place(896, 580, 104, 26, ())),
    "gws-platform-chat": ("Chat", Place(896, 614, 104, 26, ())),
    "gws-platform-ucs": ("UCS", Place(896, 648, 104, 26, ())),
}
"""Workloads that are Platform services themselves and have no box of their own."""


def _straight(x: int, top: int, bottom: int, badge: int) -> Route:
    return Route(((x, top), (x, bottom)), (x, badge))


ROUTES: Final[dict[int, Route]] = {
    1: Route(((34, 400), (34, 300), (194, 300)), (90, 300), stack=True),
    2: Route(((314, 604), (634, 604)), (460, 604), stack=True),
    3: Route(((314, 494), (422, 494)), (355, 494), stack=True),
    4: _straight(279, 618, 716, 652),
    5: Route(
        ((194, 590), (176, 590), (176, 856), (194, 856)), (176, 645), stack=True
    ),
    6: Route(((314, 210), (674, 210)), (588, 210)),
    7: Route(((314, 270), (422, 270)), (355, 270), stack=True),
    8: Route(((634, 564), (487, 564), (487, 530)), (570, 564)),
    9: _straight(872, 566, 806, 742),
    10: Route(((1464, 480), (1545, 480), (1545, 604)), (1545, 519), stack=True),
    11: _straight(658, 448, 102, 135),
    12: _straight(1158, 566, 806, 742),
    13: _straight(1074, 566, 806, 603),
    14: _straight(788, 198, 102, 135),
    15: _straight(1117, 374, 464, 407),
    16: _straight(725, 374, 464, 407),
    17: _straight(920, 198, 102, 135),
    18: Route(
        ((1384, 286), (1478, 286), (1478, 845), (1448, 845)), (1428, 286), stack=True
    ),
    19: Route(((674, 360), (526, 360), (526, 458)), (526, 378), stack=True),
    20: _straight(487, 246, 102, 135),
    21: Route(
        ((552, 290), (594, 290), (594, 534), (647, 534)), (594, 452), stack=True
    ),
    22: Route(((448, 344), (448, 458)), (448, 377), stack=True),
    23: Route(((422, 326), (404, 326), (404, 845), (740, 845)), (572, 845)),
    24: _straight(1262, 566, 806, 603),
    25: _straight(1389, 566, 806, 742),
    26: _straight(1050, 198, 102, 135),
    27: _straight(1180, 198, 102, 135),
    28: _straight(1310, 198, 102, 135),
    29: _straight(1364, 374, 464, 407),
    30: _straight(981, 374, 464, 407),
    31: _straight(852, 374, 464, 407),
}  # fmt: skip


def area(place: Place) -> Rect:
    """The rectangle that a box covers."""
    return Rect(place.x, place.y, place.x + place.w, place.y + place.h)


def badge_area(route: Route) -> Rect:
    """The rectangle that a line's badge covers."""
    x, y = route.badge
    around = STACKED if route.stack else BADGE
    return Rect(x + around.left, y + around.top, x + around.right, y + around.bottom)


def witness_cells(route: Route, count: int) -> tuple[tuple[int, int], ...]:
    """Where the marks of so many witnesses stand, relative to a badge's middle: each
    one's upper left corner, in a row under it; under a stacked badge in two."""
    around = STACKED if route.stack else BADGE
    wide = (count + 1) // 2 if route.stack else count
    left, top = -wide * CELL // 2, around.bottom + 2
    return tuple(
        (left + place % wide * CELL, top + place // wide * CELL)
        for place in range(count)
    )


def witness_area(route: Route) -> Rect:
    """The rectangle that all witnesses of a line together may cover."""
    cells = witness_cells(route, MOST_WITNESSES)
    x, y = route.badge
    xs, ys = ({cell[axis] for cell in cells} for axis in (0, 1))
    return Rect(x + min(xs), y + min(ys), x + max(xs) + CELL, y + max(ys) + CELL)


def differ_middle(route: Route) -> tuple[int, int]:
    """Where the sign that witnesses disagree stands, relative to a badge's middle."""
    around = STACKED if route.stack else BADGE
    return around.right - 6, around.top - 3


def flap_area(route: Route) -> Rect:
    """The rectangle that a count of changes may cover, over a badge's upper left."""
    left, top = badge_area(route)[:2]
    return Rect(left + 1, top - 18, left + 1 + FLAP, top - 2)


def differ_area(x: int, y: int) -> Rect:
    """The rectangle that the sign covers around its middle."""
    return Rect(x - DIFFER, y - DIFFER, x + DIFFER, y + DIFFER)


def crossings() -> dict[int, tuple[tuple[int, int, bool], ...]]:
    """Where a line passes over one with a smaller number: x, y, is it horizontal?"""
    found = {
        upper: tuple(
            spot
            for lower in ROUTES
            if lower < upper
            for mine in segments(ROUTES[upper])
            for other in segments(ROUTES[lower])
            if (spot := _crossing(mine, other)) is not None
        )
        for upper in ROUTES
    }
    return {number: spots for number, spots in found.items() if spots}


def segments(route: Route) -> tuple[Rect, ...]:
    """The straight pieces of a line, each as a rectangle without width or height."""
    ends = zip(route.points, route.points[1:], strict=False)
    return tuple(
        Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for (x0, y0), (x1, y1) in ends
    )


def _crossing(mine: Rect, other: Rect) -> tuple[int, int, bool] | None:
    flat = mine.top == mine.bottom
    if flat == (other.top == other.bottom):
        return None
    across, down = (mine, other) if flat else (other, mine)
    x, y = down.left, across.top
    within = across.left < x < across.right and down.top < y < down.bottom
    return (x, y, flat) if within else None
