"""What the lines, signs, marks and colours mean, and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.status import Status
from layouts.glyphs import sign
from layouts.marks import APART_SIGN
from layouts.markup import Markup, tag
from layouts.strings import DISAGREE, HOLDS, MEANINGS, WITNESSES, WORDS
from layouts.strings_map import LATELY, THEMES

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
    ("Shift and arrow keys", "move the enlarged picture"),
    ("v", "the next value on each line"),
    ("t", "only trouble: fade what is well"),
    ("n", "the notes: read them, or write one"),
    ("?", "show or hide these keys"),
)

MARKS: Final = (
    "Shown while one of them says that it is bad, or is old. Filled: failing; dashed: "
    "degraded; dotted: old; grey: silent."
)


def legend() -> Markup:
    """The strip under the picture."""
    entries = [*(_entry(status) for status in ORDER), _differ(), _lately()]
    return tag(
        "footer",
        tag("ul", entries, class_="legend", aria_label="Legend"),
        tag("p", HOLDS, class_="holds"),
        tag(
            "p",
            _theme(),
            tag("button", "Keys", type="button", data_keys_button=True),
            class_="choices",
        ),
        class_="bottom",
    )


def keys() -> Markup:
    """The dialog that `?` opens."""
    return tag(
        "dialog",
        tag("h2", "Keys", id="gws-keys-title"),
        _pairs(KEYS),
        tag("h3", "Witnesses under a badge"),
        _pairs(((name[0], name) for name in WITNESSES.values()), "initials"),
        tag("p", MARKS, class_="quiet"),
        tag("form", tag("button", "Close"), method="dialog"),
        class_="keys",
        aria_labelledby="gws-keys-title",
        data_keys=True,
    )


def _pairs(rows: Iterable[tuple[str, str]], class_: str | None = None) -> Markup:
    parts = [part for a, b in rows for part in (tag("dt", a), tag("dd", b))]
    return tag("dl", parts, class_=class_)


def _differ() -> Markup:
    drawn = tag(
        "svg", APART_SIGN, class_="at-odds", viewBox="-8 -8 16 16", aria_hidden="true"
    )
    return tag("li", drawn, tag("span", DISAGREE))


def _lately() -> Markup:
    drawn = tag(
        "svg",
        tag("rect", x=1, y=2, width=22, height=12, rx=4, class_="plate"),
        tag("path", d="M23 5v5a4 4 0 0 1-4 4h-5Z", class_="lately"),
        class_="turned",
        viewBox="0 0 24 16",
        aria_hidden="true",
    )
    return tag("li", drawn, tag("span", LATELY))


def _theme() -> Markup:
    options = [tag("option", words, value=value) for value, words in THEMES]
    return tag(
        "label",
        tag("span", "Theme", class_="unseen"),
        tag("select", options, data_theme_choice=True),
        class_="theme",
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
