"""What is told of a span: what the records hold, and what waits to be written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.timeline import Lane, Told, Turn, Watch, What


def told(
    stored: Told,
    waiting: Iterable[Turn],
    watches: Iterable[Watch],
    span: tuple[datetime, datetime],
    most: int,
) -> Told:
    """`stored` with what waits; of more turns than `most`, the newest.

    `watches`: the newest word on each that is known here.
    """
    begin, end = span
    first = stored.whole_from or begin
    turns = {(turn.at, turn.place): turn for turn in stored.turns}
    turns |= {(turn.at, turn.place): turn for turn in waiting if turn.at <= end}
    every = [turns[key] for key in sorted(turns)]
    within = [turn for turn in every if turn.at >= first]
    whole_from = stored.whole_from
    if len(within) > most:
        first = whole_from = within[-most].at
        within = [turn for turn in within if turn.at >= first]
    known = {one.began: one for one in stored.watches} | {
        one.began: one for one in watches if one.until >= begin and one.began <= end
    }
    carried = _last(turn for turn in every if turn.at < first)
    return Told(
        (*carried, *within),
        tuple(known[began] for began in sorted(known)),
        whole_from,
        stored.trouble,
    )


def _last(turns: Iterable[Turn]) -> list[Turn]:
    """Of every lane the last status, in time."""
    last: dict[Lane, Turn] = {}
    for turn in turns:
        if turn.what is What.STATUS:
            last.pop(turn.lane, None)
            last[turn.lane] = turn
    return [*last.values()]
