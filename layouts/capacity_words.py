"""A capacity review in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from app.domain.capacity import Headroom, Review, SubjectReview
from app.domain.capacity_figures import days_left, figure
from app.domain.capacity_terms import DaysLeft, Left, Unit
from layouts import strings_capacity as words
from layouts.capacity_cells import limit_of, name
from layouts.strings_plain import MADE_UP

TOLD: Final = (Left.REACHED, Left.RANGE)
"""Of which a day can be told."""
FIRST_MOST: Final = 5


def fills_up(review: Review) -> list[SubjectReview]:
    """Those of which a day can be told at which they reach a mark, the first first;
    behind them, up to `FIRST_MOST` in all, the fullest of the others."""
    known = review.first_to_fill()
    told = [one for one in known if is_told(one)]
    rest = sorted(
        (one for one in known if not is_told(one)),
        key=lambda one: -one.headrooms[0].share,
    )
    return [*told, *rest[: max(0, FIRST_MOST - len(told))]]


def is_told(one: SubjectReview) -> bool:
    """Whether a day can be told at which it reaches its mark or its limit."""
    room = one.tightest
    return room is not None and (
        room.until_full.left in TOLD or room.until_near.left in TOLD
    )


def filling(one: SubjectReview) -> tuple[str, str]:
    """What fills up and when, and what of it is used."""
    room = one.headrooms[0]
    return when(room), used(room)


def when(room: Headroom) -> str:
    """`Clients: full in 41 to 66 days, most likely 52; at its mark of 8,000 clients in
    12 to 20 days.`"""
    mark = figure(room.mark, room.unit).text
    full, near = room.until_full, room.until_near
    told = words.FULL_NOW if full.left is Left.REACHED else _until(words.FULL, full)
    if full.left not in TOLD and days_left(full) == days_left(near):
        # Of neither a day: why is said once.
        told = f"{days_left(full)}; {words.MARK_IS.format(mark=mark)}"
    elif full.left is not Left.REACHED:
        reached = near.left is Left.REACHED
        near_told = words.PAST_MARK if reached else _until(words.AT_MARK, near)
        told = f"{told}; {near_told.format(mark=mark)}"
    return f"{limit_of(room.limit)}: {told}."


def _until(told: tuple[str, str], left: DaysLeft) -> str:
    """`told`: of a day that can be told, and of one that can't."""
    known, unknown = told
    return f"{known if left.left is Left.RANGE else unknown} {likely(left)}"


def likely(left: DaysLeft) -> str:
    """The range, and within it the day that is most likely."""
    if left.left is not Left.RANGE or left.likely in (None, left.earliest, left.latest):
        return days_left(left)
    return f"{days_left(left)}, {words.MOST_LIKELY} {left.likely}"


def used(room: Headroom) -> str:
    return words.USED.format(
        used=figure(room.used, room.unit).text,
        most=figure(room.most, room.unit).text,
        share=figure(room.share, Unit.SHARE).text,
        source=room.source,
    )


def others(review: Review) -> Iterator[str]:
    """How many are left, by why no day is told of them."""
    rest = [one for one in review.subjects if not is_told(one)]
    for why, text in words.OTHERS:
        names = [name(one.subject, one.label) for one in rest if _why(one) == why]
        if names:
            shown = ", ".join(names[: words.NAMED_MOST])
            more = len(names) - words.NAMED_MOST
            and_more = words.AND_MORE.format(more=more) if more > 0 else ""
            yield f"{len(names)} {text}: {shown}{and_more}."


def left_out(one: SubjectReview) -> str:
    found = one.excluded
    return words.LEFT_OUT_SAID.format(
        failing=figure(found.failing_s, Unit.SECONDS).text,
        steps=found.steps,
        outages=words.COUNTS[found.outages],
        days=", ".join(day.isoformat() for day in found.days) or words.NONE,
        outliers=words.COUNTS[found.outliers],
        coverage=figure(one.coverage, Unit.SHARE).text,
    )


def span(review: Review) -> str:
    choices = review.choices
    zone = choices.calendar.zone
    begin, end = (at.astimezone(zone) for at in (choices.begin, choices.end))
    return words.SPAN_TOLD.format(
        begin=f"{begin:%Y-%m-%d %H:%M}",
        end=f"{end:%Y-%m-%d %H:%M}",
        hours=review.business_hours,
    )


def made_up(until: datetime, review: Review) -> str:
    zone = review.choices.calendar.zone
    return MADE_UP.format(until=f"{until.astimezone(zone):%Y-%m-%d %H:%M}")


def _why(one: SubjectReview) -> Left:
    return Left.NO_LIMIT if one.tightest is None else one.tightest.until_full.left
