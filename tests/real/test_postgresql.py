"""Debian's PostgreSQL: whose sessions it holds, asked with the documented rights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.domain.facts_stores import ClientsFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from benchmarks.stage import wait_for
from collectors.postgresql_store import PostgresqlCollector
from tests.real.postgresql_servers import PASSWORD, Server, grant, hear, told

pytestmark = pytest.mark.real

SETTING, PROVISIONING = NodeId("setting"), NodeId("provisioning")
PODS = {"127.0.0.2": SETTING, "127.0.0.3": PROVISIONING}
"""Loopback addresses that stand for pods."""


@pytest.fixture
def role(server: Server) -> Iterator[psycopg.Connection]:
    """An administrator, for the time in which the documented role exists."""
    with server.admin() as admin:
        grant(admin)
        yield admin
        admin.execute("DROP ROLE observatory")


def asked(server: Server, folder: Path, password: str = PASSWORD) -> Reading:
    return hear(server, folder, PODS, password)


def clients(reading: Reading) -> dict[NodeId | None, ClientsFact]:
    facts = [fact for fact in reading.facts if isinstance(fact, ClientsFact)]
    return {fact.caller: fact for fact in facts}


def callers(reading: Reading) -> dict[NodeId | None, int]:
    return {caller: fact.open for caller, fact in clients(reading).items()}


def test_sessions_of_both_databases_are_counted_by_the_boxes_that_hold_them(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    with ExitStack() as held:
        for source, database in (
            ("127.0.0.2", "gws"),
            ("127.0.0.2", "gws"),
            ("127.0.0.3", "prov"),
        ):
            held.enter_context(server.session(source, database))
        reading = asked(server, tmp_path)
    assert callers(reading) == {SETTING: 2, PROVISIONING: 1, None: 1}
    named = {caller: fact.databases for caller, fact in clients(reading).items()}
    assert named == {SETTING: ("gws",), PROVISIONING: ("prov",), None: ("postgres",)}
    store = told(reading)
    assert (store.target, store.role) == (f"127.0.0.1:{server.port}", "primary")
    assert (store.clients, store.most_clients) == (4, 100)
    assert store.version.startswith("15.")
    assert store.followers == ()
    wait_for("sessions end", lambda: callers(asked(server, tmp_path)) == {None: 1}, 10)


def test_a_role_that_sees_nothing_is_told_what_it_lacks(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    role.execute("REVOKE pg_read_all_stats FROM observatory")
    with server.session("127.0.0.2", "gws"):
        trouble = asked(server, tmp_path).trouble
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "GRANT pg_read_all_stats" in trouble.text


def test_a_wrong_password_is_told_without_it(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    trouble = asked(server, tmp_path, "wrong-one").trouble
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "password authentication failed" in trouble.text
    assert "wrong-one" not in trouble.text


def test_one_that_is_gone_is_told_with_its_place(tmp_path: Path) -> None:
    gone = Server()
    trouble = asked(gone, tmp_path).trouble
    assert trouble is not None
    assert trouble.kind == "unreachable"
    assert f"port {gone.port} failed" in trouble.text


def test_a_file_that_holds_no_connection_string_is_told(tmp_path: Path) -> None:
    (tmp_path / "dsn").write_text("what is this?")
    (reading,) = PostgresqlCollector(
        str(tmp_path / "dsn"),
        dict,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    ).ask_once()
    assert reading.trouble is not None
    assert reading.trouble.text == (
        "PostgreSQL: the connection string can't be understood"
    )


def test_a_service_that_keeps_its_replication_to_itself_tells_the_rest(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    """As services do that are like PostgreSQL and write no log of its kind."""
    with server.admin("gws") as admin:
        admin.execute("ALTER FUNCTION pg_current_wal_lsn() RENAME TO pg_no_wal_lsn")
        reading = asked(server, tmp_path)
        admin.execute("ALTER FUNCTION pg_no_wal_lsn() RENAME TO pg_current_wal_lsn")
    store = told(reading)
    assert store.role == "primary"
    assert store.followers == ()


def test_a_right_on_replication_that_is_missing_is_named(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    with server.admin("gws") as admin:
        admin.execute("REVOKE EXECUTE ON FUNCTION pg_current_wal_lsn() FROM PUBLIC")
        trouble = asked(server, tmp_path).trouble
        admin.execute("GRANT EXECUTE ON FUNCTION pg_current_wal_lsn() TO PUBLIC")
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "permission denied for function pg_current_wal_lsn" in trouble.text
