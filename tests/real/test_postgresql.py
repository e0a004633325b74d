"""Debian's PostgreSQL: whose sessions it holds, asked with the documented rights."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from benchmarks.stage import free_port, wait_for
from collectors.postgresql_store import PostgresqlCollector

pytestmark = pytest.mark.real

SETTING, PROVISIONING = NodeId("setting"), NodeId("provisioning")
PODS = {"127.0.0.2": SETTING, "127.0.0.3": PROVISIONING}
"""Loopback addresses that stand for pods."""
GRANTS = Path(__file__).parents[2] / "docs" / "least-privilege.md"
OTHERS_ENTER = 0o001
READY = b"Z\0\0\0\5I"
"""Ready for a query, outside of any transaction."""
BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Server:
    """A cluster of its own, in which everybody on loopback is trusted but one role."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._data = folder / "data"
        self._folder = folder

    def __enter__(self) -> Server:
        # PostgreSQL refuses to run as root.
        owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if owner is not None:
            for folder in self._folder.parents:
                mode = folder.stat().st_mode
                if not mode & OTHERS_ENTER:
                    folder.chmod(mode | OTHERS_ENTER)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._owner = owner
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "admin", "-N")
        rules = "host all observatory all scram-sha-256\nhost all all all trust\n"
        hba = self._data / "pg_hba.conf"
        hba.write_text(rules)
        options = f"-p {self.port} -c fsync=off -c unix_socket_directories="
        log = str(self._folder / "log")
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", log, "-o", options, "start"
        )
        with self.admin() as admin:
            for database in ("gws", "prov"):
                admin.execute(f"CREATE DATABASE {database}")
        return self

    def __exit__(self, *exc: object) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        ids = (
            {}
            if self._owner is None
            else {"user": self._owner.pw_uid, "group": self._owner.pw_gid}
        )
        subprocess.run(
            [str(BIN[-1] / program), *arguments],
            check=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            extra_groups=[] if ids else None,
            **ids,
        )

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self._dsn("admin", "postgres"), autocommit=True)

    def session(self, source: str, database: str) -> socket.socket:
        """A session of an application, from an address that stands for a pod. The
        client library can't choose its address; what it says at the start is short."""
        client = socket.create_connection(("127.0.0.1", self.port), 5, (source, 0))
        named = {"user": "admin", "database": database}
        body = b"".join(f"{k}\0{v}\0".encode() for k, v in named.items()) + b"\0"
        version = (3 << 16).to_bytes(4, "big")
        client.sendall((len(body) + 8).to_bytes(4, "big") + version + body)
        answer = b""
        while not answer.endswith(READY):
            answer += client.recv(4096)
        return client

    def _dsn(self, user: str, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={user} dbname={database}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
def role(server: Server) -> Iterator[psycopg.Connection]:
    """An administrator, for the time in which the documented role exists."""
    with server.admin() as admin:
        for line in GRANTS.read_text().splitlines():
            if line.startswith(("CREATE ROLE observatory", "GRANT pg_read_all_stats")):
                admin.execute(line.replace("PASSWORD'", "secret'"))
        yield admin
        admin.execute("DROP ROLE observatory")


def hear(server: Server, folder: Path, password: str = "secret") -> Reading:
    file = folder / "dsn"
    file.write_text(
        f"host=127.0.0.1 port={server.port} user=observatory dbname=gws password={password}"
    )
    (reading,) = PostgresqlCollector(
        str(file),
        lambda: PODS,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    ).ask_once()
    return reading


def callers(reading: Reading) -> dict[NodeId | None, int]:
    facts = [fact for fact in reading.facts if isinstance(fact, ClientsFact)]
    return {fact.caller: fact.open for fact in facts}


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
        reading = hear(server, tmp_path)
    assert reading.trouble is None
    assert callers(reading) == {SETTING: 2, PROVISIONING: 1, None: 1}
    (store,) = [fact for fact in reading.facts if isinstance(fact, StoreFact)]
    assert (store.target, store.role) == (f"127.0.0.1:{server.port}", "primary")
    assert (store.clients, store.most_clients) == (4, 100)
    assert store.version.startswith("15.")
    wait_for("sessions end", lambda: callers(hear(server, tmp_path)) == {None: 1}, 10)


def test_a_role_that_sees_nothing_is_told_what_it_lacks(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    role.execute("REVOKE pg_read_all_stats FROM observatory")
    with server.session("127.0.0.2", "gws"):
        trouble = hear(server, tmp_path).trouble
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "GRANT pg_read_all_stats" in trouble.text


def test_a_wrong_password_is_told_without_it(
    server: Server, role: psycopg.Connection, tmp_path: Path
) -> None:
    trouble = hear(server, tmp_path, "wrong-one").trouble
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "password authentication failed" in trouble.text
    assert "wrong-one" not in trouble.text


def test_one_that_is_gone_is_told_with_its_place(tmp_path: Path) -> None:
    gone = Server(tmp_path)
    trouble = hear(gone, tmp_path).trouble
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
