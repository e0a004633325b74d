"""What the lines, signs, marks and colours mean."""

from __future__ import annotations

from typing import Final

from app.domain.status import Status
from layouts import strings_keys, strings_top
from layouts.glyphs import sign
from layouts.marks import APART_SIGN
from layouts.markup import Markup, tag
from layouts.strings import DISAGREE, HOLDS, MEANINGS, WORDS

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


def legend() -> Markup:
    """The strip under the picture."""
    entries = [*(_entry(status) for status in ORDER), _differ()]
    return tag(
        "footer",
        tag("ul", entries, class_="legend", aria_label=strings_top.LEGEND),
        tag("p", HOLDS, class_="holds"),
        tag(
            "p",
            _theme(),
            tag("button", strings_keys.KEYS, type="button", data_keys_button=True),
            class_="choices",
        ),
        class_="bottom",
    )


def _differ() -> Markup:
    drawn = tag(
        "svg", APART_SIGN, class_="at-odds", viewBox="-8 -8 16 16", aria_hidden="true"
    )
    return tag("li", drawn, tag("span", DISAGREE))


def _theme() -> Markup:
    options = [tag("option", words, value=value) for value, words in strings_top.THEMES]
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
