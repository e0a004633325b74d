"""What a running `serve` tells of itself on `/debug` and `/metrics`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.cli.main import World
from app.cli.reload import Standing
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.models import Server
from app.config.shown import in_force
from app.config.storage import Storage
from app.domain.incidents_ask import Health
from app.domain.instants import instant
from app.history.base import Kept
from app.history.sqlite import SqliteHistory
from app.web.access.peers import Peers
from app.web.own import Own, Store
from app.web.request_log import Manners

Json = dict[str, Any]
Stores = Callable[[], tuple[Store, ...]]


def own(stores: Stores, standing: Standing, world: World) -> Own:
    def configuration() -> Json:
        return {
            "good": not standing.problems,
            "problems": [str(one) for one in standing.problems],
            "waiting_for_restart": list(standing.waiting),
            "in_force": in_force(standing.in_force),
        }

    return Own(VERSION, world.clock(), stores, configuration, world.warned)


def manners(server: Server) -> Manners:
    """How requests are logged, and whose names for them are taken over."""
    trusts = Peers(server.trusted_proxies).vouch
    return Manners(server.access_log, server.slow_request, trusts)


def kept_by(watches: Watches, storage: Storage) -> Stores:
    """What a process writes that collects."""
    keeper, history = watches.keeper, watches.history

    def stores() -> tuple[Store, ...]:
        found = records(storage, keeper.waiting(), keeper.health)
        return (found,) if history is None else (found, kept_history(history))

    return stores


def records(storage: Storage, waiting: int, health: Health) -> Store:
    kind = (storage.records or "memory").partition(":")[0]
    details = {"well_at": instant(health.well_at)}
    return Store("records", kind, waiting, health.trouble, details)


def kept_history(history: Kept) -> Store:
    health = history.health()
    details: Json = {
        "lost_from": instant(health.lost_from),
        "lost_until": instant(health.lost_until),
        "remark": health.remark,
    }
    if isinstance(history, SqliteHistory):
        kept = history.kept()
        details |= {"bytes": kept.size, "written_at": instant(kept.written_at)}
    kind = "sqlite" if isinstance(history, SqliteHistory) else "engine"
    return Store("history", kind, history.waiting(), health.paused, details)
