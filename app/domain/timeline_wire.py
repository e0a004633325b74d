"""The timeline as the JSON of the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.instants import instant
from app.domain.timeline import Lane, Told, Turn
from app.domain.timeline_lanes import Segment, lanes, spans, within

Json = dict[str, Any]


def encode(told: Told, begin: datetime, end: datetime) -> Json:
    """All that is known between two moments."""
    first = max(begin, told.whole_from or begin)
    listed = [turn for turn in told.turns if turn.is_news and turn.at >= first]
    watched = within(spans(told.watches), begin, end)
    return {
        "from": instant(begin),
        "to": instant(end),
        "whole_from": instant(told.whole_from),
        "watched": [{"from": instant(a), "to": instant(b)} for a, b in watched],
        "lanes": [
            _who(lane) | {"segments": [_segment(one) for one in found]}
            for lane, found in lanes(told, first, end).items()
        ],
        "turns": [_turn(turn) for turn in listed],
        "trouble": told.trouble,
    }


def _who(lane: Lane) -> Json:
    return {"connection": lane.number, "node": lane.node, "source": lane.source}


def _segment(one: Segment) -> Json:
    return {
        "from": instant(one.begin),
        "to": instant(one.end),
        "status": one.status,
        "witness": one.witness,
        "text": one.text,
        "exact": one.exact,
    }


def _turn(turn: Turn) -> Json:
    return _who(turn.lane) | {
        "at": instant(turn.at),
        "what": turn.what,
        "status": turn.status,
        "was": turn.was,
        "exact": turn.exact,
        "witness": turn.witness,
        "text": turn.text,
    }
