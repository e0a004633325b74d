"""Where everything stands on the picture: 23 boxes, 31 lines, as data.

Placed by hand so that every line can be followed with one finger: lines are orthogonal,
no line touches a box it does not end at, no two lines lie on each other, the few
crossings are clean, and no badge covers anything but its own line.
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

BOUNDARY: Final = Place(146, 142, 1296, 720, ("Genesys Web Services",))

PLACES: Final[dict[str, Place]] = {
    "authentication": Place(440, 10, 392, 82, ("Authentication Service",)),
    "voicemail": Place(850, 10, 116, 82, ("Voicemail",)),
    "iwd": Place(984, 10, 116, 82, ("Intelligent", "Workload", "Distribution")),
    "digital-channels": Place(1118, 10, 116, 82, ("Digital", "Channels")),
    "ucs": Place(1252, 10, 116, 82, ("Universal", "Contact Service")),
    "clients": Place(12, 296, 116, 88, ("Clients /", "WWE /", "Agent Setup")),
    "service-proxy": Place(222, 184, 120, 396, ("Service proxy",)),
    "gplus-adapter": Place(222, 650, 120, 78, ("Gplus Adapter", "for Salesforce")),
    "agent-setup": Place(222, 768, 120, 64, ("Agent Setup",)),
    "provisioning": Place(430, 244, 156, 76, ("GWS Provisioning", "Service")),
    "consul": Place(430, 440, 156, 80, ("Consul",)),
    "workspace": Place(716, 184, 630, 182, ("GWS Workspace Service",)),
    "platform-services": Place(672, 440, 708, 230, ("Platform services",)),
    "configuration": Place(686, 470, 100, 88, ("GWS", "Configuration", "Service")),
    "setting": Place(802, 470, 100, 88, ("GWS", "Setting", "Service")),
    "statistics": Place(918, 470, 100, 88, ("GWS", "Statistics", "Service")),
    "data-collector": Place(1034, 470, 100, 88, ("GWS Data", "Collector", "Service")),
    "interaction": Place(1150, 470, 100, 88, ("GWS", "Interaction", "Service")),
    "voice": Place(1266, 470, 100, 88, ("GWS", "Voice", "Service")),
    "postgresql": Place(770, 750, 150, 76, ("PostgreSQL",)),
    "elasticsearch": Place(950, 750, 134, 76, ("Elasticsearch",)),
    "redis": Place(1100, 750, 260, 76, ("Redis",)),
    "tenant": Place(1502, 482, 90, 76, ("Tenant", "Service")),
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
    2: Route(((342, 556), (672, 556)), (510, 556)),
    3: Route(((342, 480), (430, 480)), (376, 480), stack=True),
    4: _straight(282, 580, 650, 609),
    5: Route(
        ((222, 556), (186, 556), (186, 800), (222, 800)), (186, 680), stack=True
    ),
    6: Route(((342, 214), (716, 214)), (600, 214)),
    7: Route(((342, 264), (430, 264)), (376, 264), stack=True),
    8: Route(((672, 506), (586, 506)), (631, 506), stack=True),
    9: _straight(872, 558, 750, 708),
    10: Route(((1380, 520), (1502, 520)), (1467, 520), stack=True),
    11: _straight(694, 440, 92, 118),
    12: _straight(1116, 558, 750, 718),
    13: _straight(1052, 558, 750, 694),
    14: _straight(790, 184, 92, 118),
    15: _straight(1084, 366, 470, 403),
    16: _straight(751, 366, 470, 403),
    17: _straight(908, 184, 92, 118),
    18: Route(
        ((1346, 275), (1410, 275), (1410, 788), (1360, 788)), (1410, 640), stack=True
    ),
    19: Route(((716, 346), (566, 346), (566, 440)), (566, 386)),
    20: _straight(508, 244, 92, 118),
    21: Route(
        ((586, 292), (626, 292), (626, 484), (686, 484)), (626, 410), stack=True
    ),
    22: _straight(466, 320, 440, 386),
    23: Route(((430, 300), (412, 300), (412, 788), (770, 788)), (590, 788)),
    24: _straight(1200, 558, 750, 694),
    25: _straight(1316, 558, 750, 694),
    26: _straight(1042, 184, 92, 118),
    27: _straight(1176, 184, 92, 118),
    28: _straight(1310, 184, 92, 118),
    29: _straight(1316, 366, 470, 403),
    30: _straight(968, 366, 470, 403),
    31: _straight(852, 366, 470, 403),
}  # fmt: skip


def area(place: Place) -> Rect:
    """The rectangle that a box covers."""
    return Rect(place.x, place.y, place.x + place.w, place.y + place.h)


def badge_area(route: Route) -> Rect:
    """The rectangle that a line's badge covers."""
    x, y = route.badge
    around = STACKED if route.stack else BADGE
    return Rect(x + around.left, y + around.top, x + around.right, y + around.bottom)


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
