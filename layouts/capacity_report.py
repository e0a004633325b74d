"""The capacity report to print: one page that says what fills up first, and behind it
every figure, every trend, and how they were reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.capacity import Review, SubjectReview
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import Unit
from app.domain.topology import Topology
from layouts import capacity_sheets, capacity_words, printed_chart, printed_lens
from layouts import strings_capacity as words
from layouts.capacity_cells import limit_of, metric, name
from layouts.capacity_table import text
from layouts.capacity_trend import drawn
from layouts.printed_map import Shape
from layouts.report import Block, Heading, Map, NewPage, Report, Table, Text

MAP_SHARE: Final = 0.63
FRONT_WIDTHS: Final = (0.2, 0.13, 0.22, 0.22, 0.23)
COLUMNS: Final[dict[str, tuple[tuple[int, ...], tuple[float, ...]]]] = {
    "summary": (
        (0, 1, 2, 3, 4, 5, 9, 10, 11, 12),
        (0.185, 0.08, 0.075, 0.075, 0.075, 0.075, 0.105, 0.07, 0.085, 0.095, 0.08),
    ),
    "measures": (
        (0, 1, 2, 3, 4, 5, 6),
        (0.26, 0.12, 0.1, 0.11, 0.11, 0.1, 0.12, 0.08),
    ),
    "limits": (
        (0, 1, 2, 3, 4, 5, 6, 11, 15, 16),
        (0.15, 0.08, 0.08, 0.08, 0.07, 0.08, 0.06, 0.06, 0.11, 0.11, 0.12),
    ),
    "losses": (
        (0, 1, 2, 3, 4, 5, 6, 7),
        (0.2, 0.08, 0.13, 0.07, 0.07, 0.1, 0.08, 0.08, 0.19),
    ),
    "what_if": ((0, 1, 2, 3, 4, 5), (0.22, 0.13, 0.1, 0.1, 0.13, 0.16, 0.16)),
    "trends": (
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        (0.15, 0.1, 0.08, 0.09, 0.09, 0.09, 0.08, 0.06, 0.06, 0.06, 0.05, 0.05, 0.04),
    ),
    "left_out": ((0, 1, 2, 3, 4), (0.3, 0.1, 0.1, 0.14, 0.22, 0.14)),
}
"""Of each sheet: the columns that are printed, and the share of the page of each, the
subject's before them."""


@dataclass(frozen=True, slots=True)
class Made:
    """`name`: the deployment's; `now`: when it was made. `made_up`: until when what is
    reviewed was made up."""

    name: str
    topology: Topology
    review: Review
    now: datetime
    made_up: datetime | None = None


def report(made: Made) -> Report:
    """The whole of it."""
    at = f"{words.MADE} {made.now:%Y-%m-%d %H:%M} UTC."
    return Report(
        f"{words.TITLE}: {made.name}",
        f"{capacity_words.span(made.review)}. {at}",
        (*_front(made), NewPage(), *_tables(made), *_pictures(made), *_method(made)),
    )  # fmt: skip


def _front(made: Made) -> Iterator[Block]:
    review = made.review
    yield Heading(words.FIRST)
    found = capacity_words.fills_up(review)
    if not any(capacity_words.is_told(one) for one in found):
        yield Text(words.NOTHING_FILLS)
    if found:
        yield Table(
            words.FRONT,
            tuple(_in_front(one) for one in found[: capacity_words.FIRST_MOST]),
            FRONT_WIDTHS,
        )
    yield from (Text(line) for line in notices(made))
    shapes = printed_lens.shapes(made.topology, review.lens)
    told = printed_lens.told(review.lens)
    yield Map(words.MAP, told, shapes, printed_lens.SIZE, MAP_SHARE)


def _in_front(one: SubjectReview) -> tuple[str, ...]:
    room = one.headrooms[0]
    used, most = (figure(value, room.unit).text for value in (room.used, room.most))
    share = figure(room.share, Unit.SHARE).text
    return (
        name(one.subject, one.label),
        limit_of(room.limit),
        capacity_words.likely(room.until_full),
        capacity_words.likely(room.until_near),
        f"{used} of {most}, {share}",
    )


def notices(made: Made) -> Iterator[str]:
    """What is to be known before any figure is read."""
    review = made.review
    if made.made_up is not None:
        yield capacity_words.made_up(made.made_up, review)
    if review.since is None:
        yield words.NOTHING_KEPT
    elif review.since > review.choices.begin:
        zone = review.choices.calendar.zone
        since = f"{review.since.astimezone(zone):%Y-%m-%d %H:%M}"
        yield words.ONLY_SINCE.format(since=since)
    if not review.whole:
        yield words.NOT_WHOLE


def _tables(made: Made) -> Iterator[Block]:
    review = made.review
    for sheet in capacity_sheets.short_sheets(review):
        if not sheet.rows:
            continue
        columns, widths = COLUMNS[sheet.key]
        title = sheet.title
        if sheet.key == "what_if":
            growth = figure(review.what_if.growth, Unit.SHARE).text
            title = words.WHAT_IF.format(growth=growth)
        yield Heading(title)
        shown = capacity_sheets.picked(sheet, columns)
        yield Table(
            (words.SUBJECT, *shown.head),
            tuple((row.about, *map(text, row.cells)) for row in shown.rows),
            widths,
        )
        if sheet.key == "what_if":
            yield from (Text(line) for line in review.what_if.assumes)


def _pictures(made: Made) -> Iterator[Block]:
    pictured = [one for one in made.review.subjects if one.trend or one.headrooms]
    if pictured:
        yield NewPage()
        yield Heading(words.PICTURES)
    for one in pictured:
        shapes, told = _picture(one, made.review)
        if shapes:
            yield Map(name(one.subject, one.label), told, shapes, printed_chart.SIZE)


def _picture(one: SubjectReview, review: Review) -> tuple[tuple[Shape, ...], str]:
    """The trend of what fills up first, else of the load, and the week beside it."""
    shapes: list[Shape] = []
    charts = list(drawn(one, review))
    if charts:
        shapes += printed_chart.trend(charts[0])
    if one.heat is not None:
        title = words.HEAT.format(metric=metric(one.load))
        shapes += printed_chart.week(one.heat, title)
    return tuple(shapes), charts[0].words if charts else one.label


def _method(made: Made) -> Iterator[Block]:
    yield NewPage()
    yield Heading(words.METHOD)
    for line in (*made.review.cautions, *capacity_words.others(made.review)):
        yield Text(line)
    yield Text(words.TRIED)
    told: dict[str, dict[str, None]] = {}
    for one in made.review.subjects:
        for _, trend in capacity_sheets.told_trends(one):
            for line in (trend.method, *trend.cautions):
                told.setdefault(line, {})[name(one.subject, one.label)] = None
    for line, labels in told.items():
        yield Text(f"{line} ({words.HOLDS_OF.format(count=len(labels))})")
