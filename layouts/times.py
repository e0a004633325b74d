"""Times on the pages: clocks, and ages that the browser keeps counting.

The server doesn't know the reader's zone: it paints UTC and says so. `assets/times.js`
turns what carries `data-local` into the reader's own time before it is looked at;
`title` says the same in UTC. `assets/paint.js` ticks the ages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from layouts import figures
from layouts.markup import Markup, tag

FORMS: Final[dict[str, Callable[[str | None], str]]] = {
    "clock": figures.clock,
    "dated": figures.dated,
    "full": figures.utc,
}
"""By the name that `assets/figures.js` has for the same in the reader's own zone."""


def local(instant: str | None, form: str = "clock") -> Markup:
    """A moment: `10:42:03 UTC`; with its day if `form` is `dated` or `full`."""
    return tag(
        "time",
        FORMS[form](instant),
        datetime=instant,
        title=figures.utc(instant),
        data_local=form if instant else None,
    )


def since(instant: str | None, now: datetime, *, part: str | None = None) -> Markup:
    """`for 4 min`, counting."""
    return tag(
        "time",
        figures.lasting(instant, now),
        datetime=instant,
        data_since=instant or "",
        data_part=part,
        title=figures.utc(instant),
    )


def heard(instant: str | None, now: datetime, *, part: str | None = None) -> Markup:
    """`4 min ago`, counting."""
    return tag(
        "time",
        figures.ago(instant, now),
        datetime=instant,
        data_observed_at=instant or "",
        data_part=part,
    )
