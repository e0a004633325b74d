"""Debian's PostgreSQL for tests: a server, its streaming replica, sessions from anywhere."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app.domain.facts_stores import StoreFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from benchmarks.stage import free_port
from collectors.postgresql_store import PostgresqlCollector

BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
READY = b"Z\0\0\0\5I"
"""Ready for a query, outside of any transaction."""
RULES = """\
host all observatory all scram-sha-256
host all all all trust
host replication all all trust
"""
GRANTS = Path(__file__).parents[2] / "docs" / "least-privilege.md"
PASSWORD = "secret"
SLOT = "second"
QUICK = ("wal_receiver_status_interval=1", "wal_retrieve_retry_interval=100")
"""How a replica reports every second and looks for its primary at once."""


class Server:
    """A cluster of its own, in which everybody on loopback is trusted but one role."""

    def __init__(self) -> None:
        self.port = free_port()
        self._there = ExitStack()
        self._numbers = count()

    def __enter__(self) -> Server:
        self._own()
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "admin", "-N")
        (self.data / "pg_hba.conf").write_text(RULES)
        self.start()
        with self.admin() as admin:
            for database in ("gws", "prov"):
                admin.execute(f"CREATE DATABASE {database}")
        return self

    def __exit__(self, *exc: object) -> None:
        with self._there:
            self.stop()

    def start(self, *more: str) -> None:
        options = f"-p {self.port} -c fsync=off -c unix_socket_directories="
        options += "".join(f" -c {setting}" for setting in more)
        log = str(self._folder / "log")
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        dsn = f"host=127.0.0.1 port={self.port} user=admin dbname={database}"
        return psycopg.connect(dsn, autocommit=True)

    def database(self) -> str:
        """The address of one that nobody has used."""
        name = f"own_{next(self._numbers)}"
        with self.admin() as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return f"postgresql://admin@127.0.0.1:{self.port}/{name}"

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

    def _own(self) -> None:
        """PostgreSQL refuses to run as root, so its folder is not in one of root's."""
        self._owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self._folder = Path(self._there.enter_context(TemporaryDirectory()))
        self.data = self._folder / "data"
        if self._owner is not None:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        owner = self._owner
        subprocess.run(
            [str(BIN[-1] / program), *arguments],
            check=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            user=None if owner is None else owner.pw_uid,
            group=None if owner is None else owner.pw_gid,
            extra_groups=None if owner is None else [],
        )


class Replica(Server):
    """Streams from a primary, which keeps a slot for it."""

    def __init__(self, primary: Server) -> None:
        super().__init__()
        self._primary = primary

    def __enter__(self) -> Replica:
        self._own()
        self._run(
            "pg_basebackup", "-D", str(self.data), "-h", "127.0.0.1", "-U", "admin",
            "-p", str(self._primary.port), "-R", "-C", "-S", SLOT, "-c", "fast", "-N",
        )  # fmt: skip
        self.start(*QUICK)
        return self


def grant(admin: psycopg.Connection) -> None:
    """Make the role, as the documentation has it."""
    for line in GRANTS.read_text().splitlines():
        if line.startswith(("CREATE ROLE observatory", "GRANT pg_read_all_stats")):
            admin.execute(line.replace("PASSWORD'", f"{PASSWORD}'"))


def hear(
    server: Server,
    folder: Path,
    owners: dict[str, NodeId],
    password: str = PASSWORD,
) -> Reading:
    """What the collector says of a server."""
    file = folder / "dsn"
    file.write_text(
        f"host=127.0.0.1 port={server.port} user=observatory dbname=gws password={password}"
    )
    (reading,) = PostgresqlCollector(
        str(file),
        lambda: owners,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    ).ask_once()
    return reading


def told(reading: Reading) -> StoreFact:
    assert reading.trouble is None, reading.trouble
    (store,) = [fact for fact in reading.facts if isinstance(fact, StoreFact)]
    return store
