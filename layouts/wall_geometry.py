"""The picture of the wall: the map's arrangement, drawn to be read from five metres.

The same boxes, lines and numbers at the same places relative to each other, but with
badges and names four times as large, so that the places are its own. A badge holds the
status's sign and the number alone; a name is cut to what fits (`NAMES`), since the list
beside the picture says the whole of it. `tests/layouts/test_wall_geometry.py` proves
that nothing covers anything else.
"""

from __future__ import annotations

from typing import Final

from layouts.geometry import Place, Rect, Route

VIEW: Final = Rect(-8, -2, 1610, 902)
"""What is shown. On a screen of 16:9 it is 124.4 hundredths of the height wide, so that
a unit is 0.077 hundredths."""
NUMBER: Final = 43
"""The size of a number: its digits are 2.3 hundredths of the screen's height."""
NAME: Final = 27
"""The size of a name: 1.4 hundredths, in capitals."""
SIGN: Final = 29
HALF_HEIGHT: Final = 24
HALF_WIDTH: Final = {1: 33, 2: 48}
"""Half of a badge, by the number of digits."""

PLACES: Final[dict[str, Place]] = {
    "authentication": Place(440, 8, 392, 88, ("Authentication",)),
    "voicemail": Place(850, 8, 116, 88, ("Voice-", "mail")),
    "iwd": Place(984, 8, 116, 88, ("IWD",)),
    "digital-channels": Place(1110, 8, 132, 88, ("Digital", "Channels")),
    "ucs": Place(1252, 8, 122, 88, ("UCS",)),
    "clients": Place(4, 296, 124, 88, ("Clients",)),
    "service-proxy": Place(222, 184, 120, 396, ("Service", "proxy")),
    "gplus-adapter": Place(222, 650, 120, 84, ("Gplus", "Adapter")),
    "agent-setup": Place(222, 768, 120, 84, ("Agent", "Setup")),
    "provisioning": Place(430, 244, 150, 80, ("Provi-", "sioning")),
    "consul": Place(430, 440, 156, 80, ("Consul",)),
    "workspace": Place(716, 184, 630, 182, ("Workspace",)),
    "platform-services": Place(672, 440, 708, 230, ("Platform", "services")),
    "configuration": Place(685, 458, 102, 100, ("Config",)),
    "setting": Place(801, 458, 102, 100, ("Setting",)),
    "statistics": Place(917, 458, 102, 100, ("Stats",)),
    "data-collector": Place(1033, 458, 102, 100, ("Data", "Coll.")),
    "interaction": Place(1149, 458, 102, 100, ("Inter-", "action")),
    "voice": Place(1265, 458, 102, 100, ("Voice",)),
    "postgresql": Place(754, 770, 172, 84, ("PostgreSQL",)),
    "elasticsearch": Place(944, 770, 140, 84, ("Elastic-", "search")),
    "redis": Place(1100, 770, 260, 84, ("Redis",)),
    "tenant": Place(1506, 478, 100, 84, ("Tenant",)),
}


def _straight(x: int, top: int, bottom: int, badge: int) -> Route:
    return Route(((x, top), (x, bottom)), (x, badge))


ROUTES: Final[dict[int, Route]] = {
    1: Route(((128, 340), (222, 340)), (170, 340)),
    2: Route(((342, 568), (672, 568)), (510, 568)),
    3: Route(((342, 480), (430, 480)), (376, 480)),
    4: _straight(282, 580, 650, 610),
    5: Route(((222, 556), (186, 556), (186, 810), (222, 810)), (186, 680)),
    6: Route(((342, 214), (716, 214)), (600, 214)),
    7: Route(((342, 264), (430, 264)), (376, 264)),
    8: Route(((672, 508), (586, 508)), (629, 515)),
    9: _straight(872, 558, 770, 712),
    10: Route(((1380, 520), (1506, 520)), (1447, 520)),
    11: _straight(690, 440, 96, 126),
    12: _straight(1116, 558, 770, 600),
    13: _straight(1052, 558, 770, 712),
    14: _straight(796, 184, 96, 126),
    15: _straight(1084, 366, 458, 403),
    16: _straight(751, 366, 458, 403),
    17: _straight(908, 184, 96, 126),
    18: Route(((1346, 275), (1396, 275), (1396, 810), (1360, 810)), (1398, 340)),
    19: Route(((716, 346), (566, 346), (566, 440)), (566, 392)),
    20: _straight(508, 244, 96, 126),
    21: Route(((580, 292), (626, 292), (626, 484), (685, 484)), (634, 316)),
    22: _straight(466, 324, 440, 380),
    23: Route(((430, 300), (412, 300), (412, 810), (754, 810)), (590, 810)),
    24: _straight(1206, 558, 770, 712),
    25: _straight(1316, 558, 770, 712),
    26: _straight(1042, 184, 96, 126),
    27: _straight(1174, 184, 96, 126),
    28: _straight(1310, 184, 96, 126),
    29: _straight(1308, 366, 458, 403),
    30: _straight(968, 366, 458, 403),
    31: _straight(852, 366, 458, 403),
}  # fmt: skip


def badge(number: int) -> Rect:
    """The rectangle that a badge covers."""
    x, y = ROUTES[number].badge
    half = HALF_WIDTH[len(str(number))]
    return Rect(x - half, y - HALF_HEIGHT, x + half, y + HALF_HEIGHT)
