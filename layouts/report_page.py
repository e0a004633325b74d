"""A report as a page of HTML: to be read, and to be printed."""

from __future__ import annotations

from layouts.markup import Markup, join, tag
from layouts.printed_map import svg
from layouts.report import Block, Heading, Map, NewPage, Note, Report, Table, Text
from layouts.strings_postmortem import OTHER_FORMS


def article(report: Report, downloads: tuple[tuple[str, str], ...]) -> Markup:
    """`downloads`: words and address of every other form."""
    links = [tag("a", text, href=url, class_="download") for text, url in downloads]
    return tag(
        "main",
        tag("h1", report.title),
        tag("p", report.under, class_="under"),
        tag("nav", links, aria_label=OTHER_FORMS),
        join(_block(one) for one in report.blocks),
        class_="report",
        id="gws-main",
    )


def _block(block: Block) -> Markup:
    if isinstance(block, Heading):
        return tag("h2", block.text)
    if isinstance(block, Text):
        return tag("p", block.text)
    if isinstance(block, Map):
        drawn = svg(block.shapes, block.words, block.size)
        return tag(
            "figure", tag("figcaption", block.title), _scrolls(drawn, block.title)
        )
    if isinstance(block, Note):
        said = tag("div", block.html, class_="said")
        return tag("section", tag("p", block.head, class_="under"), said, class_="note")
    return tag("hr") if isinstance(block, NewPage) else _table(block)


def _table(table: Table) -> Markup:
    head = tag("tr", [tag("th", cell, scope="col") for cell in table.head])
    rows = [tag("tr", [tag("td", cell) for cell in row]) for row in table.rows]
    whole = tag("table", tag("thead", head), tag("tbody", rows))
    return _scrolls(whole, ", ".join(table.head))


def _scrolls(shown: Markup, name: str) -> Markup:
    """Wider than a telephone, which moves it by touch or by keys."""
    return tag(
        "div", shown, class_="scrolls", tabindex=0, role="region", aria_label=name
    )
