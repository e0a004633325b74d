"""PostgreSQL about itself: its sessions by the addresses that hold them, its limit, and
how far its replicas are behind.

One short connection a turn, read-only, three queries. Sessions of every database of the
server are seen at once (`gws` and `prov` share one in the vendor's picture). The role
needs `pg_read_all_stats`: without it PostgreSQL hides other roles' addresses and the
state of replication, which would look as if nobody were there; that is recognised and
said.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from app.domain.facts import Fact
from app.domain.facts_stores import ACTIVE_S, Follower
from collectors.base import Clock, Owners, Report
from collectors.deadlines import acting_after
from collectors.errors import CollectorError, SourceRefused, SourceUnreachable
from collectors.http_errors import quoted
from collectors.polled import Polled
from collectors.postgresql_read import (
    Receiver,
    Sender,
    Server,
    Session,
    read_receiver,
    read_senders,
    read_sessions,
)
from collectors.postgresql_tls import checked
from collectors.secrets import SecretFile

CONNECT_S: Final = 3
ANSWER_MS: Final = 5_000
ALL_S: Final = 10.0
"""All questions together; the server itself ends one after `ANSWER_MS`."""
CAREFUL: Final = (
    f"SET statement_timeout = {ANSWER_MS}; SET default_transaction_read_only = on"
)
SERVER: Final = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
       pg_is_in_recovery()
"""
SESSIONS: Final = f"""
SELECT host(client_addr), datname::text, count(*),
       count(*) FILTER (WHERE state_change > now() - interval '{ACTIVE_S} s'),
       coalesce(extract(epoch FROM now() - min(backend_start)), 0)::int,
       count(*) FILTER (WHERE query = '<insufficient privilege>')
FROM pg_stat_activity
WHERE datid IS NOT NULL AND pid <> pg_backend_pid()
      AND coalesce(backend_type, 'client backend') = 'client backend'
GROUP BY client_addr, datname
"""
SENDERS: Final = """
SELECT coalesce(host(client_addr), application_name), true,
       extract(epoch FROM replay_lag)::float8,
       pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::int8, state IS NULL
FROM pg_stat_replication LEFT JOIN pg_replication_slots ON active_pid = pid
WHERE (replay_lsn IS NOT NULL OR state IS NULL)
      AND coalesce(slot_type, 'physical') = 'physical'
UNION ALL
SELECT slot_name::text, false, NULL,
       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::int8, false
FROM pg_replication_slots
WHERE slot_type = 'physical' AND NOT active AND restart_lsn IS NOT NULL
"""
"""Of a primary: replicas, and slots that nobody uses. A backup or an archive replays
nothing; a subscriber is no replica."""
RECEIVER: Final = """
SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8,
       pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::int8,
       (SELECT status FROM pg_stat_wal_receiver),
       EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status IS NULL)
"""
NOT_TOLD: Final = (
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.UndefinedFunction,
)
"""What a service that is like PostgreSQL answers about replication that is its own."""
REFUSALS: Final = ("FATAL", "certificate")
"""Marks of what libpq says when one of both sides will not have the other."""
NO_TLS: Final = "does not support SSL"
SAY_SO: Final = "where the way there needs no TLS, say sslmode=disable in dsn_file"
Connection = psycopg.Connection[tuple[Any, ...]]


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
        of: str = "",
        ca_file: str | None = None,
        client_cert: tuple[str, str] | None = None,
    ) -> None:
        """`dsn_file`: holds a libpq connection string or URL. `owners`: whose pod has
        an address, as known now. `of`: the database that this server is there for,
        where another one has a server of its own."""
        self._dsn = SecretFile(dsn_file, "connection string", one_word=False)
        self._owners = owners
        self._tls = partial(checked, ca_file=ca_file, client_cert=client_cert)
        which = f" of {of}" if of else ""
        feed, where = f"sessions{which}", f"PostgreSQL{which}"
        super().__init__(feed, where, report, clock, interval_s)

    def _facts(self) -> tuple[Fact, ...]:
        dsn = self._dsn.read()
        said = _words(dsn)
        password = str(said.get("password") or "")
        way: dict[str, Any] = {"connect_timeout": CONNECT_S, **self._tls(said)}
        try:
            with (
                psycopg.connect(dsn, autocommit=True, **way) as connection,
                within(connection, ALL_S),
            ):
                return self._told(connection)
        except psycopg.Error as exc:
            raise _trouble(exc, password) from exc

    def _told(self, connection: Connection) -> tuple[Fact, ...]:
        connection.execute(CAREFUL)
        (row,) = connection.execute(SERVER).fetchall()
        server = Server(*row)
        sessions = [Session(*row) for row in connection.execute(SESSIONS)]
        followers = _followers(connection, server)
        target = f"{connection.info.host}:{connection.info.port}"
        return read_sessions(server, sessions, followers, target, self._owners())


def _followers(connection: Connection, server: Server) -> tuple[Follower, ...]:
    try:
        if server.replica:
            (row,) = connection.execute(RECEIVER).fetchall()
            return read_receiver(Receiver(*row))
        return read_senders(Sender(*row) for row in connection.execute(SENDERS))
    except NOT_TOLD:
        return ()


@contextmanager
def within(connection: Connection, seconds: float) -> Iterator[None]:
    """Cut the connection after so long: its library waits for an answer for ever."""

    def cut() -> None:
        with suppress(OSError):
            way.shutdown(socket.SHUT_RDWR)

    with (
        socket.socket(fileno=os.dup(connection.fileno())) as way,
        acting_after(seconds, cut),
    ):
        yield


def _words(dsn: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(dsn)
    except psycopg.Error as exc:
        raise SourceRefused("the connection string can't be understood") from exc


def _trouble(exc: psycopg.Error, password: str) -> CollectorError:
    said = quoted(str(exc).encode(), password)
    refused = any(mark in said for mark in REFUSALS)
    if isinstance(exc, psycopg.OperationalError) and NO_TLS in said:
        return SourceRefused(f"{said}; {SAY_SO}")
    if (isinstance(exc, psycopg.OperationalError) and refused) or isinstance(
        exc, psycopg.errors.InsufficientPrivilege
    ):
        return SourceRefused(said)
    return SourceUnreachable(said)
