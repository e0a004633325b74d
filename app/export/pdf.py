"""A report as PDF: A4, text that can be searched, pictures as vectors.

The fonts are carried along (`fonts/`), so that every name of a cluster prints alike on
every machine; what they have no sign for is shown as a box, never left out.
"""

from __future__ import annotations

import io
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from reportlab.graphics.shapes import Drawing, Polygon, PolyLine, String
from reportlab.graphics.shapes import Rect as RectShape
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
)
from reportlab.platypus import Table as TableFlowable

from layouts.printed_map import INK, QUIET, Area, Label, Line, Rect, Shape
from layouts.report import Block, Heading, Map, NewPage, Note, Report, Table, Text

FONTS: Final = Path(__file__).parent / "fonts"
PAGE: Final = landscape(A4)
MARGIN: Final = 14 * mm
ROOM: Final = PAGE[0] - 2 * MARGIN
FONT: Final = "DejaVu"
BOLD: Final = "DejaVu-Bold"


def pdf(report: Report) -> bytes:
    """The whole file. Blocks: not for the event loop."""
    _fonts()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=PAGE, title=report.title, author="GWS Observatory",
        leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        invariant=1,
    )  # fmt: skip
    story: list[Flowable] = [
        _paragraph(report.title, "title"), _paragraph(report.under, "under"),
    ]  # fmt: skip
    for block in report.blocks:
        story += _BLOCKS[type(block)](block)
    document.build(story, onFirstPage=_numbered, onLaterPages=_numbered)
    return file.getvalue()


@cache
def _fonts() -> None:
    registerFont(TTFont(FONT, FONTS / "DejaVuSans.ttf"))
    registerFont(TTFont(BOLD, FONTS / "DejaVuSans-Bold.ttf"))
    registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def _style(size: float, bold: bool = False, ink: str = INK, above: float = 0) -> Any:
    """What stands above something, a heading, is never left alone at a page's end."""
    return ParagraphStyle(
        f"{size}-{bold}-{above}", fontName=BOLD if bold else FONT, fontSize=size,
        leading=size * 1.4, textColor=HexColor(ink), spaceBefore=above, spaceAfter=3,
        splitLongWords=True, keepWithNext=above > 0,
    )  # fmt: skip


STYLES: Final = {
    "title": _style(19, bold=True),
    "under": _style(9, ink=QUIET),
    "heading": _style(13, bold=True, above=12),
    "text": _style(10),
    "caption": _style(10, bold=True, above=5),
    "cell": _style(8.5),
    "head": _style(8.5, bold=True),
}


def _paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(escape(text), STYLES[style])


def _heading(block: Heading) -> list[Flowable]:
    return [_paragraph(block.text, "heading")]


def _text(block: Text) -> list[Flowable]:
    return [_paragraph(block.text, "text")]


def _note(block: Note) -> list[Flowable]:
    lines = [_paragraph(line, "text") for line in block.text.splitlines()]
    return [_paragraph(block.head, "under"), *lines, Spacer(1, 4)]


def _table(block: Table) -> list[Flowable]:
    head = [_paragraph(cell, "head") for cell in block.head]
    rows = [[_paragraph(cell, "cell") for cell in row] for row in block.rows]
    return [
        TableFlowable(
            [head, *rows],
            colWidths=[share * ROOM for share in block.widths],
            repeatRows=1,
            splitInRow=1,
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor(INK)),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor("#cbd3db")),
            ],
        )
    ]


def _map(block: Map) -> list[Flowable]:
    width, height = block.size
    scale = ROOM * block.share / width
    drawing = Drawing(width * scale, height * scale)
    for shape in block.shapes:
        drawing.add(_drawn(shape, height))
    drawing.scale(scale, scale)
    drawing.hAlign = "CENTER"
    return [KeepTogether([_paragraph(block.title, "caption"), drawing])]


_BLOCKS: Final[dict[type[Block], Any]] = {
    Heading: _heading, Text: _text, Note: _note, Table: _table, Map: _map,
    NewPage: lambda _block: [PageBreak()],
}  # fmt: skip


def _drawn(shape: Shape, height: int) -> Any:
    """In reportlab's plane, where y grows upwards."""
    if isinstance(shape, Rect):
        under = height - shape.y - shape.h
        drawn: Any = RectShape(shape.x, under, shape.w, shape.h, rx=7, ry=7)
        drawn.fillColor = HexColor(shape.fill)
        return _stroked(drawn, shape)
    if isinstance(shape, Line):
        return _stroked(PolyLine(_flat(shape.points, height)), shape)
    if isinstance(shape, Area):
        return Polygon(
            _flat(shape.points, height),
            fillColor=HexColor(shape.fill),
            strokeColor=None,
        )
    return _label(shape, height)


def _stroked(drawn: Any, shape: Rect | Line) -> Any:
    drawn.strokeColor, drawn.strokeWidth = HexColor(shape.stroke), shape.width
    drawn.strokeDashArray = list(shape.dash) or None
    return drawn


def _label(label: Label, height: int) -> String:
    return String(
        label.x, height - label.y, label.text, fontSize=label.size,
        fontName=BOLD if label.bold else FONT, fillColor=HexColor(label.fill),
        textAnchor="middle" if label.centred else "start",
    )  # fmt: skip


def _flat(points: tuple[tuple[float, float], ...], height: int) -> list[float]:
    return [one for x, y in points for one in (x, height - y)]


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 8)
    canvas.setFillColor(HexColor(QUIET))
    canvas.drawRightString(
        PAGE[0] - MARGIN, 7 * mm, f"{document.title}, {document.page}"
    )
