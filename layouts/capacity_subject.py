"""One connection or box of a capacity review, in detail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from app.domain.capacity import Review, SubjectReview
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import BackTest, Trend, Unit
from layouts import capacity_sheets, capacity_words
from layouts import strings_capacity as words
from layouts.capacity_cells import name
from layouts.capacity_heat import heat
from layouts.capacity_sheets import Row, Sheet
from layouts.capacity_table import table
from layouts.capacity_trend import Chart, charts
from layouts.markup import Markup, tag


def detail(one: SubjectReview | None, review: Review) -> Markup:
    """`None`: nobody is chosen, and nothing is known to fill up."""
    if one is None:
        body: Iterable[Markup] = [tag("p", words.CHOOSE)]
        return tag("div", tag("h2", words.CHOSEN), body)
    return tag(
        "div",
        tag("h2", name(one.subject, one.label)),
        _told(one),
        tag("div", [_figure(chart) for chart in charts(one, review)],
            class_="cap-charts"),
        heat(one, review.choices.calendar.zone),
        _tables(one, review),
        tag("h3", words.LEFT_OUT),
        tag("p", capacity_words.left_out(one)),
        tag("h3", words.METHOD),
        tag("ul", [tag("li", line) for line in methods(one)], class_="cap-rest"),
        data_cap_subject=str(one.subject),
    )  # fmt: skip


def _told(one: SubjectReview) -> Markup:
    if one.tightest is None:
        return tag("p", words.NO_LIMIT.capitalize(), ".", class_="cap-told")
    when, used = capacity_words.filling(one)
    return tag("p", tag("strong", when), " ", f"{used}.", class_="cap-told")


def _figure(chart: Chart) -> Markup:
    """The numbers of the figure stand beside its place, for `assets/capacity.js`."""
    told = json.dumps(chart.figure).replace("<", "\\u003c")
    return tag(
        "figure",
        tag("figcaption", chart.title),
        tag("div", class_="plot", role="img", aria_label=chart.words,
            data_cap_plot=True),
        tag("script", Markup(told), type="application/json"),
    )  # fmt: skip


def _tables(one: SubjectReview, review: Review) -> Iterator[Markup]:
    zone = review.choices.calendar.zone
    found = (
        (words.MEASURES, "measures", capacity_sheets.measures(one, zone)),
        (words.LIMITS_OF, "limits", capacity_sheets.limits(one)),
        (words.LOSSES_OF, "losses", capacity_sheets.losses(one)),
    )
    for title, key, cells in found:
        rows = tuple(Row(one.subject, one.label, row) for row in cells)
        if rows:
            sheet = Sheet(key, title, words.SHEETS[key][1], rows)
            if key == "limits":
                sheet = capacity_sheets.picked(sheet, capacity_sheets.LIMITS_SHOWN)
            yield tag("h3", title)
            yield table(sheet, named=False)


def methods(one: SubjectReview) -> Iterator[str]:
    """How each trend was made, how well that does on these data, and its limits; what
    is true of several is said once."""
    told: dict[str, list[str]] = {}
    for what, trend in capacity_sheets.told_trends(one):
        for line in _method(trend):
            told.setdefault(line, []).append(what)
    for line, whats in told.items():
        yield f"{', '.join(whats).capitalize()}: {line}"


def _method(trend: Trend) -> Iterator[str]:
    yield trend.method
    test = trend.back_test
    yield words.NO_BACK_TEST if test is None else tried(test)
    yield from trend.cautions


def tried(test: BackTest) -> str:
    """The back-test in words."""
    error, naive, covered = (
        figure(value, Unit.SHARE).text
        for value in (test.error, test.naive, test.covered)
    )
    return words.BACK_TEST.format(
        origins=test.origins, ahead=test.ahead_days, error=error, naive=naive,
        covered=covered,
    )  # fmt: skip
