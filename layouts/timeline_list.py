"""The same in words: incidents, and every turn as a row that leads to its moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.domain.incidents import Incident
from app.domain.instants import instant
from app.domain.status import Status
from app.domain.timeline import Turn, What
from app.domain.topology import Topology
from layouts import figures, timeline_marks
from layouts.glyphs import sign
from layouts.markup import Markup, join, tag
from layouts.pages import compared, incident_path
from layouts.strings import WORDS
from layouts.strings_timeline import (
    BEFORE_AND_AFTER,
    FILTER,
    FOUND,
    INCIDENTS,
    LISTED_MOST,
    LOOK_AT,
    NO_MATCH,
    NONE_THERE,
    NOTHING,
    POSTMORTEM,
    STILL_OPEN,
    TO,
    TURNS,
    UNWATCHED,
    WHATS,
)
from layouts.timeline_incidents import suspected
from layouts.timeline_lines import called
from layouts.timeline_view import Seen, View, moment

MOST: Final = 400
"""Rows; of more turns, the newest."""
COLUMNS: Final = ("When", "What", "Why")
JUST: Final = timedelta(seconds=5)
"""Before it began it was well, and after it ended again."""


def incidents(topology: Topology, seen: Seen, view: View) -> Markup:
    """The newest first."""
    newest = sorted(seen.incidents, key=lambda one: (one.start, one.id), reverse=True)
    items = [_incident(topology, one, view) for one in newest]
    shown = tag("ol", items) if items else tag("p", NONE_THERE, class_="quiet")
    return join((tag("h2", INCIDENTS), shown))


def turns(topology: Topology, seen: Seen, view: View) -> Markup:
    """The newest first."""
    newest = seen.turns(view)[::-1]
    if not newest:
        return tag("p", NOTHING, class_="quiet")
    more = LISTED_MOST.format(shown=MOST, all=f"{len(newest):,}")
    heads = [tag("th", title, scope="col") for title in COLUMNS]
    rows = [_row(topology, turn, view) for turn in newest[:MOST]]
    table = tag(
        "table",
        tag("caption", TURNS, class_="unseen"),
        tag("thead", tag("tr", heads)),
        tag("tbody", rows, data_tl_rows=True),
        class_="tl-turns",
    )
    cut = tag("p", more, class_="quiet") if len(newest) > MOST else None
    none = tag("p", NO_MATCH, class_="quiet", hidden=True, data_tl_no_match=True)
    return join((table, none, cut))


def filter_() -> Markup:
    """Is not painted anew: somebody types in it."""
    return tag(
        "label",
        tag("span", FILTER, class_="unseen"),
        tag("input", type="search", placeholder=FILTER, data_tl_filter=True,
            autocomplete="off"),
        class_="tl-filter",
    )  # fmt: skip


def _incident(topology: Topology, one: Incident, view: View) -> Markup:
    begin, end = instant(one.start), instant(one.end)
    until = (TO, _time(end)) if end else (STILL_OPEN,)
    suspects = suspected(topology, one)
    return tag(
        "li",
        tag("a", sign(one.worst.value, part=False), one.id,
            href=moment(view.deployment, one.start)),
        tag("p", one.kind.value, ", ", _counted(one)),
        tag("p", _time(begin), *until),
        tag("p", LOOK_AT.format(who=suspects)) if suspects else None,
        tag("p", tag("a", POSTMORTEM, href=incident_path(view.deployment, one.id)),
            " · ", tag("a", BEFORE_AND_AFTER, href=_beside(view, one))),
        data_status=one.worst.value,
    )  # fmt: skip


def _beside(view: View, one: Incident) -> str:
    """The moment before it began beside the one after it ended, or the present."""
    begun, over = one.start - JUST, one.end + JUST if one.end else None
    return compared(view.deployment, instant(begun), instant(over))


def _counted(one: Incident) -> str:
    numbers = [m.subject for m in one.members if isinstance(m.subject, int)]
    boxes = len(one.members) - len(numbers)
    parts = [(len(numbers), "connection"), (boxes, "component")]
    return " and ".join(
        f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count
    )


def _row(topology: Topology, turn: Turn, view: View) -> Markup:
    at = instant(turn.at)
    leads = tag("a", _time(at), href=moment(view.deployment, turn.at, turn.lane))
    found = None if turn.exact else tag("span", f" {FOUND}", class_="quiet")
    return tag(
        "tr",
        tag("td", leads, found),
        tag("td", tag("b", called(topology, turn.lane)), tag("p", _what(turn))),
        tag("td", turn.text),
        data_status=turn.status.value if turn.status else None,
    )


def _what(turn: Turn) -> Sequence[Markup | str]:
    if turn.what is not What.STATUS or turn.status is None:
        return timeline_marks.sign(turn.what), f" {WHATS[turn.what]}"
    words = f" {_word(turn.was)} to {_word(turn.status)}"
    return sign(turn.status.value, part=False), words


def _word(status: Status | None) -> str:
    return UNWATCHED if status is None else WORDS[status]


def _time(told: str | None) -> Markup:
    """The browser shows it by its own zone."""
    clock = figures.clock(told)
    day = f"{told[:10]} " if told else ""
    return tag("time", f"{day}{clock}", datetime=told, data_tl_time=True)
