"""How facts arrive: one answer of one feed.

A collector asks a *feed* (one question put to one source: "pods in namespace gws") and
hands over a `Reading`. The pipeline folds readings into a `Knowledge`
(`app.domain.knowledge`) with `learn`; verdicts are judged from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.facts import Fact
from app.domain.subject import FactKey

FeedName = tuple[str, str]
"""The source and the question."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One question put to one source.

    `max_age_s`: its facts are old when its last success is longer ago than this.
    `continuous`: a watch; as long as it is heard, what it said before still holds. A
    polled feed (False) vouches for a fact only at the moment it was read.
    `expects_some`: a complete answer without any fact, where there were facts before,
    is not believed (Consul's default-deny ACL answers 200 and `[]`).
    `optional`: nothing is judged by it; a source that lacks it alone is well.
    """

    source: str
    name: str
    max_age_s: float
    continuous: bool = False
    expects_some: bool = False
    optional: bool = False

    @property
    def key(self) -> FeedName:
        return (self.source, self.name)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a feed gave nothing: a kind a program can tell apart, a text to act on.

    Kinds: `unreachable` (no answer), `refused` (401, 403, TLS), `misread` (an answer we
    do not understand), `empty` (an answer without things that must be there), `silent`
    (a watch that no longer speaks), `limit` (larger than we accept), `bug`.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of one feed, at the moment it was heard.

    * `complete=True`: `facts` are all there are; what the feed said before and does
      not repeat is gone.
    * `complete=False`: `facts` are news, the keys in `gone` have ceased to be, all
      else stands. Without either it is a sign of life (a bookmark).
    * `trouble`: nothing was learnt; `facts` is empty, the last picture stays, marked.
    * `retired`: the feed is no longer asked (a scraped pod is gone); its facts go too.
    """

    feed: Feed
    at: datetime
    facts: tuple[Fact, ...] = ()
    complete: bool = True
    gone: tuple[FactKey, ...] = ()
    trouble: Trouble | None = None
    retired: bool = False
