"""What a store says about itself, and about who is connected to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.subject import FactKey, NodeId


@dataclass(frozen=True, slots=True)
class Follower:
    """A replica, and how far it is behind its primary; `None`: not told.

    `name`: its address, or that of the place kept for one that is not there; empty: it
    speaks of itself. `streaming`: it receives what its primary writes.
    """

    name: str
    lag_s: float | None
    lag_bytes: int | None
    streaming: bool = True


@dataclass(frozen=True, slots=True)
class StoreFact:
    """One server of a store about itself; `None`: it does not say.

    `most_memory`: the limit that it was given, in bytes. `evicts`: it makes room by
    itself when that is reached. `state`: green, yellow or red, where it has such;
    `missing`: shards that no server holds; `rejected`: requests that it has turned away
    since it was last asked. `names_callers`: it also tells whose its clients are (an
    exporter does not). `followers`: a primary's replicas; a replica names itself.
    `measures`: what else it counts of itself, by the names of the limits that these are
    held to.
    """

    node: NodeId
    target: str
    version: str
    role: str
    clients: int | None
    most_clients: int | None = None
    memory: int | None = None
    most_memory: int | None = None
    evicts: bool = False
    state: str = ""
    missing: int = 0
    rejected: int | None = None
    names_callers: bool = True
    followers: tuple[Follower, ...] = ()
    measures: tuple[tuple[str, float], ...] = ()

    @property
    def key(self) -> FactKey:
        return ("store", self.node, self.target)


@dataclass(frozen=True, slots=True)
class ClientsFact:
    """The connections that one server of a store has from one box.

    `caller` `None`: from addresses of no pod that is known. `active`: those that asked
    something within the last `ACTIVE_S`; `oldest_s`: the age of the oldest.
    `databases`: those that they use, where a server holds several.
    """

    node: NodeId
    target: str
    caller: NodeId | None
    open: int
    active: int
    oldest_s: int
    databases: tuple[str, ...] = ()

    @property
    def key(self) -> FactKey:
        return ("clients", self.node, self.target, self.caller or "")


@dataclass(frozen=True, slots=True)
class UnreadFact:
    """Something that a source would tell and we may not hear; told, never judged."""

    node: NodeId
    what: str
    why: str

    @property
    def key(self) -> FactKey:
        return ("unread", self.node, self.what)


ACTIVE_S: Final = 60
UNREACHABLE: Final = "unreachable"
"""A store's state when those who ask it get no answer."""
