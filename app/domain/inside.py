"""What operators of the dashboard itself look at, as the JSON of `/api/v1/debug`: how
each source is asked and answers, how far behind anybody is. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.domain.instants import instant
from app.domain.knowledge import FeedState
from app.domain.timings import Asks, Timings

Json = dict[str, Any]
MOST_FEEDS: Final = 5
"""Of a source's feeds in trouble, where not all feeds are asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One source. `versions`: by feed, what its watch goes on from."""

    name: str
    asks: Asks = Asks()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inside:
    """One deployment. `turns`: of learning, judging and publishing; `waiting`: feeds
    that have said something which is not learnt yet."""

    asked: tuple[Asked, ...] = ()
    feeds: tuple[FeedState, ...] = ()
    turns: Timings = Timings()
    waiting: int = 0

    def of(self, source: str) -> tuple[FeedState, ...]:
        return tuple(one for one in self.feeds if one.feed.source == source)


def timings(told: Timings) -> Json:
    """In seconds; `None`: nothing was timed yet. Percentiles are of the last 64."""
    return {
        "count": told.count,
        "last_s": _rounded(told.last_s),
        "p50_s": _rounded(told.percentile(0.5)),
        "p95_s": _rounded(told.percentile(0.95)),
        "most_s": _rounded(told.percentile(1.0)),
    }


def sources(
    inside: Inside, shown: Sequence[Json], now: datetime, *, whole: bool
) -> list[Json]:
    """`shown`: as the snapshot tells of them; what this process does not ask (a file, a
    store of our own, and each where another process does) has nothing to tell beyond
    that. `whole`: every feed, not only the first of those in trouble."""
    asked = {one.name: one for one in inside.asked}
    return [
        _source(one, asked.get(one["name"]), inside, now, whole=whole) for one in shown
    ]


KEPT: Final = ("name", "status", "last_success", "age_s", "error")
"""Of what the snapshot tells of a source."""
NOT_ASKED: Final = (
    "asked", "failed", "lists", "watches", "last_trouble", "feeds", "feeds_troubled",
)  # fmt: skip


def _source(
    shown: Json, asked: Asked | None, inside: Inside, now: datetime, *, whole: bool
) -> Json:
    told: Json = {name: shown[name] for name in KEPT}
    if asked is None:
        nothing = {"timings": timings(Timings()), "listed": []}
        return told | dict.fromkeys(NOT_ASKED) | nothing
    asks, feeds = asked.asks, inside.of(shown["name"])
    troubled = [one for one in feeds if _amiss(one, now)]
    listed = feeds if whole else troubled[:MOST_FEEDS]
    return told | {
        "asked": asks.asked,
        "failed": asks.failed,
        "lists": asks.lists,
        "watches": asks.watches,
        "timings": timings(asks.timings),
        "last_trouble": _trouble(asks),
        "feeds": len(feeds),
        "feeds_troubled": len(troubled),
        "listed": [_feed(one, asked.versions, now) for one in listed],
    }


def _amiss(state: FeedState, now: datetime) -> bool:
    good_until = state.good_until
    return state.trouble is not None or good_until is not None and good_until < now


def _trouble(asks: Asks) -> Json | None:
    if asks.trouble is None:
        return None
    at, text = asks.trouble
    return {"at": instant(at), "text": text}


def _feed(state: FeedState, versions: Mapping[str, str], now: datetime) -> Json:
    last, trouble = state.last_success, state.trouble
    return {
        "name": state.feed.name,
        "last_success": instant(last),
        "age_s": None if last is None else _rounded((now - last).total_seconds()),
        "max_age_s": state.feed.max_age_s,
        "version": versions.get(state.feed.name),
        "trouble": None if trouble is None else trouble.text,
        "trouble_since": instant(state.trouble_since),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
