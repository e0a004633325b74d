"""A report as Markdown, for a wiki or a chat. Pictures are told in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from layouts.report import Block, Heading, Map, NewPage, Note, Report, Table, Text

SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|#~])")
MARKUP: Final = (
    (re.compile(r"&(?=#|\w+;)"), "&amp;"),
    (re.compile(r"<(?=[A-Za-z/!?])"), "&lt;"),
    (re.compile(r"!(?=\[)"), r"\\!"),
    (re.compile(r"\](?=\((?!https?://)|:(?!\s*https?://))"), r"\\]"),
)
"""What a wiki may take for HTML, for a picture that tells who looks, or for a link that
is a script: the dashboard takes none of them."""


def markdown(report: Report) -> str:
    """GitHub's flavour: tables with pipes. Ends with a line break."""
    head = (f"# {plain(report.title)}", plain(report.under))
    return "\n\n".join((*head, *(_block(one) for one in report.blocks))) + "\n"


def plain(text: str) -> str:
    """Text that Markdown takes for nothing but text, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"## {plain(block.text)}"
    if isinstance(block, Text):
        return plain(block.text)
    if isinstance(block, Map):
        return f"**{plain(block.title)}**\n\n{plain(block.words)}"
    if isinstance(block, Note):
        return f"**{plain(block.head)}**\n\n{_quoted(block)}"
    return "---" if isinstance(block, NewPage) else _table(block)


def _quoted(note: Note) -> str:
    """As it was typed, since it is Markdown already, as far as we show it ourselves."""
    text = note.text
    for found, instead in MARKUP:
        text = found.sub(instead, text)
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _table(table: Table) -> str:
    rule = "|".join(" --- " for _ in table.head)
    return "\n".join((_row(table.head), f"|{rule}|", *map(_row, table.rows)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(plain(cell) for cell in cells)} |"
