"""The HTML around a wall, around a TV that waits, and around a wall that is not there.

Apart from `layouts.document`, since nothing of Dash is on these pages: a screen that is
to stand for weeks loads no more than it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from layouts.markup import Markup, join, tag
from layouts.pages import STYLES
from layouts.strings import PRODUCT
from layouts.strings_wall import ALL_DEPLOYMENTS, TITLE

Asset = Callable[[str], str]
WALL_STYLES: Final = (*STYLES, "wall.css")


def document(
    body: Sequence[Markup | None],
    asset: Asset,
    *,
    title: str,
    theme: str,
    scripts: Sequence[str] = (),
    build: str | None = None,
) -> str:
    """`theme`: nobody chooses one by a menu here, so it stands from the beginning."""
    head = join(
        (
            Markup('<meta charset="utf-8">'),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", title),
            tag("link", rel="icon", href=asset("favicon.svg"), type="image/svg+xml"),
            *(tag("link", rel="stylesheet", href=asset(name)) for name in WALL_STYLES),
        )
    )
    loaded = [tag("script", src=asset(name)) for name in scripts]
    whole = tag("body", [*body, *loaded], class_="wall")
    root = tag(
        "html", tag("head", head), whole, lang="en", data_theme=theme, data_build=build
    )
    return f"<!DOCTYPE html>{root}"


def plain(text: str, asset: Asset) -> str:
    """Instead of a wall: one sentence, and a way on."""
    shown = tag(
        "main",
        tag("h1", text),
        tag("p", tag("a", ALL_DEPLOYMENTS, href="/")),
        class_="wall-note",
    )
    return document([shown], asset, title=f"{TITLE} · {PRODUCT}", theme="dark")
