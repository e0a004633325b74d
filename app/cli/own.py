"""What a running `serve` tells of itself on `/debug` and `/metrics`."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from app.cli.main import World
from app.cli.reload import Standing
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.models import Server
from app.config.shown import in_force
from app.config.storage import Storage
from app.domain.instants import instant
from app.history.base import Kept
from app.history.sqlite import SqliteHistory
from app.records.keeper import Keeper
from app.web.own import Own, Store
from app.web.request_log import Manners

Json = dict[str, Any]


def own(watches: Watches, standing: Standing, storage: Storage, world: World) -> Own:
    def configuration() -> Json:
        return {
            "good": not standing.problems,
            "problems": [str(one) for one in standing.problems],
            "waiting_for_restart": list(standing.waiting),
            "in_force": in_force(standing.in_force),
        }

    def stores() -> tuple[Store, ...]:
        found = [_records(watches.keeper, storage)]
        if watches.history is not None:
            found.append(_history(watches.history))
        return tuple(found)

    return Own(VERSION, world.clock(), stores, configuration, world.warned)


def manners(server: Server) -> Manners:
    """How requests are logged, and whose ids for them are taken over."""
    networks = [ip_network(str(one)) for one in server.trusted_proxies]

    def trusts(peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:  # a socket of this machine, which has no address
            return False
        return any(address in network for network in networks)

    return Manners(server.access_log, server.slow_request, trusts)


def _records(keeper: Keeper, storage: Storage) -> Store:
    well_at = keeper.health.well_at
    kind = (storage.records or "memory").partition(":")[0]
    details = {"well_at": instant(well_at)}
    return Store("records", kind, keeper.waiting(), keeper.health.trouble, details)


def _history(history: Kept) -> Store:
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
