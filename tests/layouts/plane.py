"""Rectangles against each other."""

from layouts.geometry import Rect


def grown(rect, by):
    return Rect(rect.left - by, rect.top - by, rect.right + by, rect.bottom + by)


def overlap(one, two):
    return (
        one.left < two.right
        and two.left < one.right
        and one.top < two.bottom
        and two.top < one.bottom
    )


def inside(inner, outer):
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def segment_area(segment):
    """A segment with the thickness of a failing line."""
    return grown(segment, 3)
