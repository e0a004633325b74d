"""What is shown of a box beside its status: which version runs, how full a store is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from app.domain.facts import PodFact
from app.domain.facts_stores import StoreFact
from app.domain.view import View

MIB: Final = 2**20


class Stored(NamedTuple):
    """A store's servers together; `None`: not every one of them says so. `lag_s`: of
    the replica that is furthest behind, of those that say so."""

    memory: int | None = None
    memory_limit: int | None = None
    clients: int | None = None
    clients_limit: int | None = None
    lag_s: int | None = None


def version(views: Sequence[View]) -> str | None:
    """What a store says of itself, else the tags of the pods' images."""
    stores = [seen.fact.version for view in views for seen in view.all(StoreFact)]
    pods = [seen.fact.image for view in views for seen in view.all(PodFact)]
    told = {one for one in stores if one} or {_tag(image or "") for image in pods}
    return ", ".join(sorted(told - {""})) or None


def stored(views: Sequence[View]) -> Stored:
    """Sums over the servers. An old word is left out, as in the rules: the sum would be
    neither now's nor then's."""
    seen = [one for view in views for one in view.all(StoreFact)]
    # An exporter tells of servers that may have told already.
    own = [one for one in seen if one.fact.names_callers] or seen
    if not own or not all(one.fresh for one in own):
        return Stored()
    facts = [one.fact for one in own]
    memory = _sum([fact.memory for fact in facts])
    return Stored(
        # Whole MiB: what moves with every question would be news to every page.
        memory=None if memory is None else -(-memory // MIB) * MIB,
        memory_limit=_sum([fact.most_memory for fact in facts]),
        clients=_sum([fact.clients for fact in facts]),
        clients_limit=_sum([fact.most_clients for fact in facts]),
        lag_s=max((int(lag) for fact in facts for lag in _lags(fact)), default=None),
    )


def _lags(fact: StoreFact) -> list[float]:
    return [one.lag_s for one in fact.followers if one.lag_s is not None]


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _tag(image: str) -> str:
    """`registry:5000/voice:9.0.1@sha256:ab` is `9.0.1`; empty where none is named."""
    name = image.partition("@")[0].rpartition("/")[2]
    return name.partition(":")[2]
