"""How well each source of facts is heard: told apart from how the deployment is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.knowledge import FeedState, Knowledge
from app.domain.snapshot import SourceState
from app.domain.status import Status


def source_states(
    names: Iterable[str],
    knowledge: Knowledge,
    now: datetime,
    *,
    probes_blind: bool = False,
) -> tuple[SourceState, ...]:
    """One state for every configured source, in the order given.

    A source with watches is degraded by any feed in trouble. One that asks many targets
    (scrape, probe) is not: a pod that is gone answers nobody; it is degraded when half
    of its targets give nothing.
    """
    feeds: dict[str, list[FeedState]] = defaultdict(list)
    for state in knowledge.feeds.values():
        feeds[state.feed.source].append(state)
    states = tuple(_source(name, feeds[name], now) for name in names)
    if not probes_blind:
        return states
    text = "nothing can be reached from where the dashboard runs"
    return tuple(
        SourceState(s.name, Status.FAILING, s.last_success, text, s.feeds, s.feeds)
        if s.name == "probe"
        else s
        for s in states
    )


def trouble_of(state: FeedState, now: datetime) -> str | None:
    """Why a feed gives nothing now; `None` when it does."""
    if state.trouble is not None:
        return state.trouble.text
    heard, good_until = state.last_success, state.good_until
    if heard is None or good_until is None or now <= good_until:
        return None
    silent_s = (now - heard).total_seconds()
    return f"{state.feed.name}: silent for {silent_s:.0f} s"


def _source(name: str, feeds: Sequence[FeedState], now: datetime) -> SourceState:
    troubles = [text for state in feeds if (text := trouble_of(state, now))]
    heard = [s.last_success for s in feeds if s.last_success is not None]
    return SourceState(
        name=name,
        status=_status(feeds, len(troubles), heard),
        last_success=max(heard, default=None),
        error=_told(troubles),
        feeds=len(feeds),
        troubled=len(troubles),
    )


def _status(
    feeds: Sequence[FeedState], troubled: int, heard: Sequence[datetime]
) -> Status:
    if troubled and troubled == len(feeds):
        return Status.FAILING
    if not heard:
        return Status.NO_DATA
    if not troubled:
        return Status.OK
    tolerated = 0 if any(s.feed.continuous for s in feeds) else len(feeds) // 2
    return Status.DEGRADED if troubled > tolerated else Status.OK


def _told(troubles: Sequence[str]) -> str | None:
    if not troubles:
        return None
    first, *rest = sorted(set(troubles))
    return f"{first} (and {len(rest)} more like it)" if rest else first
