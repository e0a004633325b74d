"""Times that the browser keeps counting: `assets/paint.js` ticks what it finds here."""

from __future__ import annotations

from datetime import datetime

from layouts import figures
from layouts.markup import Markup, tag


def since(instant: str | None, now: datetime, *, part: str | None = None) -> Markup:
    """`for 4 min`, counting."""
    return tag(
        "time",
        figures.lasting(instant, now),
        datetime=instant,
        data_since=instant or "",
        data_part=part,
        title=figures.clock(instant),
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
