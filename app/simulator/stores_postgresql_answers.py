"""What a simulated PostgreSQL answers: a table of questions.

A question is known by its words, whatever the blanks and the case; there is no language
behind it. What is not in the table is refused as the real one refuses what it lacks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from app.domain.facts_stores import ACTIVE_S
from app.simulator.exposition_stores import MAX_CONNECTIONS
from app.simulator.stores_pgwire import (
    BOOL,
    FLOAT8,
    INT4,
    INT8,
    NAME,
    TEXT,
    Column,
    Refused,
    Type,
)
from app.simulator.stores_postgresql_commands import (
    VERBS,
    Asker,
    Done,
    Given,
    Row,
    Statement,
    setting,
)

RELATIONS: Final = (
    "pg_stat_activity",
    "pg_stat_replication",
    "pg_stat_wal_receiver",
    "pg_replication_slots",
)
COMMANDS: Final = re.compile(
    "alter|analyze|call|comment|copy|create|delete|discard|do|drop|explain|"
    "grant|insert|listen|lock|notify|prepare|reset|revoke|select|table|truncate|update|"
    "vacuum|values|with"
)
"""What SQL statements begin with, and no answer is known to."""


def split(text: str) -> list[str]:
    """The statements of a text, without what ends them."""
    parts = re.findall(r"(?:'[^']*'|[^;'])+", text)
    return [part.strip() for part in parts if part.strip()]


def plain(text: str) -> str:
    """One blank between words, small letters outside of quotes."""
    parts = text.split("'")
    parts[::2] = [re.sub(r"\s+", " ", part).lower() for part in parts[::2]]
    return "'".join(parts).strip()


def understood(text: str) -> Statement:
    """What one statement asks for. Raises `Refused` where nothing is known to it."""
    asked = plain(text)
    found = QUESTIONS.get(asked)
    if found is not None:
        return found
    words = asked.split()
    command = VERBS.get(words[0] if words else "")
    if command is None:
        raise _unknown(text, words)
    return command(asked)


def _unknown(text: str, words: Sequence[str]) -> Refused:
    if not COMMANDS.fullmatch(words[0]):
        word = text.split()[0]
        return Refused("42601", f'syntax error at or near "{word}"', position=1)
    source = re.search(r"\bfrom\s+([\w.]+)", text, re.IGNORECASE)
    if source and source[1].lower().removeprefix("pg_catalog.") not in RELATIONS:
        said = f'relation "{source[1].lower()}" does not exist'
        return Refused("42P01", said, position=source.start(1) + 1)
    return Refused("0A000", "the simulation knows no answer to this")


# Questions.


def _question(
    text: str,
    columns: Iterable[tuple[str, Type]],
    rows: Callable[[Asker], Iterable[Row]],
) -> tuple[str, Statement]:
    def run(asker: Asker, given: Given) -> Done:
        found = tuple(rows(asker))
        return Done(f"SELECT {len(found)}", found)

    return plain(text), Statement(run, tuple(Column(*one) for one in columns))


def _sessions(asker: Asker) -> Iterator[Row]:
    """Of all databases, without the one that asks, by address and database."""
    now = asker.server.stores.now()
    of: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for backend in asker.server.everybody():
        if backend.pid != asker.session.pid:
            active = backend.changed > now - timedelta(seconds=ACTIVE_S)
            age_s = (now - backend.opened).total_seconds()
            of[backend.address, backend.database].append((age_s, active))
    for place, found in of.items():
        asking = sum(active for _, active in found)
        yield *place, len(found), asking, round(max(age for age, _ in found)), 0


def _server(asker: Asker) -> Iterator[Row]:
    yield asker.server.version, MAX_CONNECTIONS, False


def _current_setting(asker: Asker, given: Given) -> Done:
    value = setting(asker.server, asker.session, given[0] or "")
    return Done("SELECT 1", ((value,),))


def _about(asker: Asker) -> Iterator[Row]:
    yield (f"PostgreSQL {asker.server.version} on x86_64-pc-linux-gnu, 64-bit",)


QUESTIONS: Final[Mapping[str, Statement]] = dict(
    [
        _question("SELECT 1", [("?column?", INT4)], lambda asker: [(1,)]),
        _question("SELECT version()", [("version", TEXT)], _about),
        _question(
            "SELECT current_database()",
            [("current_database", NAME)],
            lambda asker: [(asker.session.database,)],
        ),
        (
            "select current_setting($1)",
            Statement(_current_setting, (Column("current_setting", TEXT),), (TEXT,)),
        ),
        _question(
            "SELECT current_setting('server_version'), "
            "current_setting('max_connections')::int, pg_is_in_recovery()",
            [
                ("current_setting", TEXT),
                ("current_setting", INT4),
                ("pg_is_in_recovery", BOOL),
            ],
            _server,
        ),
        _question(
            "SELECT host(client_addr), datname::text, count(*), "
            f"count(*) FILTER (WHERE state_change > now() - interval '{ACTIVE_S} s'), "
            "coalesce(extract(epoch FROM now() - min(backend_start)), 0)::int, "
            "count(*) FILTER (WHERE query = '<insufficient privilege>') "
            "FROM pg_stat_activity "
            "WHERE datid IS NOT NULL AND pid <> pg_backend_pid() "
            "AND coalesce(backend_type, 'client backend') = 'client backend' "
            "GROUP BY client_addr, datname",
            [
                ("host", TEXT),
                ("datname", TEXT),
                ("count", INT8),
                ("count", INT8),
                ("coalesce", INT4),
                ("count", INT8),
            ],
            _sessions,
        ),
        _question(
            "SELECT coalesce(host(client_addr), application_name), true, "
            "extract(epoch FROM replay_lag)::float8, "
            "pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::int8, state IS NULL "
            "FROM pg_stat_replication "
            "LEFT JOIN pg_replication_slots ON active_pid = pid "
            "WHERE (replay_lsn IS NOT NULL OR state IS NULL) "
            "AND coalesce(slot_type, 'physical') = 'physical' "
            "UNION ALL SELECT slot_name::text, false, NULL, "
            "pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::int8, false "
            "FROM pg_replication_slots WHERE slot_type = 'physical' "
            "AND NOT active AND restart_lsn IS NOT NULL",
            [
                ("coalesce", TEXT),
                ("bool", BOOL),
                ("date_part", FLOAT8),
                ("pg_wal_lsn_diff", INT8),
                ("?column?", BOOL),
            ],
            # The picture has one server, and nobody follows it.
            lambda asker: (),
        ),
    ]
)
