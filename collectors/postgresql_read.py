"""What PostgreSQL's answers say: whose sessions it has, and who is behind it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from app.domain.facts import Fact
from app.domain.facts_stores import ClientsFact, Follower, StoreFact
from app.domain.subject import NodeId
from collectors.errors import SourceRefused

POSTGRESQL: Final = NodeId("postgresql")
HIDDEN: Final = (
    "the role may not see other roles' sessions: GRANT pg_read_all_stats TO it"
)
STREAMING: Final = "streaming"


class Server(NamedTuple):
    version: str
    most: int
    replica: bool


class Session(NamedTuple):
    """Sessions from one address (`None`: a local socket) in one database: all, active
    ones, the age of the oldest in seconds, and how many of them are hidden."""

    address: str | None
    database: str | None
    open: int
    active: int
    oldest_s: int
    hidden: int


class Sender(NamedTuple):
    """Who follows a primary: by its address or name, or by the slot that is kept for
    one that is not there (`streaming` false). `lag_s` `None`: it was not measured, as
    nothing was sent for a while."""

    name: str | None
    streaming: bool
    lag_s: float | None
    lag_bytes: int | None
    hidden: bool


class Receiver(NamedTuple):
    """A replica about itself: seconds since the last commit that it has replayed, bytes
    that it has received and not replayed, and the state of what receives them."""

    since_s: float | None
    lag_bytes: int | None
    status: str | None
    hidden: bool


def read_sessions(
    server: Server,
    sessions: Sequence[Session],
    followers: tuple[Follower, ...],
    target: str,
    owners: Mapping[str, NodeId],
) -> tuple[Fact, ...]:
    """The server and its callers by their box. Raises `SourceRefused` where others'
    sessions are hidden."""
    if any(session.hidden for session in sessions):
        raise SourceRefused(HIDDEN)
    of: dict[NodeId | None, list[Session]] = defaultdict(list)
    for session in sessions:
        of[owners.get(session.address or "")].append(session)
    store = StoreFact(
        node=POSTGRESQL,
        target=target,
        version=server.version.split()[0],
        role="replica" if server.replica else "primary",
        clients=sum(session.open for session in sessions),
        most_clients=server.most,
        followers=followers,
    )
    clients = (
        ClientsFact(
            POSTGRESQL,
            target,
            caller,
            open=sum(session.open for session in rows),
            active=sum(session.active for session in rows),
            oldest_s=max(session.oldest_s for session in rows),
            databases=tuple(sorted({row.database for row in rows if row.database})),
        )
        for caller, rows in of.items()
    )
    return (store, *clients)


def read_senders(senders: Iterable[Sender]) -> tuple[Follower, ...]:
    """Raises `SourceRefused` where they are hidden."""
    found = []
    for sender in senders:
        if sender.hidden:
            raise SourceRefused(HIDDEN)
        name, behind = sender.name or "", sender.lag_bytes
        lag_s = 0.0 if sender.streaming and behind == 0 else sender.lag_s
        found.append(Follower(name, lag_s, behind, sender.streaming))
    return tuple(sorted(found, key=lambda one: one.name))


def read_receiver(receiver: Receiver) -> tuple[Follower, ...]:
    """A replica's own word. Without a commit on the primary time passes and nothing is
    missing: one that has replayed all that it receives is not behind. Raises
    `SourceRefused` where it is hidden."""
    if receiver.hidden:
        raise SourceRefused(HIDDEN)
    streaming = receiver.status == STREAMING
    # After a restart it may have replayed more than it has received since.
    behind = None if receiver.lag_bytes is None else max(0, receiver.lag_bytes)
    since_s = None if receiver.since_s is None else max(0.0, receiver.since_s)
    lag_s = 0.0 if streaming and behind == 0 else since_s
    return (Follower("", lag_s, behind, streaming),)
