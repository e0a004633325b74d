"""Where everything stands on the picture: 23 boxes, 31 lines, as data.

Placed by hand so that every line can be followed with one finger: lines are orthogonal,
no line touches a box it does not end at, no two lines lie on each other, the few
crossings are clean, and neither a badge nor what may stand at it (its witnesses, a sign
that they disagree) covers anything but its own line.
`tests/layouts/test_geometry.py` proves it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

WIDTH: Final = 1600
HEIGHT: Final = 900


class Place(NamedTuple):
    """A box: its rectangle and its label, line by line."""

    x: int
    y: int
    w: int
    h: int
    lines: tuple[str, ...]


class Route(NamedTuple):
    """A line from its source to its destination, and the middle of its badge.

    `stack`: the value stands under the number (for short horizontal lines) instead of
    beside it.
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


BADGE: Final = Rect(-42, -11, 42, 11)
STACKED: Final = Rect(-23, -10, 23, 26)
"""What a badge covers around its middle."""
CELL: Final = 14
"""Each witness has a square of this size in the row under a badge."""
MOST_WITNESSES: Final = 6
DIFFER: Final = 7
"""Radius of the sign that witnesses disagree."""

BOUNDARY: Final = Place(146, 155, 1296, 706, ("Genesys Web Services",))

PLACES: Final[dict[str, Place]] = {
    "authentication": Place(440, 6, 392, 90, ("Authentication Service",)),
    "voicemail": Place(850, 6, 116, 90, ("Voicemail",)),
    "iwd": Place(984, 6, 116, 90, ("Intelligent", "Workload", "Distribution")),
    "digital-channels": Place(1116, 6, 116, 90, ("Digital", "Channels")),
    "ucs": Place(1248, 6, 124, 90, ("Universal", "Contact Service")),
    "clients": Place(12, 296, 116, 88, ("Clients /", "WWE /", "Agent Setup")),
    "service-proxy": Place(222, 184, 120, 396, ("Service proxy",)),
    "gplus-adapter": Place(222, 650, 120, 80, ("Gplus Adapter", "for Salesforce")),
    "agent-setup": Place(222, 768, 120, 68, ("Agent Setup",)),
    "provisioning": Place(430, 244, 156, 80, ("GWS Provisioning", "Service")),
    "consul": Place(430, 440, 156, 80, ("Consul",)),
    "workspace": Place(716, 184, 630, 182, ("GWS Workspace Service",)),
    "platform-services": Place(672, 440, 708, 230, ("Platform services",)),
    "configuration": Place(685, 458, 102, 100, ("GWS", "Configuration", "Service")),
    "setting": Place(801, 458, 102, 100, ("GWS", "Setting", "Service")),
    "statistics": Place(917, 458, 102, 100, ("GWS", "Statistics", "Service")),
    "data-collector": Place(1033, 458, 102, 100, ("GWS Data", "Collector", "Service")),
    "interaction": Place(1149, 458, 102, 100, ("GWS", "Interaction", "Service")),
    "voice": Place(1265, 458, 102, 100, ("GWS", "Voice", "Service")),
    "postgresql": Place(760, 770, 160, 80, ("PostgreSQL",)),
    "elasticsearch": Place(944, 770, 140, 80, ("Elasticsearch",)),
    "redis": Place(1100, 770, 260, 80, ("Redis",)),
    "tenant": Place(1502, 478, 92, 84, ("Tenant", "Service")),
}

CHIPS: Final[dict[str, tuple[str, Place]]] = {
    "gws-platform-ocs": ("OCS", Place(686, 630, 54, 26, ())),
    "gws-platform-chat": ("Chat", Place(746, 630, 54, 26, ())),
    "gws-platform-ucs": ("UCS", Place(806, 630, 54, 26, ())),
}
"""Workloads that are Platform services themselves and have no box of their own."""


def _straight(x: int, top: int, bottom: int, badge: int) -> Route:
    return Route(((x, top), (x, bottom)), (x, badge))


ROUTES: Final[dict[int, Route]] = {
    1: Route(((128, 340), (222, 340)), (176, 340), stack=True),
    2: Route(((342, 568), (672, 568)), (510, 568)),
    3: Route(((342, 480), (430, 480)), (376, 480), stack=True),
    4: _straight(282, 580, 650, 609),
    5: Route(
        ((222, 556), (186, 556), (186, 800), (222, 800)), (186, 680), stack=True
    ),
    6: Route(((342, 214), (716, 214)), (600, 214)),
    7: Route(((342, 264), (430, 264)), (376, 264), stack=True),
    8: Route(((672, 508), (586, 508)), (631, 508), stack=True),
    9: _straight(872, 558, 770, 706),
    10: Route(((1380, 520), (1502, 520)), (1467, 520), stack=True),
    11: _straight(694, 440, 96, 121),
    12: _straight(1116, 558, 770, 732),
    13: _straight(1052, 558, 770, 692),
    14: _straight(790, 184, 96, 121),
    15: _straight(1084, 366, 458, 396),
    16: _straight(751, 366, 458, 396),
    17: _straight(908, 184, 96, 121),
    18: Route(
        ((1346, 275), (1410, 275), (1410, 810), (1360, 810)), (1410, 640), stack=True
    ),
    19: Route(((716, 346), (566, 346), (566, 440)), (566, 380)),
    20: _straight(508, 244, 96, 121),
    21: Route(
        ((586, 292), (626, 292), (626, 484), (685, 484)), (626, 420), stack=True
    ),
    22: _straight(466, 324, 440, 380),
    23: Route(((430, 300), (412, 300), (412, 810), (760, 810)), (590, 810)),
    24: _straight(1220, 558, 770, 706),
    25: _straight(1316, 558, 770, 706),
    26: _straight(1042, 184, 96, 121),
    27: _straight(1174, 184, 96, 121),
    28: _straight(1310, 184, 96, 121),
    29: _straight(1316, 366, 458, 396),
    30: _straight(968, 366, 458, 396),
    31: _straight(852, 366, 458, 396),
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
