"""How well each source of facts is heard: told apart from how the deployment is.

A pod that is gone, or not ready, answers nobody: that is no blindness of ours. One that
Kubernetes calls ready, and that told us something before, is. What an optional feed
does not tell is said to be lacking, and the source is as well as without it.
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


def _source(
    name: str, feeds: Sequence[FeedState], knowledge: Knowledge, now: datetime
) -> SourceState:
    # First: every judgement asks this of each feed, and nearly all of them are well.
    troubled = [
        (state, _trouble(state, now))
        for state in feeds
        if state.trouble or (state.good_until and state.good_until < now)
    ]
    amiss = [(state, text) for state, text in troubled if not state.feed.optional]
    lost = _lost([state for state, _ in amiss], knowledge, now)
    told = [text for state, text in amiss if state.feed.key in lost]
    heard = [s.last_success for s in feeds if s.last_success is not None]
    return SourceState(
        name=name,
        status=_status(feeds, len(amiss), len(lost)),
        last_success=max(heard, default=None),
        error=_told(told or [text for _, text in amiss or troubled]),
        feeds=len(feeds),
        troubled=len(troubled),
    )


def _trouble(state: FeedState, now: datetime) -> str:
    """Why a feed that is in trouble, or silent for too long, gives nothing."""
    if state.trouble is not None:
        return state.trouble.text
    silent_s = (now - (state.last_success or now)).total_seconds()
    return f"{state.feed.name}: silent for {silent_s:.0f} s"


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


def _status(feeds: Sequence[FeedState], amiss: int, lost: int) -> Status:
    """`amiss`: how many of those that are needed."""
    if not amiss:
        heard = any(s.last_success and not s.feed.optional for s in feeds)
        return Status.OK if heard else Status.NO_DATA
    needed = [state for state in feeds if not state.feed.optional]
    if amiss == len(needed):
        return Status.FAILING
    tolerated = 0 if any(s.feed.continuous for s in needed) else len(needed) // 2
    return Status.DEGRADED if lost or amiss > tolerated else Status.OK


def _told(troubles: Sequence[str]) -> str | None:
    if not troubles:
        return None
    first, *rest = sorted(set(troubles))
    return f"{first} (and {len(rest)} more like it)" if rest else first
