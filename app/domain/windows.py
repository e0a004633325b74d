"""Maintenance windows: what is worked on, until when, by whom and why.

They stand in the configuration, or are set from the page. A window that names neither
boxes nor connections is over the whole deployment; one over a group is over its parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.instants import instant
from app.domain.subject import NodeId, Subject
from app.domain.topology import Topology

LONGEST: Final = timedelta(days=7)
"""Of one from the page: what is worked on for longer belongs into the configuration."""
WORDS_MOST: Final = 200
"""How long a reason or a name may be."""


@dataclass(frozen=True, slots=True)
class Window:
    """`configured`: it stands in the configuration. `ended_at`: early, and by whom."""

    id: str
    starts_at: datetime
    ends_at: datetime
    why: str
    by: str
    nodes: tuple[NodeId, ...] = ()
    connections: tuple[int, ...] = ()
    configured: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def whole(self) -> bool:
        """Over all of the deployment."""
        return not (self.nodes or self.connections)

    def over(self, now: datetime) -> bool:
        return self.ended_at is not None or self.ends_at <= now

    def in_force(self, now: datetime) -> bool:
        return self.starts_at <= now and not self.over(now)

    def ended(self, now: datetime, by: str) -> Window:
        """Ended early."""
        return replace(self, ended_at=now, ended_by=by)


@dataclass(frozen=True, slots=True)
class Listed:
    """Windows that were asked for. `trouble`: why only those in memory are told."""

    windows: tuple[Window, ...]
    trouble: str | None = None


def in_force(windows: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    return tuple(window for window in windows if window.in_force(now))


def turns(windows: Iterable[Window], now: datetime) -> list[datetime]:
    """When one begins or ends by itself."""
    coming = [window for window in windows if not window.over(now)]
    moments = [at for window in coming for at in (window.starts_at, window.ends_at)]
    return [at for at in moments if at > now]


def covered(window: Window, topology: Topology) -> list[Subject]:
    """Whom it is over. What the picture no longer has is passed over."""
    if window.whole:
        numbers = [connection.number for connection in topology.connections]
        return [*numbers, *(box.id for box in topology.boxes)]
    members = {box.id: box.members for box in topology.boxes}
    parts = [part for node in window.nodes for part in members.get(node, ())]
    return [*window.connections, *window.nodes, *parts]


def is_line(text: str) -> bool:
    """One line of words: no control characters, nothing that turns them round."""
    return text.isprintable() and bool(text.strip())


def encode(window: Window) -> dict[str, Any]:
    """As the API tells it."""
    return {
        "id": window.id,
        "from": instant(window.starts_at),
        "to": instant(window.ends_at),
        "nodes": list(window.nodes),
        "connections": list(window.connections),
        "why": window.why,
        "by": window.by,
        "origin": "configuration" if window.configured else "page",
        "ended_at": instant(window.ended_at),
        "ended_by": window.ended_by,
    }


def decode(told: dict[str, Any]) -> Window:
    """The reverse."""
    early = told["ended_at"]
    return Window(
        id=told["id"],
        starts_at=datetime.fromisoformat(told["from"]),
        ends_at=datetime.fromisoformat(told["to"]),
        why=told["why"],
        by=told["by"],
        nodes=tuple(map(NodeId, told["nodes"])),
        connections=tuple(told["connections"]),
        configured=told["origin"] == "configuration",
        ended_at=None if early is None else datetime.fromisoformat(early),
        ended_by=told["ended_by"],
    )
