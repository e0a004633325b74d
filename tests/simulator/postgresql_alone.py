"""A simulated PostgreSQL on its own, and ways to talk to it or to a real one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import psycopg

from app.simulator.stores_state import Stores
from app.simulator.world import WORKLOADS, Pod
from tests.real.postgresql_servers import PASSWORD

NOW = datetime.fromtimestamp(time.time(), UTC)
SPEC = next(spec for spec in WORKLOADS if spec.box == "postgresql")
POD = Pod(
    SPEC, f"{SPEC.name}-0", "u0", "127.0.0.1", "n1", SPEC.ports, SPEC.version,
    NOW - timedelta(hours=1),
)  # fmt: skip


class Alone:
    """A deployment of one PostgreSQL pod and nobody else."""

    def pods(self) -> tuple[Pod, ...]:
        return (POD,)

    def faults(self) -> tuple[()]:
        return ()


def stores() -> Stores:
    return Stores(Alone(), lambda: NOW, lambda: NOW, PASSWORD)


def dsn(port: int, **more: object) -> str:
    plain = {"user": "observatory", "password": PASSWORD, "dbname": "gws"}
    told = {"host": "127.0.0.1", "port": port, **plain, **more}
    return " ".join(f"{name}={value}" for name, value in told.items())


def connect(port: int, **more: object) -> psycopg.Connection:
    return psycopg.connect(dsn(port, **more), autocommit=True)
