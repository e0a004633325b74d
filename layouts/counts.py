"""How many there are of each status: one line of the header."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.status import Status
from layouts.glyphs import sign
from layouts.markup import Markup, tag
from layouts.strings import WORDS


def counts(statuses: Sequence[str], name: str) -> Markup:
    """One for each status there is; those that nothing has are marked, and hidden."""
    items = [_count(status.value, statuses.count(status.value)) for status in Status]
    return tag("ul", items, class_="counts", aria_label=name)


def _count(status: str, number: int) -> Markup:
    return tag(
        "li",
        sign(status, part=False),
        tag("span", number, data_part="count"),
        tag("span", f" {WORDS[status]}", class_="word"),
        data_count=status,
        title=WORDS[status],
        data_status=status,
        data_none=number == 0,
    )
