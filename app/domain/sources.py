"""How well each source of facts is heard: told apart from how the deployment is.

A pod that is gone, or not ready, answers nobody: that is no blindness of ours. One that
Kubernetes calls ready, and that told us something before, is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.domain.facts import PodFact
from app.domain.knowledge import FeedState, Knowledge
from app.domain.reading import FeedName
from app.domain.snapshot import SourceState
from app.domain.status import Status
from app.domain.targets import pod_of


def source_states(
    names: Iterable[str],
    knowledge: Knowledge,
    now: datetime,
    *,
    probes_blind: bool = False,
) -> tuple[SourceState, ...]:
    """One state for every configured source, in the order given.

    A source with watches is degraded by any feed in trouble. One that asks many targets
    (scrape, probe) is degraded by more than half of them, and by any that was heard and
    is not any more though its pod is ready.
    """
    feeds: dict[str, list[FeedState]] = defaultdict(list)
    for state in knowledge.feeds.values():
        feeds[state.feed.source].append(state)
    states = tuple(_source(name, feeds[name], knowledge, now) for name in names)
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


def _source(
    name: str, feeds: Sequence[FeedState], knowledge: Knowledge, now: datetime
) -> SourceState:
    troubled = [(state, text) for state in feeds if (text := trouble_of(state, now))]
    lost = _lost([state for state, _ in troubled], knowledge, now)
    told = [text for state, text in troubled if state.feed.key in lost]
    heard = [s.last_success for s in feeds if s.last_success is not None]
    return SourceState(
        name=name,
        status=_status(feeds, len(troubled), len(lost), heard),
        last_success=max(heard, default=None),
        error=_told(told or [text for _, text in troubled]),
        feeds=len(feeds),
        troubled=len(troubled),
    )


def _lost(
    troubled: Sequence[FeedState], knowledge: Knowledge, now: datetime
) -> frozenset[FeedName]:
    """Targets that told us something, for too long now tell nothing, and whose pods are
    well."""
    asked = [
        state.feed
        for state in troubled
        if not state.feed.continuous and state.good_until and now > state.good_until
    ]
    if not asked:
        return frozenset()
    ready = {
        pod.name
        for pod, held in knowledge.of(PodFact)
        if pod.ready and not pod.terminating and knowledge.complete_at(held.feed, now)
    }
    return frozenset(feed.key for feed in asked if pod_of(feed.name) in ready)


def _status(
    feeds: Sequence[FeedState], troubled: int, lost: int, heard: Sequence[datetime]
) -> Status:
    if troubled and troubled == len(feeds):
        return Status.FAILING
    if not heard:
        return Status.NO_DATA
    if not troubled:
        return Status.OK
    tolerated = 0 if any(s.feed.continuous for s in feeds) else len(feeds) // 2
    return Status.DEGRADED if lost or troubled > tolerated else Status.OK


def _told(troubles: Sequence[str]) -> str | None:
    if not troubles:
        return None
    first, *rest = sorted(set(troubles))
    return f"{first} (and {len(rest)} more like it)" if rest else first
