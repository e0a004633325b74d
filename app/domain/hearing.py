"""How well each feed is heard at one moment: what it said, and if that still holds.

A watch that is heard confirms all it said before. A fact is fresh while it is no older
than its feed allows. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from app.domain.knowledge import Held, Knowledge, lasting
from app.domain.reading import Feed, FeedName


class Sign(NamedTuple):
    """What a watch lends to its facts: while it is the same, they age by time alone.

    `confirmed`: the moment as of which they are shown. `fresh`: its last word
    may still be believed.
    """

    feed: Feed
    confirmed: datetime
    fresh: bool


Signs = Mapping[FeedName, Sign]


class Sighting(NamedTuple):
    """When a fact was last known to hold, the time to show for that, and the last
    moment at which it may be judged."""

    at: datetime
    shown: datetime
    until: datetime
    continuous: bool


class Hearing:
    """All feeds at `now`."""

    def __init__(self, knowledge: Knowledge, now: datetime) -> None:
        self.now = now
        self._states, step = knowledge.feeds, knowledge.step(now)
        self.signs: Signs = {
            name: Sign(state.feed, confirmed, good >= now)
            for name, state in self._states.items()
            if state.feed.continuous
            and (confirmed := state.confirmed(step))
            and (good := state.good_until)
        }
        """Of every watch that was ever heard."""

    def sighting(self, held: Held) -> Sighting:
        """When a fact was last known to hold, and until when that may be believed."""
        state, sign = self._states[held.feed], self.signs.get(held.feed)
        at = shown = held.at
        heard = state.last_success
        if sign and heard and heard > at:
            at, shown = heard, max(at, sign.confirmed)
        until = at + lasting(state.feed.max_age_s)
        return Sighting(at, shown, until, state.feed.continuous)


def settling(knowledge: Knowledge, now: datetime) -> datetime | None:
    """When what the watches confirm is to be shown anew; `None`: all of it is."""
    step = knowledge.step(now)
    waits = any(
        state.last_success and state.last_success >= step
        for state in knowledge.feeds.values()
        if state.feed.continuous
    )
    return step + knowledge.shown if waits else None
