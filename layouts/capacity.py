"""The main part of the page `/capacity/<deployment>`: what is asked for, what fills up
first in words, all figures as a table, one subject in detail, and the method."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from app.domain.capacity import Review, SubjectReview
from app.domain.capacity_figures import Figure, figure
from app.domain.capacity_terms import Unit
from app.domain.subject import Subject
from layouts import capacity_sheets, capacity_words
from layouts import strings_capacity as words
from layouts.capacity_cells import name
from layouts.capacity_form import form
from layouts.capacity_sheets import Row, Sheet
from layouts.capacity_subject import detail
from layouts.capacity_table import table, text
from layouts.capacity_view import View
from layouts.markup import Markup, tag
from layouts.pages import MAP

SHOWN: Final = (0, 1, 2, 3, 4, 9, 13, 15, 16, 17, 18, 19, 20)
"""Of the summary's columns those that stand on the page; a subject's detail has all."""

FIRST_SHOWN: Final = 6
"""Of what fills up; what comes later is folded."""


def capacity(view: View, review: Review | None, plotly: str, days: int) -> Markup:
    """`review` is `None` while it is being made: the browser then asks for it.
    `plotly`: where the charts' script is; `days`: of the span."""
    body = _waiting(days) if review is None else reviewed(view, review)
    return tag(
        "section",
        form(view),
        tag("div", role="alert", class_="cap-failed", hidden=True,
            data_cap_failed=True),
        tag("div", body, class_="cap-body", data_cap_body=True,
            data_pending=review is None, aria_busy=str(review is None).lower()),
        _for_browser(),
        class_="capacity",
        aria_label=words.TITLE,
        data_capacity=True,
        data_plotly=plotly,
    )  # fmt: skip


def reviewed(view: View, review: Review) -> tuple[Markup, ...]:
    """All that follows from the review."""
    chosen = chosen_of(view, review)
    return (
        tag("p", capacity_words.span(review), class_="cap-span"),
        *_notices(view, review),
        tag(
            "div",
            tag("section", _first(view, review), class_="cap-first",
                aria_labelledby="cap-first"),
            tag("section", detail(chosen, review), class_="cap-detail",
                data_cap_detail=True, tabindex=-1, aria_label=words.CHOSEN),
            class_="cap-both",
        ),
        _table(view, review, chosen.subject if chosen else None),
        _what_if(review),
        _method(review),
    )  # fmt: skip


def chosen_of(view: View, review: Review) -> SubjectReview | None:
    """The one that is asked for, else the one that fills up first."""
    known = {one.subject: one for one in review.subjects}
    if view.chosen in known:
        return known[view.chosen]
    return next(iter(capacity_words.fills_up(review)), None)


def _waiting(days: int) -> Markup:
    text = words.COMPUTING.format(days=days)
    return tag(
        "p",
        tag("span", text),
        " ",
        tag("span", data_cap_seconds=True),
        tag("small", words.SLOW),
        class_="cap-waiting",
        role="status",
    )


def _notices(view: View, review: Review) -> Iterator[Markup]:
    zone = review.choices.calendar.zone
    if view.doubt:
        yield _notice(words.DOUBT)
    if view.made_up is not None:
        yield _notice(capacity_words.made_up(view.made_up, review))
    if review.since is None:
        yield _notice(words.NOTHING_KEPT)
    elif review.since > review.choices.begin:
        since = f"{review.since.astimezone(zone):%Y-%m-%d %H:%M}"
        yield _notice(words.ONLY_SINCE.format(since=since))
    if not review.whole:
        yield _notice(words.NOT_WHOLE)


def _notice(text: str) -> Markup:
    return tag("p", text, class_="cap-notice")


def _first(view: View, review: Review) -> Iterator[Markup]:
    yield tag("h2", words.FIRST, id="cap-first")
    found = capacity_words.fills_up(review)
    if not any(capacity_words.is_told(one) for one in found):
        yield tag("p", words.NOTHING_FILLS, class_="cap-none")
    if found:
        yield tag("ol", [_fills(view, one) for one in found[:FIRST_SHOWN]])
    if len(found) > FIRST_SHOWN:
        more = words.MORE.format(more=len(found) - FIRST_SHOWN)
        rest = [_fills(view, one) for one in found[FIRST_SHOWN:]]
        yield tag("details", tag("summary", more), tag("ol", rest))
    others = [tag("li", text) for text in capacity_words.others(review)]
    if others:
        yield tag("ul", others, class_="cap-rest")


def _fills(view: View, one: SubjectReview) -> Markup:
    when, used = capacity_words.filling(one)
    way = _way(view, one.subject, name(one.subject, one.label))
    told = (way, tag("strong", when), tag("span", used))
    return tag("li", told, data_level=_level(one))


def _level(one: SubjectReview) -> str:
    """As the lens has it: is the limit, or its mark, reached?"""
    room = one.headrooms[0]
    if room.used >= room.most:
        return "full"
    return "near" if room.used >= room.mark else "free"


def _way(view: View, subject: Subject, label: str) -> Markup:
    return tag("a", label, href=view.of(subject), data_cap_of=str(subject))


def _table(view: View, review: Review, chosen: Subject | None) -> Markup:
    sheet = capacity_sheets.short_sheets(review)[0]
    titles = [words.SUBJECT, *(sheet.head[at] for at in SHOWN)]
    head = tag("tr", [tag("th", title, scope="col") for title in titles])
    rows = [_row(view, sheet, row, row.subject == chosen) for row in sheet.rows]
    table = tag("table", tag("thead", head), tag("tbody", rows), class_="cap-table")
    return tag(
        "section",
        tag("h2", words.ALL, id="cap-all"),
        _downloads(view),
        tag("div", table, class_="scrolls", tabindex=0, role="region",
            aria_labelledby="cap-all"),
        class_="cap-all",
    )  # fmt: skip


def _row(view: View, sheet: Sheet, row: Row, chosen: bool) -> Markup:
    cells = [
        tag("td", text(row.cells[at]), data_title=sheet.head[at],
            class_="number" if isinstance(row.cells[at], Figure) else None)
        for at in SHOWN
    ]  # fmt: skip
    name = tag("th", _way(view, row.subject, row.about), scope="row")
    return tag(
        "tr", name, cells, data_cap_row=str(row.subject),
        aria_current="true" if chosen else None,
    )  # fmt: skip


def _downloads(view: View) -> Markup:
    files = [
        tag("a", label, href=view.file(key), class_="download", download=True)
        for key, label in words.FORMS
    ]
    lens = f"{MAP.path(view.deployment)}?lens=capacity"
    way = tag("a", words.BY_LENS, href=lens, class_="download")
    return tag(
        "nav", tag("span", words.DOWNLOADS), files, way, class_="cap-files",
        aria_label=words.DOWNLOADS,
    )  # fmt: skip


def _what_if(review: Review) -> Markup:
    found = review.what_if
    growth = figure(found.growth, Unit.SHARE).text
    sheet = capacity_sheets.what_if(review)
    shown = table(sheet) if sheet.rows else tag("p", words.NO_WHAT_IF)
    return tag(
        "section",
        tag("h2", words.WHAT_IF.format(growth=growth)),
        shown,
        tag("ul", [tag("li", line) for line in _assumed(review)], class_="cap-rest"),
    )


def _assumed(review: Review) -> Iterator[str]:
    yield from review.what_if.assumes
    labels = {one.subject: name(one.subject, one.label) for one in review.subjects}
    fixed = [
        f"{labels[who]} ({words.LIMITS.get(limit, limit).lower()})"
        for who, limit in review.what_if.fixed
    ]
    if fixed:
        yield words.FIXED.format(fixed=", ".join(fixed))


def _method(review: Review) -> Markup:
    lines = [tag("li", line) for line in review.cautions]
    return tag("section", tag("h2", words.METHOD), tag("ul", lines, class_="cap-rest"))


def _for_browser() -> Markup:
    told = json.dumps(words.for_browser(), ensure_ascii=False).replace("<", "\\u003c")
    return tag("script", Markup(told), type="application/json", id="gws-capacity-words")
