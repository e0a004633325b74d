"""Measurements that are kept, for whoever asks for a span of them: which span and step
are meant, and what is answered when there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from fastapi import Query
from pydantic import BeforeValidator

from app.domain.instants import instant
from app.domain.measures import HOUR_S, MINUTE_S, RAW_S, TEN_MINUTES_S
from app.history.base import Unreadable
from app.web.api_error import ApiError, unreadable
from app.web.asked import wrong

if TYPE_CHECKING:
    from app.domain.rollups import Answer

T = TypeVar("T")
OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this nothing was ever watched, and arithmetic would run out of years."""
FINE: Final = (
    (timedelta(hours=1), RAW_S),
    (timedelta(days=1), MINUTE_S),
    (timedelta(days=14), TEN_MINUTES_S),
)
"""Up to which span which step is taken, where none is asked for; an hour beyond."""


def _whole(text: Any) -> Any:
    """An address has texts alone, which Pydantic holds to be none of the numbers."""
    return int(text) if str(text).isdecimal() else text


StepS = Annotated[
    Literal[15, 60, 600, 3600] | None,
    BeforeValidator(_whole),
    Query(
        description="seconds: 15 (kept for two days at the least), 60, 600 or 3600; "
        "unless told, as fine as the span allows"
    ),
]


def usual_step(span: timedelta) -> int:
    return next((step for longest, step in FINE if span <= longest), HOUR_S)


def span_of(
    since: datetime | None, to: datetime | None, now: datetime, usual: timedelta
) -> tuple[datetime, datetime]:
    """The span that is meant, in UTC: `usual` before `to`, and `to` is now, unless
    told. Raises a 422 for one that ends before it begins."""
    end = now if to is None else min(_known(to), now)
    begin = end - usual if since is None else min(_known(since), now)
    if begin > end:
        raise wrong("from", "it is later than `to`")
    return begin.astimezone(UTC), end.astimezone(UTC)


def _known(moment: datetime) -> datetime:
    try:
        return max(moment.astimezone(UTC), OLDEST)
    except OverflowError:
        return OLDEST if moment.year == 1 else datetime.max.replace(tzinfo=UTC)


async def reading(read: Callable[..., T], *asked: Any) -> T:
    """`read(*asked)` in a thread; what can't be read becomes a 503."""
    try:
        return await asyncio.to_thread(read, *asked)
    except Unreadable as exc:
        raise unreadable(exc) from exc


def only_kept(answer: Answer, end: datetime) -> datetime:
    """Since when there is something at this step; raises a 404 where all that is asked
    for was before, or nothing is kept."""
    if answer.since is None:
        text = "no measurements are kept; `storage.history` says where they would be"
        raise ApiError(404, "no_history", text, "from")
    if end < answer.since:
        text = (
            f"to: in steps of {answer.step_s} s measurements are kept from "
            f"{instant(answer.since)} on"
        )
        raise ApiError(404, "no_history", text, "to")
    return answer.since
