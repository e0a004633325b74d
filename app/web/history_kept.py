"""The numbers of one subject as history keeps them. Loads numpy: for the route."""

from __future__ import annotations

from datetime import datetime

from app.domain.hour import Point, Series
from app.domain.measures import CONNECTION_METRICS, NODE_METRICS
from app.domain.rollups import Answer, Ask
from app.domain.series import last_or_mean
from app.domain.subject import Subject
from app.web.measured import only_kept
from app.web.site import Watched


def of_kept(
    watched: Watched, subject: Subject, span: tuple[datetime, datetime], step_s: int
) -> tuple[datetime, Series]:
    """Since when there is any in this step, and what there is. Blocks. Raises a 404
    where all of it was before."""
    begin, end = span
    answer = watched.measured(Ask(begin, end, step_s, (subject,)))
    return only_kept(answer, end), series_of(answer, subject)


def series_of(answer: Answer, subject: Subject) -> Series:
    """Of the finest step the newest value within it, of a coarser one the mean."""
    names = CONNECTION_METRICS if isinstance(subject, int) else NODE_METRICS
    found: dict[str, list[Point]] = {name: [] for name in names}
    for (of, name), column in answer.columns.items():
        if of == subject and name in found:
            values = last_or_mean(column, answer.step_s).tolist()
            pairs = zip(column.at.tolist(), values, strict=True)
            found[name] = [Point(at, value) for at, value in pairs]
    return found
