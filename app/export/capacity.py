"""A capacity review as PDF, workbook and CSV: the same sheets, set three ways.

Every number is the one that the page shows (`app.domain.capacity_figures`), and every
cell of a workbook that has one is a number with its unit, not a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any, Final

import xlsxwriter

from app.domain.capacity_figures import Figure
from app.domain.capacity_terms import Unit
from app.export.pdf import pdf
from layouts import strings_capacity as words
from layouts.capacity_cells import name
from layouts.capacity_report import Made, report
from layouts.capacity_sheets import Row, Sheet, sheets
from layouts.capacity_words import filling, fills_up, span
from layouts.sheet import harmless

CSV_HEAD: Final = (
    "table", "subject", "label", "row", "column", "number", "unit", "text",
)  # fmt: skip
WIDE: Final = 34
NARROW: Final = 16
LONGEST: Final = 70


def as_pdf(made: Made) -> bytes:
    return pdf(report(made))


def as_csv(made: Made) -> bytes:
    """One line a cell, since each table has columns of its own: what a spreadsheet's
    pivot table or a script takes. RFC 4180; no text is taken for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(CSV_HEAD)
    for sheet in sheets(made.review):
        for line in _lines(sheet):
            writer.writerow(line)
    return file.getvalue().encode()


def _lines(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    for place, row in enumerate(sheet.rows, start=1):
        for title, cell in zip(sheet.head, row.cells, strict=True):
            about = harmless(row.about)
            told = (sheet.key, row.subject, about, place, title)
            if isinstance(cell, Figure):
                number = "" if cell.number is None else cell.number
                yield (*told, number, cell.unit.value, cell.text)
            else:
                yield (*told, "", "", harmless(cell))


def as_xlsx(made: Made) -> bytes:
    """A sheet a table, the first in words."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as book:
        now = made.now.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": words.TITLE, "created": now})
        _front(book, made)
        for sheet in sheets(made.review):
            _sheet(book, sheet)
    return file.getvalue()


def _front(book: Any, made: Made) -> None:
    page = book.add_worksheet(words.FIRST[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, WIDE)
    page.set_column(1, 2, LONGEST, wrapped)
    page.write_string(0, 0, f"{words.TITLE}: {made.name}", bold)
    page.write_string(1, 0, span(made.review))
    line = 3
    for one in fills_up(made.review):
        when, used = filling(one)
        for column, told in enumerate((name(one.subject, one.label), when, used)):
            page.write_string(line, column, told)
        line += 1
    for told in (*made.review.cautions, *made.review.what_if.assumes):
        line += 1
        page.write_string(line, 0, told)


def _sheet(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title[:31])
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2}
    )
    formats: dict[str, Any] = {}
    page.set_column(0, 0, WIDE)
    page.set_column(1, len(sheet.head), NARROW)
    page.freeze_panes(1, 1)
    for column, title in enumerate((words.SUBJECT, *sheet.head)):
        page.write_string(0, column, title, head)
    for line, row in enumerate(sheet.rows, start=1):
        _row(page, line, row, lambda made: _format(book, formats, made))
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.head))


def _row(page: Any, line: int, row: Row, look: Callable[[str], Any]) -> None:
    page.write_string(line, 0, row.about)
    for column, cell in enumerate(row.cells, start=1):
        if not isinstance(cell, Figure):
            page.write_string(line, column, cell)
        elif cell.number is not None:
            page.write_number(line, column, cell.number, look(number_format(cell)))


def number_format(cell: Figure) -> str:
    """As the page writes it, unit included."""
    shown = cell.text.split(" ")[0].rstrip("%")
    _, point, after = shown.partition(".")
    places = f".{'0' * len(after)}" if point else ""
    sign = "+" if shown.startswith("+") else ""
    gap = "" if cell.unit is Unit.SHARE else " "
    body = f'#,##0{places}"{gap}{cell.unit.value}"'
    return f"{sign}{body};-{body}"


def _format(book: Any, formats: dict[str, Any], made: str) -> Any:
    if made not in formats:
        formats[made] = book.add_format({"num_format": made})
    return formats[made]


FORMS: Final[dict[str, Callable[[Made], bytes]]] = {
    "pdf": as_pdf, "xlsx": as_xlsx, "csv": as_csv,
}  # fmt: skip
