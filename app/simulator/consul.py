"""The simulated Consul: its catalog, who leads it, who may ask, and who waits.

`app.simulator.consul_state` has the rules by which indexes move, `consul_query` reads
and `consul_api` speaks HTTP. Not a Consul agent: nothing here runs a check or lets a
TTL expire; the simulation says what each check found.

Safe to change from any thread; waiters live on whatever event loop they wait on.
"""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.simulator import consul_state as rules
from app.simulator.consul_metrics import Metrics
from app.simulator.consul_state import (
    RPC_PORT,
    SERF,
    SERF_OUTPUT,
    SERVER_META,
    Change,
    Check,
    Instance,
    Server,
    State,
)

__all__ = ["Check", "Consul", "Instance", "Server"]

HEARTBEAT_MS: Final = 54.0
"""What a real 1.8.7 told of two servers that were well."""


class _Waiter:
    """Who holds a question. A bare future: it goes on in its loop's very next turn."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.woken: asyncio.Future[bool] = self.loop.create_future()
        self._thread = threading.get_ident()

    def end(self, *, changed: bool = False) -> None:
        if not self.woken.done():
            self.woken.set_result(changed)

    def wake(self) -> None:
        """There is news. From any thread."""
        end = functools.partial(self.end, changed=True)
        if threading.get_ident() == self._thread:
            end()
        else:
            self.loop.call_soon_threadsafe(end)


class Consul:
    """A Consul cluster's shared truth."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        servers: Iterable[Server] = (Server("consul-server-0", "127.0.0.1"),),
        *,
        datacenter: str = "dc1",
        token: str | None = None,
    ) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._held: list[Change] = []
        self._waiting: set[_Waiter] = set()
        self._epoch = 0
        self.datacenter = datacenter
        self.metrics = Metrics(clock)
        self.token = token
        """With a token, the default policy is deny; without one, ACLs are off."""
        self.state = State()
        self.servers = tuple(
            replace(server, stable_since=server.stable_since or clock())
            for server in servers
        )
        self.agent = self.servers[0].name
        """The node whose agent answers HTTP."""
        self.leader: str | None = self.servers[0].rpc
        self._leaderless_since: datetime | None = None
        for server in self.servers:
            self._join(server)

    # What the simulation, or the agent's HTTP API, does.

    def add_node(self, name: str, address: str) -> None:
        """A node joins, or is heard of again: its agent's own check passes."""
        serf = Check(
            name, SERF, "Serf Health Status", "passing", SERF_OUTPUT["passing"], type=""
        )
        self._commit(
            lambda state: rules.put_check(rules.put_node(state, name, address), serf)
        )

    def _join(self, server: Server) -> None:
        name = server.name
        self.add_node(name, server.address)
        self.register(Instance(name, "consul", "consul", "", RPC_PORT, (), SERVER_META))
        self._commit(lambda state: rules.sync_node(state, name))

    def remove_node(self, name: str) -> None:
        """A node leaves, with everything that was registered on it."""
        self._commit(lambda state: rules.drop_node(state, name))

    def register(self, instance: Instance, checks: Iterable[Check] = ()) -> None:
        """Register (or replace) an instance and its checks, in one raft entry."""
        wanted = tuple(checks)
        self._commit(lambda state: rules.register(state, instance, wanted))

    def deregister(self, node: str, instance_id: str) -> None:
        """Take an instance and its checks out of the catalog, if it is there."""
        self._commit(lambda state: rules.drop_instance(state, node, instance_id))

    def set_check(self, node: str, check_id: str, status: str, output: str) -> None:
        """What a check found. An unknown check is ignored."""
        self._commit(
            lambda state: rules.set_check(state, node, check_id, status, output)
        )

    def put_value(self, key: str, value: bytes) -> None:
        """Store a key of the KV store."""
        self._commit(lambda state: rules.put_value(state, key, value))

    def drop_values(self, key: str, *, recurse: bool = False) -> None:
        """Delete a key of the KV store, or every one that begins so."""
        self._commit(lambda state: rules.drop_values(state, key, recurse=recurse))

    def set_leader(self, rpc_address: str | None) -> None:
        """Elect a server, or with `None` lose the leader.

        Without a leader nothing is written: changes wait, as the agents' own
        anti-entropy makes them wait, and are applied once there is a leader.
        """
        with self._lock:
            self.leader = rpc_address
            self._leaderless_since = None if rpc_address else self._clock()
            held, self._held = (self._held, []) if rpc_address else ([], self._held)
        for change in held:
            self._commit(change)

    def set_server_health(self, name: str, healthy: bool) -> None:
        """What autopilot says about one server."""
        self.servers = tuple(
            replace(server, healthy=healthy, stable_since=self._clock())
            if server.name == name and server.healthy != healthy
            else server
            for server in self.servers
        )

    def restore_snapshot(self, *, back: int = 1000) -> None:
        """Restore a snapshot of the same content: all tables' indexes go backwards."""
        with self._lock:
            self.state = rules.rewound(self.state, back)
            self._epoch += 1
            self._wake()

    # Reading and waiting.

    def leaderless_ms(self) -> int:
        """For how long a server has not heard of a leader; 0 with one."""
        since = self._leaderless_since
        return int((self._clock() - since).total_seconds() * 1000) if since else 0

    def contacts_ms(self) -> list[float]:
        """Of the server that answers, if it leads: how long each other one has been
        silent; one that is well, no longer than a heartbeat."""
        by_rpc = {server.rpc: server.name for server in self.servers}
        if by_rpc.get(self.leader or "") != self.agent:
            return []
        now = self._clock()
        return [
            HEARTBEAT_MS
            if server.healthy
            else (now - (server.stable_since or now)).total_seconds() * 1000
            for server in self.servers
            if server.name != self.agent
        ]

    @property
    def epoch(self) -> int:
        """Grows when a snapshot is restored, which ends every blocking query."""
        return self._epoch

    @property
    def waiting(self) -> int:
        """How many blocking queries are held."""
        return len(self._waiting)

    async def changed(
        self, seconds: float, since: State, gone: asyncio.Future[None] | None = None
    ) -> bool:
        """Wait until the state is not `since`; False if `seconds` went by first, or
        `gone` was done."""
        waiter = _Waiter()
        with self._lock:
            if self.state is not since:
                return True
            self._waiting.add(waiter)
        timer = waiter.loop.call_later(max(0.0, seconds), waiter.end)
        if gone is not None:
            gone.add_done_callback(lambda _: waiter.end())
        try:
            return await waiter.woken
        finally:
            timer.cancel()
            with self._lock:
                self._waiting.discard(waiter)

    def _commit(self, change: Change) -> None:
        with self._lock:
            if self.leader is None:
                self._held.append(change)
                return
            began = time.monotonic()
            state = change(replace(self.state, raft=self.state.raft + 1))
            self.metrics.count("raft.apply")
            took_ms = (time.monotonic() - began) * 1000
            self.metrics.sample("raft.commitTime", took_ms)
            if state.tables != self.state.tables:
                self.state = state
                self._wake()

    def _wake(self) -> None:
        for waiter in self._waiting:
            waiter.wake()
