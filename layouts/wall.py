"""The wall: one deployment, to be read from five metres, for weeks.

The eye meets first how it is, then who is suspected, then the picture and the worst
connections. `assets/wall_*.js` keep it true; it is painted here with the same words, so
that it stands before any script has run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.instants import instant
from app.domain.screens import View
from app.domain.topology import Topology
from layouts import strings_wall, wall_parts, wall_picture
from layouts.document import words_of
from layouts.frozen import Held, frame, held
from layouts.glyphs import symbols
from layouts.markup import Markup, for_scripts, tag
from layouts.plain import figure_words
from layouts.wall_document import Asset, document
from layouts.wall_settings import settings

THEMES: Final = tuple(name for name, _ in strings_wall.THEMES)
SHORTEST_TURN_S: Final = 5
USUAL_TURN_S: Final = 30
SCRIPTS: Final = (
    "figures.js", "stream.js", "live.js", "says.js", "wall_options.js", "wall_view.js",
    "wall_link.js", "wall_turns.js", "wall_sound.js", "wall_screen.js",
    "wall_settings.js",
)  # fmt: skip


def page(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    *,
    name: str,
    theme: str,
    build: str,
    asset: Asset,
) -> str:
    """The whole HTML. `build`: what the page compares with the server's own, to load
    itself anew after a release."""
    body = (
        symbols(),
        _main(topology, snapshot, now, name),
        wall_parts.lost(),
        settings(snapshot["deployment"]),
        words_of(topology),
        for_scripts(strings_wall.for_browser(), "gws-wall-words"),
    )
    title = strings_wall.title(name)
    return document(body, asset, title=title, theme=theme, scripts=SCRIPTS, build=build)


def past_page(
    topology: Topology,
    snapshot: Mapping[str, Any],
    then: Held,
    *,
    name: str,
    theme: str,
    asset: Asset,
) -> str:
    """The wall of a moment: it stands still, so it needs no script but for the zone."""
    body = (
        symbols(),
        _main(topology, snapshot, then.at, name, held(then)),
        frame(),
        figure_words(),
    )
    return document(
        body,
        asset,
        title=strings_wall.title(name),
        theme=theme,
        scripts=("figures.js", "times.js"),
    )


def address(view: View) -> str:
    """Where this is shown; every option that is not the usual one stands in it."""
    first, *others = view.deployments
    asked = {
        "with": ",".join(others),
        "rotate": f"{view.rotate_s}s" if view.rotate_s and others else "",
        "theme": view.theme if view.theme != THEMES[0] else "",
        "sound": "on" if view.sound else "",
    }
    query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
    return f"/wall/{first}" + (f"?{query}" if query else "")


def _main(
    topology: Topology,
    snapshot: Mapping[str, Any],
    now: datetime,
    name: str,
    bar: Markup | None = None,
) -> Markup:
    """What another deployment's turn replaces carries `data-swap`. `bar`: says that it
    is a moment of the past, and `now` is that moment."""
    picture = tag(
        "div", wall_picture.draw(topology, snapshot), class_="board", data_swap="board"
    )
    return tag(
        "main",
        wall_parts.top(snapshot, now, name),
        wall_parts.banner(snapshot, now),
        picture,
        wall_parts.beside(
            topology, snapshot, now, strings_wall.PAST if bar else strings_wall.FRESH
        ),
        tag("p", class_="unseen", role="status", data_announce=True),
        bar,
        id="gws-main",
        data_deployment=snapshot["deployment"],
        data_version=snapshot["version"],
        data_at=snapshot["at"],
        data_now=instant(now),
        data_page="wall",
        data_frozen=instant(now) if bar else None,
    )
