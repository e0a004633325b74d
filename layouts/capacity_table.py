"""A sheet of a capacity review as a table of HTML."""

from __future__ import annotations

from app.domain.capacity_figures import Figure
from layouts import strings_capacity as words
from layouts.capacity_sheets import Cell, Sheet
from layouts.markup import Markup, tag


def table(sheet: Sheet, *, named: bool = True) -> Markup:
    """All of a sheet. `named`: with the column of its subjects."""
    titles = (words.SUBJECT, *sheet.head) if named else sheet.head
    head = tag("tr", [tag("th", title, scope="col") for title in titles])
    rows = [
        tag("tr", tag("th", row.about, scope="row") if named else None,
            [tag("td", text(cell)) for cell in row.cells])
        for row in sheet.rows
    ]  # fmt: skip
    whole = tag("table", tag("thead", head), tag("tbody", rows))
    return tag("div", whole, class_="scrolls", tabindex=0, role="region",
               aria_label=sheet.title)  # fmt: skip


def text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Figure) else cell
