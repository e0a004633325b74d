"""The main part of the page `/timeline/<deployment>`: what is asked for, the lanes, and
the same in words. The browser asks for it again whenever something turned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain.instants import instant
from app.domain.topology import Topology
from layouts import figures, timeline_list, timeline_marks
from layouts.markup import Markup, for_scripts, tag
from layouts.strings import WORDS
from layouts.strings_timeline import (
    BACK,
    CUT,
    IN_WORDS,
    NEWS,
    NOBODY,
    NOTHING,
    ORDERS,
    RANGES,
    SORTING,
    SPANS,
    TITLE,
    TO,
    TROUBLE,
    TURNS,
    UNREADABLE,
    for_browser,
)
from layouts.timeline_chart import chart, keys, legend, region
from layouts.timeline_view import Seen, View


def timeline(topology: Topology, seen: Seen, view: View) -> Markup:
    """All of it."""
    lanes = (
        chart(topology, seen, view),
        region("legend", legend(seen, view)),
        keys(),
    )
    return tag(
        "section",
        timeline_marks.symbols(),
        tag("div", region("tools", _ranges(view), _orders(view)), class_="tl-tools"),
        tag("p", role="status", class_="tl-loading", data_tl_loading=True),
        tag("div", role="alert", class_="tl-failed", hidden=True, data_tl_failed=True),
        region("notices", *_notices(seen, view)),
        tag("div", tag("div", lanes, class_="tl-left"), _words(topology, seen, view),
            class_="tl-both"),
        _for_browser(),
        class_="timeline",
        aria_label=TITLE,
        data_timeline=True,
        data_begin=instant(view.begin),
        data_end=instant(view.end),
        data_span=view.length,
    )  # fmt: skip


def _words(topology: Topology, seen: Seen, view: View) -> Markup:
    return tag(
        "section",
        _news(),
        region("incidents", timeline_list.incidents(topology, seen, view)),
        tag("h2", TURNS),
        timeline_list.filter_(),
        region("turns", timeline_list.turns(topology, seen, view)),
        class_="tl-right",
        aria_label=IN_WORDS,
    )


def _news() -> Markup:
    """Takes no room: nothing moves when it appears."""
    asked = tag("button", NEWS, type="button", hidden=True, data_tl_news=True)
    return tag("div", asked, class_="tl-news", role="status")


def _ranges(view: View) -> Markup:
    links = [
        tag("a", short, href=view.of_length(key), title=long, data_tl_go=True,
            aria_current="true" if key == view.length else None)
        for key, (short, long) in SPANS.items()
    ]  # fmt: skip
    to = view.of_length(view.back)
    back = tag("a", BACK, href=to, class_="tl-back", data_tl_go=True, data_tl_back=True)
    shown = tag("span", _moment(view.begin), TO, _moment(view.end))
    return tag(
        "nav",
        links,
        (back, shown) if view.length is None else None,
        class_="tl-ranges",
        aria_label=RANGES,
    )


def _orders(view: View) -> Markup:
    links = [
        tag("a", words, href=view.address(order=None if worst else "number"),
            data_tl_go=True, aria_current="true" if worst == view.worst_first else None)
        for words, worst in zip(ORDERS, (True, False), strict=True)
    ]  # fmt: skip
    return tag("nav", links, class_="tl-orders", aria_label=SORTING)


def _notices(seen: Seen, view: View) -> Iterator[Markup]:
    """What must be said before anything is read from the lanes."""
    told = seen.told
    if view.doubt:
        yield _notice(UNREADABLE)
    if told.trouble is not None:
        yield _notice(TROUBLE.format(why=told.trouble))
    if told.whole_from is not None:
        before, after = CUT.split("{time}")
        yield _notice(before, _moment(told.whole_from), after)
    looked = any(
        one.end > view.begin and one.begin < view.end for one in seen.watched()
    )
    if not looked and told.trouble is None:
        yield _notice(NOBODY)
    elif not seen.turns(view) and not seen.incidents and told.trouble is None:
        yield tag("p", NOTHING, class_="tl-notice tl-quiet")


def _notice(*words: str | Markup) -> Markup:
    return tag("p", words, class_="tl-notice")


def _moment(at: datetime) -> Markup:
    told = instant(at)
    day = f"{at:%Y-%m-%d} "
    return tag("time", f"{day}{figures.clock(told)}", datetime=told, data_tl_time=True)


def _for_browser() -> Markup:
    return for_scripts(for_browser() | {"words": WORDS}, "gws-timeline-words")
