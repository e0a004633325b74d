"""Incidents over the lanes: a bracket with its name, and a band through all lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.domain.incidents import Incident
from app.domain.subject import NodeId
from app.domain.topology import Topology
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings_timeline import INCIDENTS
from layouts.timeline_view import View, moment

MOST_STACKED: Final = 4
"""So many stand above one another; the list has them all."""
FLIPPED: Final = 80.0
"""Per cent of the span from which a name stands before its bracket."""
NAME_ROOM: Final = 0.14
"""Of the span: what the name of a short one needs beside the next."""


def brackets(
    topology: Topology, incidents: Sequence[Incident], view: View
) -> tuple[Markup, Markup]:
    """Their row: its name, and its track."""
    placed = [*_stacked(incidents, view)]
    levels = max((level for _, level in placed), default=0) + 1
    height = f"--levels:{levels}"
    drawn = [_bracket(topology, one, view, level) for one, level in placed]
    name = tag("div", tag("span", INCIDENTS), class_="tl-head", style=height)
    return name, tag("div", drawn, class_="tl-incidents", style=height)


def shades(incidents: Sequence[Incident], view: View) -> Iterator[Markup]:
    for one in incidents:
        yield tag(
            "i",
            class_="tl-shade",
            style=view.place(*_clipped(one, view)),
            data_status=one.worst.value,
            data_open=one.open,
        )


def suspected(topology: Topology, one: Incident) -> str:
    """Who was suspected, by name."""
    labels: dict[str, str] = {box.id: box.label for box in topology.boxes}
    return ", ".join(labels.get(NodeId(named.who), named.who) for named in one.suspects)


def _stacked(
    incidents: Sequence[Incident], view: View
) -> Iterator[tuple[Incident, int]]:
    """Each with the first level that is free when it begins."""
    room = (view.end - view.begin) * NAME_ROOM
    ends: list[datetime] = []
    for one in sorted(incidents, key=lambda one: (one.start, one.id)):
        begin, end = _clipped(one, view)
        free = (level for level, until in enumerate(ends) if until <= begin)
        level = next(free, len(ends))
        if level == MOST_STACKED:
            continue
        ends[level : level + 1] = [max(end, begin + room)]
        yield one, level


def _bracket(topology: Topology, one: Incident, view: View, level: int) -> Markup:
    suspects = suspected(topology, one)
    said = f"{one.id}: {suspects}" if suspects else one.id
    return tag(
        "a",
        sign(one.worst.value, part=False),
        tag("span", said),
        class_="tl-incident",
        style=f"{view.place(*_clipped(one, view))};--level:{level}",
        href=moment(view.deployment, one.start),
        title=said,
        tabindex=-1,
        data_status=one.worst.value,
        data_open=one.open,
        data_flip=view.share(_clipped(one, view)[0]) > FLIPPED,
    )


def _clipped(one: Incident, view: View) -> tuple[datetime, datetime]:
    begin = min(max(one.start, view.begin), view.ahead)
    return begin, max(begin, min(one.end or view.ahead, view.ahead))
