"""A route as the strokes of a drawing: the line, its arrow, its bridges over others."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from layouts.geometry import Route, crossings

BEND: Final = 9
BRIDGE: Final = 8
ARROW: Final = 11
UNDER_ARROW: Final = 8
"""The line ends under its arrow's base, so that the tip stays sharp."""

Point = tuple[int, int]


def path(route: Route) -> str:
    """The line, corners rounded."""
    points = list(route.points)
    dx, dy = _direction(points[-2], points[-1])
    points[-1] = (points[-1][0] - dx * UNDER_ARROW, points[-1][1] - dy * UNDER_ARROW)
    drawn = f"M{points[0][0]} {points[0][1]}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        bend = min(BEND, _length(before, corner), _length(corner, after))
        ix, iy = _direction(before, corner)
        ox, oy = _direction(corner, after)
        x, y = corner
        drawn += f"L{x - ix * bend} {y - iy * bend}"
        drawn += f"Q{x} {y} {x + ox * bend} {y + oy * bend}"
    return drawn + f"L{points[-1][0]} {points[-1][1]}"


def bridges(number: int) -> str:
    """Short pieces of the line that blank out what it passes over."""
    spots = _CROSSINGS.get(number, ())
    return "".join(
        f"M{x - BRIDGE} {y}H{x + BRIDGE}" if flat else f"M{x} {y - BRIDGE}V{y + BRIDGE}"
        for x, y, flat in spots
    )


def arrow(route: Route) -> str:
    """The head, its tip on the box."""
    *_, (before, (x, y)) = pairwise(route.points)
    dx, dy = _direction(before, (x, y))
    back_x, back_y = x - dx * ARROW, y - dy * ARROW
    left = f"{back_x - dy * 6} {back_y + dx * 6}"
    right = f"{back_x + dy * 6} {back_y - dx * 6}"
    return f"M{x} {y}L{left}L{right}Z"


def _direction(start: Point, end: Point) -> Point:
    return _sign(end[0] - start[0]), _sign(end[1] - start[1])


def _length(start: Point, end: Point) -> int:
    return abs(end[0] - start[0]) + abs(end[1] - start[1])


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


_CROSSINGS: Final = crossings()
