"""The lanes as they are drawn: names at the left, tracks over the time at the right.

Both columns have the same rows in the same order, each of the height that the style
gives it. Everything in a track lies by per cent of the span, so that the browser may
slide all of it at once; what goes on is drawn beyond the right edge for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.domain.instants import instant
from app.domain.status import Status
from app.domain.timeline_lanes import lanes
from app.domain.topology import Topology
from layouts import figures, timeline_incidents, timeline_marks
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings import WORDS
from layouts.strings_timeline import CHART, KEYS, LEGEND, NOTE, NOW, UNWATCHED, WHATS
from layouts.timeline_lines import Line, lines, strip
from layouts.timeline_rows import groups
from layouts.timeline_view import Seen, View

TICKS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800,
                21600, 43200, 86400, 172800)  # fmt: skip
MOST_TICKS: Final = 12


def chart(topology: Topology, seen: Seen, view: View) -> Markup:
    names, tracks = zip(*_rows(topology, seen, view), strict=True)
    plot = tag(
        "div",
        region("now", tag("span", NOW, class_="tl-now", hidden=view.length is None)),
        tag("div", region("axis", *_axis(view)), class_="tl-axis", aria_hidden="true"),
        _tracks(view, seen, tracks),
        class_="tl-plot",
        tabindex=0,
        role="application",
        aria_roledescription="timeline",
        aria_label=CHART,
        aria_describedby="tl-keys",
        data_tl_plot=True,
    )
    return tag(
        "div",
        tag("div", region("names", *names), class_="tl-names"),
        plot,
        class_="tl-chart",
    )


def region(name: str, *children: Markup) -> Markup:
    """What the browser replaces when it has asked for a new painting."""
    return tag("div", children, class_=f"tl-in tl-in-{name}", data_tl_region=name)


def legend(seen: Seen, view: View) -> Markup:
    """What the patterns and the signs mean."""
    entries = [_sample(status.value, WORDS[status]) for status in Status]
    entries.append(_sample("unwatched", UNWATCHED))
    signs = {what: WHATS[what] for what in timeline_marks.kinds(seen.turns(view))}
    signs |= {NOTE: NOTE} if seen.notes else {}
    entries += [
        tag("li", timeline_marks.sign(what), tag("span", words))
        for what, words in signs.items()
    ]
    return tag("ul", entries, class_="tl-legend", aria_label=LEGEND)


def keys() -> Markup:
    return tag("p", KEYS, class_="tl-keys", id="tl-keys")


def ticks(view: View) -> list[datetime]:
    """Round moments of UTC; the browser takes round ones of its own zone."""
    wanted = (view.end - view.begin).total_seconds() / MOST_TICKS
    step = next((one for one in TICKS if one >= wanted), TICKS[-1])
    first = int(-(-view.begin.timestamp() // step))
    last = int(view.end.timestamp() // step)
    zone = view.begin.tzinfo
    return [
        datetime.fromtimestamp(place * step, zone) for place in range(first, last + 1)
    ]


def _rows(topology: Topology, seen: Seen, view: View) -> Iterator[Line]:
    yield timeline_incidents.brackets(topology, seen.incidents, view)
    yield strip(topology, seen, view)
    first = max(view.begin, seen.told.whole_from or view.begin)
    found = lanes(seen.told, first, view.end)
    turns = seen.turns(view)
    for group in groups(found, turns, worst_first=view.worst_first):
        yield from lines(topology, group, view)


def _tracks(view: View, seen: Seen, tracks: Sequence[Markup]) -> Markup:
    grid = [
        tag("i", class_="tl-grid", style=view.place(at), data_tl_grid=True)
        for at in ticks(view)
    ]
    over = [*grid, *timeline_incidents.shades(seen.incidents, view), *_pointed(view)]
    slide = tag(
        "div",
        tag("div", region("over", *over), class_="tl-over"),
        region("tracks", *tracks),
        class_="tl-slide",
        data_tl_slide=True,
    )
    return tag(
        "div",
        slide,
        tag("div", class_="tl-brush", data_tl_brush=True, hidden=True),
        tag("div", class_="tl-cross", data_tl_cross=True, hidden=True),
        class_="tl-tracks",
        aria_hidden="true",
        data_tl_tracks=True,
    )


def _axis(view: View) -> Iterator[Markup]:
    for at in ticks(view):
        told = instant(at)
        yield tag(
            "time",
            figures.clock(told),
            datetime=told,
            style=view.place(at),
            data_tl_tick=True,
        )


def _pointed(view: View) -> Iterator[Markup]:
    """The moment that the address is about."""
    if view.at is not None and view.begin <= view.at <= view.end:
        yield tag("i", class_="tl-at", style=view.place(view.at))


def _sample(status: str, words: str) -> Markup:
    drawn = tag("i", class_="tl-bar", data_status=status)
    shown = sign(status, part=False) if status != "unwatched" else None
    return tag("li", tag("span", drawn, class_="tl-sample"), shown, tag("span", words))
