"""A page that shows no living picture: a report, a message, a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from layouts import strings_figures
from layouts.markup import Markup, for_scripts, tag
from layouts.strings_plain import REFERENCE

MESSAGE_STYLES: Final = ("gws.css", "plain.css")


def message(
    heading: str, text: str, way: tuple[str, str], reference: str | None = None
) -> Markup:
    """Why nothing is here. `way`: an address that leads on, and its name; `reference`:
    by which the log knows it, for who reports it."""
    address, label = way
    quoted = None if reference is None else REFERENCE.format(id=reference)
    return tag(
        "main",
        tag("h1", heading),
        tag("p", text),
        tag("p", tag("a", label, href=address)),
        None if quoted is None else tag("p", quoted, class_="quiet"),
        class_="plain",
        id="gws-main",
    )


def figure_words() -> Markup:
    """All that scripts need to say where they only tell numbers and times anew."""
    return for_scripts({"figures": strings_figures.for_browser()}, "gws-words")


def plain_page(
    shown: Markup, *, title: str, styles: Sequence[str], asset: Callable[[str], str]
) -> str:
    """The whole HTML; `asset`: the address of one of our own files by its name. The
    chosen theme is kept."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
        [tag("link", rel="stylesheet", href=asset(name)) for name in styles],
        tag("script", src=asset("theme.js")),
    )
    body = tag("body", shown, class_="plain-page")
    return "<!DOCTYPE html>" + tag("html", head, body, lang="en")
