"""What the lines, signs, marks and colours mean."""

from __future__ import annotations

from typing import Final

from app.domain.status import Status
from layouts import strings_debug, strings_keys, strings_top
from layouts.glyphs import sign
from layouts.marks import APART_SIGN
from layouts.markup import Markup, tag
from layouts.pages import DEBUG
from layouts.strings import DISAGREE, HOLDS, MEANINGS, WORDS
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


def legend(*choices: Markup, lens: Markup | None = None) -> Markup:
    """The strip under the picture. `choices`: what stands beside theme and keys;
    `lens`: the legend that takes the place of this one under a lens."""
    entries = [*(_entry(status) for status in ORDER), _differ(), _lately()]
    return tag(
        "footer",
        tag(
            "div",
            tag("ul", entries, class_="legend", aria_label=strings_top.LEGEND),
            lens,
            class_="legends",
        ),
        tag("p", HOLDS, class_="holds"),
        tag(
            "p",
            _theme(),
            tag("button", strings_keys.KEYS, type="button", data_keys_button=True),
            choices,
            _inside(),
            class_="choices",
        ),
        class_="bottom",
    )


def _inside() -> Markup:
    """Of the dashboard itself; it is offered to who may look there."""
    return tag(
        "a",
        DEBUG.title,
        href=DEBUG.address,
        class_="inside",
        title=strings_debug.ABOUT,
        data_inside=True,
    )


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
        tag("span", strings_top.THEME, class_="unseen"),
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
