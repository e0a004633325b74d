"""PostgreSQL about itself: its sessions by the addresses that hold them, and its limit.

One short connection a turn, read-only, two queries. Sessions of every database of the
server are seen at once (`gws` and `prov` share one in the vendor's picture). The role
needs `pg_read_all_stats`: without it PostgreSQL hides other roles' addresses, which
would look as if nobody were connected; that is recognised and said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.domain.facts import Fact
from app.domain.facts_stores import ACTIVE_S, ClientsFact, StoreFact
from app.domain.subject import NodeId
from collectors.base import Clock, Owners, Report
from collectors.errors import CollectorError, SourceRefused, SourceUnreachable
from collectors.http_errors import quoted
from collectors.polled import Polled
from collectors.secrets import SecretFile

CONNECT_S: Final = 3
ANSWER_MS: Final = 5_000
POSTGRESQL: Final = NodeId("postgresql")
HIDDEN: Final = (
    "the role may not see other roles' sessions: GRANT pg_read_all_stats TO it"
)
CAREFUL: Final = (
    f"SET statement_timeout = {ANSWER_MS}; SET default_transaction_read_only = on"
)
SERVER: Final = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
       pg_is_in_recovery()
"""
SESSIONS: Final = f"""
SELECT host(client_addr), count(*),
       count(*) FILTER (WHERE state_change > now() - interval '{ACTIVE_S} s'),
       coalesce(extract(epoch FROM now() - min(backend_start)), 0)::int,
       count(*) FILTER (WHERE query = '<insufficient privilege>')
FROM pg_stat_activity
WHERE datid IS NOT NULL AND pid <> pg_backend_pid()
      AND coalesce(backend_type, 'client backend') = 'client backend'
GROUP BY client_addr
"""
Session = tuple[str | None, int, int, int, int]
"""Address (`None`: a local socket), sessions, active ones, the age of the oldest in
seconds, and how many of them are hidden."""


class PostgresqlCollector(Polled):
    name = "postgresql"

    def __init__(
        self,
        dsn_file: str,
        owners: Owners,
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
    ) -> None:
        """`dsn_file`: holds a libpq connection string or URL. `owners`: whose pod has
        an address, as known now."""
        self._dsn = SecretFile(dsn_file, "connection string", one_word=False)
        self._owners = owners
        super().__init__("sessions", "PostgreSQL", report, clock, interval_s)

    def _facts(self) -> tuple[Fact, ...]:
        dsn = self._dsn.read()
        password = _password(dsn)
        try:
            with psycopg.connect(
                dsn, connect_timeout=CONNECT_S, autocommit=True
            ) as connection:
                connection.execute(CAREFUL)
                server = connection.execute(SERVER).fetchone()
                sessions = connection.execute(SESSIONS).fetchall()
                target = f"{connection.info.host}:{connection.info.port}"
        except psycopg.Error as exc:
            raise _trouble(exc, password) from exc
        if server is None:
            raise SourceUnreachable("no answer to a query")
        return read_sessions(server, sessions, target, self._owners())


def read_sessions(
    server: tuple[str, int, bool],
    sessions: list[Session],
    target: str,
    owners: Mapping[str, NodeId],
) -> tuple[Fact, ...]:
    """The server and its callers by their box."""
    if any(hidden for *_, hidden in sessions):
        raise SourceRefused(HIDDEN)
    version, most, replica = server
    of: dict[NodeId | None, list[Session]] = defaultdict(list)
    for session in sessions:
        of[owners.get(session[0] or "")].append(session)
    store = StoreFact(
        node=POSTGRESQL,
        target=target,
        version=version.split()[0],
        role="replica" if replica else "primary",
        clients=sum(session[1] for session in sessions),
        most_clients=most,
    )
    clients = (
        ClientsFact(
            POSTGRESQL,
            target,
            caller,
            open=sum(session[1] for session in rows),
            active=sum(session[2] for session in rows),
            oldest_s=max(session[3] for session in rows),
        )
        for caller, rows in of.items()
    )
    return (store, *clients)


def _password(dsn: str) -> str:
    try:
        return str(conninfo_to_dict(dsn).get("password") or "")
    except psycopg.Error as exc:
        raise SourceRefused("the connection string can't be understood") from exc


def _trouble(exc: psycopg.Error, password: str) -> CollectorError:
    said = quoted(str(exc).encode(), password)
    refused = isinstance(exc, psycopg.OperationalError) and "FATAL" in said
    if refused or isinstance(exc, psycopg.errors.InsufficientPrivilege):
        return SourceRefused(said)
    return SourceUnreachable(said)
