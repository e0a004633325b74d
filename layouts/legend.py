"""What the lines, signs and colours mean, and the keys."""

from __future__ import annotations

from typing import Final

from app.domain.status import Status
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings import HOLDS, MEANINGS, WORDS

ORDER: Final = (
    Status.OK,
    Status.IDLE,
    Status.DEGRADED,
    Status.FAILING,
    Status.STALE,
    Status.NO_DATA,
    Status.MAINTENANCE,
    Status.ABSENT,
)

KEYS: Final = (
    ("Arrow keys", "walk the connections in number order, then the components"),
    ("1 to 31, then Enter", "go to that connection"),
    ("Enter", "open the details"),
    ("Esc", "close"),
    ("Home, End", "first, last"),
    ("+, -, 0", "zoom in, zoom out, the whole picture"),
    ("?", "show or hide these keys"),
)


def legend() -> Markup:
    """The strip under the picture."""
    entries = [_entry(status) for status in ORDER]
    return tag(
        "footer",
        tag("ul", entries, class_="legend", aria_label="Legend"),
        tag("p", HOLDS, class_="holds"),
        tag("p", tag("button", "Keys", type="button", data_keys_button=True)),
        class_="bottom",
    )


def keys() -> Markup:
    """The dialog that `?` opens."""
    rows = [
        part for keys_, does in KEYS for part in (tag("dt", keys_), tag("dd", does))
    ]
    return tag(
        "dialog",
        tag("h2", "Keys", id="gws-keys-title"),
        tag("dl", rows),
        tag("form", tag("button", "Close"), method="dialog"),
        class_="keys",
        aria_labelledby="gws-keys-title",
        data_keys=True,
    )


def _entry(status: Status) -> Markup:
    line = tag(
        "svg",
        tag("path", d="M0 7H38", class_="line"),
        tag("path", d="M0 7H38", class_="over"),
        class_="sample",
        viewBox="0 0 38 14",
        aria_hidden="true",
        data_status=status.value,
    )
    return tag(
        "li",
        line,
        sign(status.value, part=False),
        tag("span", WORDS[status]),
        data_status=status.value,
        title=MEANINGS[status],
    )
