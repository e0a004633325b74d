"""A simulated PostgreSQL 11, as far as a watcher asks it: its roles and its sessions.

It holds no tables. One role may sign in, with a password; its databases are those that
the picture's callers use. What it is asked is answered in `stores_postgresql_answers`.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol, cast

from app.simulator.exposition_stores import DATABASES, MAX_CONNECTIONS
from app.simulator.stores_pgwire import IDLE
from app.simulator.stores_scram import Secret, secret
from app.simulator.stores_state import Stores
from app.simulator.world import Pod

ROLE: Final = "observatory"
RESERVED: Final = 3
"""Connections that are kept for superusers."""
DATABASE_OF: Final = dict(zip((9, 23), DATABASES, strict=True))
"""By connection of the picture: the database that its callers use."""
MAINTENANCE: Final = "postgres"


class Backend(NamedTuple):
    """One session, as `pg_stat_activity` has it."""

    pid: int
    address: str
    database: str
    opened: datetime
    changed: datetime


@dataclass(eq=False)
class Session:
    """Somebody who has signed in. `status`: idle, in a transaction, or in a failed one;
    `settings`: its own, over the server's; `prepared`: statements by their names."""

    pid: int
    address: str
    database: str
    opened: datetime
    changed: datetime
    settings: dict[str, str]
    prepared: dict[str, Any] = field(default_factory=dict)
    status: bytes = IDLE

    def row(self) -> Backend:
        return Backend(self.pid, self.address, self.database, self.opened, self.changed)


@dataclass(eq=False)
class PostgresqlServer:
    """One pod, and who is really connected to it."""

    pod: Pod
    stores: Stores
    sessions: dict[int, Session] = field(default_factory=dict)
    _pids: int = 60

    def __post_init__(self) -> None:
        self._secret = secret(self.stores.password, self._salt(ROLE))

    @property
    def version(self) -> str:
        """Since 10 it has two parts; the image's tag has three."""
        return ".".join(self.pod.version.split(".")[:2])

    def secret_of(self, role: str) -> Secret | None:
        return self._secret if role == ROLE else None

    def mock_secret(self, role: str) -> Secret:
        """For a role that is not there: always the same, and no password fits it."""
        salt = self._salt(role)
        return Secret(salt, salt * 2, salt * 2)

    def has(self, database: str) -> bool:
        return database in (*DATABASES, MAINTENANCE)

    def full(self) -> bool:
        taken = len(self.stores.links_to(self.pod)) + len(self.sessions)
        return taken >= MAX_CONNECTIONS - RESERVED

    def begin(self, address: str, database: str, own: Mapping[str, str]) -> Session:
        self._pids += 1
        now = self.stores.now()
        session = Session(self._pids, address, database, now, now, dict(own))
        self.sessions[session.pid] = session
        return session

    def end(self, session: Session) -> None:
        self.sessions.pop(session.pid, None)

    def everybody(self) -> list[Backend]:
        """The simulated callers, then the real ones."""
        links = self.stores.links_to(self.pod)
        linked = [
            Backend(
                1000 + link.id, link.host, DATABASE_OF[link.way], link.opened,
                self.stores.last_used(link),
            )
            for link in links
        ]  # fmt: skip
        return linked + [session.row() for session in self.sessions.values()]

    def _salt(self, role: str) -> bytes:
        return hashlib.sha256(f"{self.pod.uid}/{role}".encode()).digest()[:16]


class Talks(Protocol):
    """One connection's conversation: bytes in, bytes out, until it has ended."""

    ended: bool

    def hear(self, data: bytes) -> bytes: ...

    def leave(self) -> None: ...


Begin = Callable[[str, str], Talks]
"""A conversation, by the address that came in and a nonce for its sign-in."""


class Postgresql(asyncio.Protocol):
    """One connection to a server."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        host = str(transport.get_extra_info("peername")[0])
        self._talk = self._begin(host, secrets.token_urlsafe(18))

    def data_received(self, data: bytes) -> None:
        answer = self._talk.hear(data)
        if answer:
            self._transport.write(answer)
        if self._talk.ended:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._talk.leave()
