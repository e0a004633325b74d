"""The timeline as values: what turned, when, and from when to when somebody looked.

A lane is what can turn: a connection, a box or a source. `app.domain.timeline_fold`
makes turns of one snapshot after another, `app.domain.timeline_lanes` draws lanes of
them. The limits stand here, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.status import Status
from app.domain.subject import NodeId, Witness

LONGEST: Final = timedelta(days=31)
"""How long a span may be asked for."""
MOST: Final = 5000
"""How many turns are told at once; of more, the newest."""
AGAIN: Final = timedelta(hours=6)
"""How often every lane is told again, turned or not: then what it was at a moment is
found without looking back further, and nothing is lost with what is let go of."""
BEAT: Final = timedelta(seconds=15)
"""How often it is told that somebody still looks: a process that is killed seems to
have looked so much less."""
MOST_KEPT: Final = 200_000
"""Turns of one deployment, some fifty megabytes; of more, the oldest go."""
TEXT_MOST: Final = 300


class Kind(StrEnum):
    """What a lane is of."""

    CONNECTION = "connection"
    NODE = "node"
    SOURCE = "source"


class Lane(NamedTuple):
    """`name`: a connection's number, a box's id, a source's name."""

    kind: Kind
    name: str

    @property
    def number(self) -> int | None:
        return int(self.name) if self.kind is Kind.CONNECTION else None

    @property
    def node(self) -> NodeId | None:
        return NodeId(self.name) if self.kind is Kind.NODE else None

    @property
    def source(self) -> str | None:
        return self.name if self.kind is Kind.SOURCE else None


class What(StrEnum):
    """What happened in a lane."""

    STATUS = "status"
    ROLLOUT_BEGUN = "rollout_begun"
    ROLLOUT_ENDED = "rollout_ended"
    VERSION = "version"
    SCALED = "scaled"
    RESTART = "restart"
    EVICTED = "evicted"
    ALERT = "alert"
    ALERT_OVER = "alert_over"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something happened in a lane. `place`: its place among those of one moment.

    Of a status, `status` is what it became and `was` what it was: the same where it is
    only told again, none where nobody had looked before. `exact`: false when it turned
    while nobody looked, and `at` is when that was found.
    """

    at: datetime
    place: int
    lane: Lane
    what: What = What.STATUS
    status: Status | None = None
    was: Status | None = None
    exact: bool = True
    witness: Witness | None = None
    text: str = ""

    @property
    def is_news(self) -> bool:
        """Whether it is to be listed: not what was only found, or told again."""
        if self.what is not What.STATUS:
            return True
        return self.status is not self.was and (self.exact or self.was is not None)


@dataclass(frozen=True, slots=True)
class Watch:
    """From when to when one process looked. `until`: as far as is known."""

    began: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a span. `turns` in time: all of the span, and of every lane the
    last status before it. `whole_from`: what was before this moment is not all here;
    `trouble`: why only what is in memory is."""

    turns: tuple[Turn, ...] = ()
    watches: tuple[Watch, ...] = ()
    whole_from: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What an earlier process left: the last status of every lane."""

    lanes: tuple[tuple[Lane, Status], ...] = ()
