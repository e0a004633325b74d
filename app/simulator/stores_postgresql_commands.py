"""The commands that a simulated PostgreSQL obeys: settings and transactions.

They change the session and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.simulator.exposition_stores import MAX_CONNECTIONS
from app.simulator.stores_pgwire import (
    FAILED,
    IDLE,
    IN_TRANSACTION,
    TEXT,
    Column,
    Refused,
    Type,
)
from app.simulator.stores_postgresql import RESERVED, PostgresqlServer, Session

Given = Sequence[str | None]
"""The values of a question's parameters."""
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asked, and by whom."""

    server: PostgresqlServer
    session: Session


@dataclass(frozen=True, slots=True)
class Done:
    """`tag`: what is said at the end; empty where nothing was asked."""

    tag: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """`takes`: the types of its parameters."""

    run: Callable[[Asker, Given], Done]
    columns: tuple[Column, ...] = ()
    takes: tuple[Type, ...] = ()
    ends_transaction: bool = False


REPORTED: Final[Mapping[str, str]] = {
    "application_name": "",
    "client_encoding": "UTF8",
    "DateStyle": "ISO, MDY",
    "integer_datetimes": "on",
    "IntervalStyle": "postgres",
    "is_superuser": "off",
    "server_encoding": "UTF8",
    "server_version": "",
    "session_authorization": "",
    "standard_conforming_strings": "on",
    "TimeZone": "UTC",
}
"""Settings of which a client is told when it has signed in."""
SETTABLE: Final[Mapping[str, str]] = {
    "application_name": "",
    "client_encoding": "UTF8",
    "datestyle": "ISO, MDY",
    "default_transaction_read_only": "off",
    "extra_float_digits": "1",
    "lock_timeout": "0",
    "search_path": '"$user", public',
    "statement_timeout": "0",
    "timezone": "UTC",
}
FIXED: Final[Mapping[str, str]] = {
    "hot_standby": "on",
    "max_connections": str(MAX_CONNECTIONS),
    "superuser_reserved_connections": str(RESERVED),
    "wal_level": "replica",
}


def setting(server: PostgresqlServer, session: Session, name: str) -> str:
    """As `SHOW` has it. Raises `Refused` for one that is not there."""
    known = {key.lower(): value for key, value in REPORTED.items()}
    known |= {**SETTABLE, **FIXED, **session.settings}
    known["server_version"] = server.version
    if name.lower() not in known:
        raise unrecognized(name)
    return known[name.lower()]


def unrecognized(name: str) -> Refused:
    return Refused("42704", f'unrecognized configuration parameter "{name}"')


def _set(asked: str) -> Statement:
    words = re.sub(r"=| to ", " = ", asked, count=1).split(None, 3)
    if len(words) != 4 or words[2] != "=":
        raise Refused("42601", "syntax error at end of input", position=len(asked) + 1)
    name, value = words[1], words[3].strip("'\"")

    def run(asker: Asker, given: Given) -> Done:
        asker.session.settings[settable(name)] = value
        return Done("SET")

    return Statement(run)


def settable(name: str) -> str:
    """The name, as it is kept. Raises `Refused` for what can't be set."""
    if name.lower() in SETTABLE:
        return name.lower()
    known = {*FIXED, *(one.lower() for one in REPORTED)}
    if name.lower() in known:
        raise Refused("55P02", f'parameter "{name}" cannot be changed')
    raise unrecognized(name)


def _show(asked: str) -> Statement:
    name = asked.partition(" ")[2]

    def run(asker: Asker, given: Given) -> Done:
        return Done("SHOW", ((setting(asker.server, asker.session, name),),))

    return Statement(run, (Column(name, TEXT),))


def _becomes(tag: str, status: bytes) -> Callable[[str], Statement]:
    def run(asker: Asker, given: Given) -> Done:
        # What has failed can't be kept, whatever is asked for.
        undone = asker.session.status == FAILED
        asker.session.status = status
        return Done("ROLLBACK" if undone else tag)

    statement = Statement(run, ends_transaction=status == IDLE)
    return lambda asked: statement


def _deallocate(asked: str) -> Statement:
    name = asked.split()[-1].strip('"')

    def run(asker: Asker, given: Given) -> Done:
        prepared = asker.session.prepared
        if name == "all":
            prepared.clear()
            return Done("DEALLOCATE ALL")
        if prepared.pop(name, None) is None:
            raise Refused("26000", f'prepared statement "{name}" does not exist')
        return Done("DEALLOCATE")

    return Statement(run)


def _nothing(asked: str) -> Statement:
    return Statement(lambda asker, given: Done(""))


VERBS: Final[Mapping[str, Callable[[str], Statement]]] = {
    "": _nothing,
    "set": _set,
    "show": _show,
    "deallocate": _deallocate,
    "begin": _becomes("BEGIN", IN_TRANSACTION),
    "commit": _becomes("COMMIT", IDLE),
    "rollback": _becomes("ROLLBACK", IDLE),
}
