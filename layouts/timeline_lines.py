"""The lanes one by one: a name at the left, and a track over the time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from app.domain.instants import instant
from app.domain.status import Status
from app.domain.timeline import Kind, Lane, Turn
from app.domain.topology import Topology
from layouts import says, timeline_marks
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.pages import MAP
from layouts.strings import SOURCES
from layouts.strings_timeline import (
    FOLD,
    GROUPS,
    HAPPENED,
    NOTE,
    TO,
    UNFOLD,
    WHATS,
)
from layouts.timeline_marks import Mark, clusters
from layouts.timeline_rows import Bar, Group, Row, bars
from layouts.timeline_view import Seen, View, moment

SIGNED: Final = 1.6
"""Per cent of the span from which a segment has room for its sign."""
TEXT_MOST: Final = 200

Line = tuple[Markup, Markup]
"""A row: its name, and its track."""


def strip(topology: Topology, seen: Seen, view: View) -> Line:
    """All that happened, whatever the lane, and notes."""
    turns = [turn for turn in seen.turns(view) if turn.what in WHATS]
    marks = [_mark(topology, turn, view) for turn in turns]
    marks += [_note(note, view) for note in seen.notes]
    here = [mark for mark in marks if view.begin <= mark.at <= view.end]
    name = tag("div", tag("span", HAPPENED), class_="tl-head tl-strip")
    return name, tag("div", _marks(here, view), class_="tl-track tl-strip")


def lines(topology: Topology, group: Group, view: View) -> Iterator[Line]:
    """The rows of a group: its title, its lanes, and the folded ones."""
    title = tag("div", tag("h3", GROUPS[group.kind]), class_="tl-group")
    yield title, tag("div", class_="tl-group")
    for row in group.rows:
        yield _line(topology, row, view)
    if group.calm:
        yield _fold(group, view)
        for row in group.calm if view.open else ():
            yield _line(topology, row, view)


def called(topology: Topology, lane: Lane) -> str:
    """A lane in words: `17, GWS Workspace Service to Voicemail`, `Redis`. One that the
    picture no longer has is called by its name."""
    if lane.number is not None and _known(topology, lane):
        ends = says.ends(topology, topology.connection(lane.number))
        return f"{lane.number}, {' to '.join(ends)}"
    if lane.node is not None and _known(topology, lane):
        return topology.box(lane.node).label
    return SOURCES.get(lane.name, lane.name)


def _known(topology: Topology, lane: Lane) -> bool:
    if lane.number is not None:
        return any(one.number == lane.number for one in topology.connections)
    return any(box.id == lane.node for box in topology.boxes)


def _mark(topology: Topology, turn: Turn, view: View) -> Mark:
    text = timeline_marks.words(turn, called(topology, turn.lane))
    return Mark(turn.at, turn.what, text, moment(view.deployment, turn.at, turn.lane))


def _note(note: says.State, view: View) -> Mark:
    at = datetime.fromisoformat(note["at"])
    text = f"{note['by']}: {note['text'][:TEXT_MOST]}"
    return Mark(at, NOTE, text, moment(view.deployment, at))


def _marks(marks: Iterable[Mark], view: View) -> list[Markup]:
    return [
        timeline_marks.shown(one, view.place(one.first.at))
        for one in clusters(marks, view.span)
    ]


def _fold(group: Group, view: View) -> Line:
    shown = tag(
        "a",
        group.folded,
        href=view.address(open=None if view.open else "1"),
        title=FOLD if view.open else UNFOLD,
        data_tl_go=True,
    )
    line = tag("i", class_="tl-well", data_status=Status.OK.value)
    return tag("div", shown, class_="tl-fold"), tag("div", line, class_="tl-fold")


def _line(topology: Topology, row: Row, view: View) -> Line:
    words = called(topology, row.lane)
    status = row.segments[-1].status if row.segments else None
    key = f"{row.lane.kind} {row.lane.name}"
    named = _named(topology, row.lane, words)
    name = tag(
        "div",
        sign(status.value, part=False) if status else None,
        tag("a", named, href=_present(view, row.lane), title=words),
        class_="tl-name",
        data_status=status.value if status else "unwatched",
        data_tl_name=key,
    )
    marks = [_mark(topology, turn, view) for turn in row.marks]
    drawn = [_bar(one, view) for one in bars(row.segments, view.span)]
    track = [*drawn, *_marks(marks, view)]
    return name, tag("div", track, class_="tl-track", data_lane=key, data_label=words)


def _named(topology: Topology, lane: Lane, words: str) -> Sequence[Markup]:
    if lane.number is None or not _known(topology, lane):
        return (tag("span", words),)
    ends = says.ends(topology, topology.connection(lane.number))
    source, destination = map(_short, ends)
    to = tag("span", TO, class_="to")
    return tag("b", lane.number), tag("span", " ", source, to, destination)


def _short(label: str) -> str:
    """What most names begin and end with tells none from another."""
    return label.removeprefix("GWS ").removesuffix(" Service")


def _present(view: View, lane: Lane) -> str:
    """The picture of now, with the lane chosen."""
    if lane.kind is Kind.SOURCE:
        return MAP.path(view.deployment)
    asked = f"c={lane.name}" if lane.number is not None else f"node={lane.name}"
    return f"{MAP.path(view.deployment)}?{asked}"


def _bar(bar: Bar, view: View) -> Markup:
    """`data-end` is missing where it goes on."""
    one = bar.worst
    goes_on = bar.end >= view.end and view.length is not None
    end = view.ahead if goes_on and one.status else bar.end
    return tag(
        "i",
        _sign(bar, view),
        class_="tl-bar",
        style=view.place(bar.begin, end),
        data_status=one.status.value if one.status else "unwatched",
        data_begin=instant(bar.begin),
        data_end=None if goes_on else instant(bar.end),
        data_text=one.text[:TEXT_MOST] or None,
        data_changes=bar.count if bar.count > 1 else None,
        data_found=not one.exact,
    )


def _sign(bar: Bar, view: View) -> Markup | None:
    """Where there is room for it, and it is not simply well."""
    status = bar.worst.status
    if status is None or status.rank <= Status.IDLE.rank:
        return None
    wide = view.share(bar.end) - view.share(bar.begin) >= SIGNED
    return sign(status.value, part=False) if wide else None
