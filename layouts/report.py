"""A report as blocks, before it becomes Markdown, a page or a PDF.

What a report says is decided once (`layouts.postmortem`); each form only sets it.
"""

from __future__ import annotations

from dataclasses import dataclass

from layouts.markup import Markup
from layouts.printed_map import Shape


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """`widths`: the share of each column, together 1."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of one moment. `words`: what it shows, for who can't see it."""

    title: str
    words: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote: as typed (`text`, Markdown) and as sanitised HTML."""

    head: str
    text: str
    html: Markup


Block = Heading | Text | Table | Map | Note


@dataclass(frozen=True, slots=True)
class Report:
    """`under`: one line below the title, with what it is about and when it was made."""

    title: str
    under: str
    blocks: tuple[Block, ...]
