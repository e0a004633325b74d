"""What the address of the capacity page asks for: a span, hours, what counts, a guess.

What can't be read is left out, and the page says so; the API refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.domain.capacity_terms import Choices, Shown
from app.domain.expected import Calendar
from app.domain.subject import NodeId, Subject
from app.web.times import moment_of
from layouts.capacity_view import (
    ALL_HOURS,
    BUSINESS_HOURS,
    MOST_AGENTS,
    USUAL_AGENTS,
    USUAL_SPAN,
    View,
)

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=400)
OLDEST: Final = date(2000, 1, 1)
SPANS: Final = {"7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY, "365d": 365 * DAY}


def wanted(deployment: str, query: Mapping[str, str], today: date) -> View:
    """As the page shows it. `today`: on the clocks of the calendar."""
    first, last = _day(query.get("from")), _day(query.get("to"))
    span = query.get("span", USUAL_SPAN)
    own = first is not None and last is not None
    view = View(
        deployment,
        span if span in SPANS and not own else None if own else USUAL_SPAN,
        first if own else None,
        last if own else None,
        _one_of(query.get("hours"), (BUSINESS_HOURS, ALL_HOURS)),
        Shown(_one_of(query.get("outages"), ("out", "in"))),
        Shown(_one_of(query.get("outliers"), ("out", "in"))),
        _agents(query.get("agents")),
        _chosen(query),
    )
    view = _within(view, today)
    return replace(view, doubt=_doubt(view, query))


def choices(view: View, calendar: Calendar, now: datetime) -> Choices:
    """Spans end with the last whole hour: what is asked for again within an hour has
    the same answer. `now`: or the moment that is looked back from."""
    begin, end = _moments(view, calendar, now.astimezone(UTC))
    hours = calendar if view.hours == BUSINESS_HOURS else Calendar(calendar.zone)
    growth = view.agents / 100
    return Choices(begin, end, hours, view.outages, view.outliers, growth)


def days(view: View) -> int:
    """So long a span it is."""
    if view.span is not None:
        return SPANS[view.span].days
    assert view.first is not None and view.last is not None
    return (view.last - view.first).days + 1


def _moments(
    view: View, calendar: Calendar, now: datetime
) -> tuple[datetime, datetime]:
    whole = now.replace(minute=0, second=0, microsecond=0)
    if view.span is not None:
        return whole - SPANS[view.span], whole
    assert view.first is not None and view.last is not None
    begin, end = (
        datetime.combine(day, time(), calendar.zone).astimezone(UTC)
        for day in (view.first, view.last + DAY)
    )
    return min(begin, whole - HOUR), min(end, whole)


def _within(view: View, today: date) -> View:
    """From and to in order, not in the future, and not too far apart."""
    if view.first is None or view.last is None:
        return view
    last = min(max(view.last, OLDEST), today)
    first = max(min(view.first, last), OLDEST, last - LONGEST)
    return replace(view, first=first, last=last)


def _one_of(text: str | None, known: tuple[str, str]) -> str:
    return text if text in known else known[0]


def _agents(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > 4:
        return USUAL_AGENTS
    return min(int(text), MOST_AGENTS)


def _chosen(query: Mapping[str, str]) -> Subject | None:
    number, node = query.get("c", ""), query.get("node", "")
    if number.isdecimal() and len(number) < 5:
        return int(number)
    return NodeId(node) if node else None


def _day(text: str | None) -> date | None:
    """A day, or the day of a moment."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else moment_of(text).date()
    except ValueError:
        return None


def _doubt(view: View, query: Mapping[str, str]) -> bool:
    """Whether something was asked for that is not what is shown."""
    shown = dict(view.query())
    usual = {
        "span": USUAL_SPAN, "hours": BUSINESS_HOURS, "outages": "out",
        "outliers": "out", "agents": str(USUAL_AGENTS),
    }  # fmt: skip
    own = view.span is None
    for name in (*usual, "from", "to"):
        asked = query.get(name)
        if not asked or (own and name == "span"):
            continue
        if asked[:10] != shown.get(name, usual.get(name)):
            return True
    return False
