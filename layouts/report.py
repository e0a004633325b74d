"""A report as blocks, before it becomes Markdown, a page or a PDF.

What a report says is decided once (`layouts.postmortem`); each form only sets it.
"""

from __future__ import annotations

from dataclasses import dataclass

from layouts.geometry import HEIGHT, WIDTH
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
    """A picture. `words`: what it shows, for who can't see it. `size`: of the plane of
    its shapes. `share`: of the width of a printed page that it takes."""

    title: str
    words: str
    shapes: tuple[Shape, ...]
    size: tuple[int, int] = (WIDTH, HEIGHT)
    share: float = 0.98


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote: as typed (`text`, Markdown) and as sanitised HTML."""

    head: str
    text: str
    html: Markup


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own, where there are pages."""


Block = Heading | Text | Table | Map | Note | NewPage


@dataclass(frozen=True, slots=True)
class Report:
    """`under`: one line below the title, with what it is about and when it was made."""

    title: str
    under: str
    blocks: tuple[Block, ...]
