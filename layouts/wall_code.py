"""What a TV shows until somebody lets it in: a code, in letters as large as
there is room for. `assets/wall_code.js` asks for it, and goes on once it was typed."""

from __future__ import annotations

from typing import Final

from layouts import strings_wall
from layouts.markup import for_scripts, tag
from layouts.plain import figure_words
from layouts.strings import PRODUCT
from layouts.wall_document import Asset, document

SCRIPTS: Final = ("figures.js", "wall_code.js")


def page(asset: Asset) -> str:
    shown = tag(
        "main",
        tag("h1", strings_wall.WAITS),
        tag("p", strings_wall.HOW, class_="how"),
        tag("p", strings_wall.NO_CODE, class_="code", data_code=True),
        tag("p", class_="lasts", data_lasts=True),
        tag("p", class_="lost-why", role="status", data_trouble=True),
        id="gws-main",
        class_="wall-wait",
    )
    body = (
        shown,
        figure_words(),
        for_scripts(strings_wall.for_waiting(), "gws-wall-words"),
    )
    title = f"{strings_wall.WAITS} · {PRODUCT}"
    return document(body, asset, title=title, theme="dark", scripts=SCRIPTS)
