"""What the simulated Consul's catalog holds, and how a change moves its indexes.

Pure: each rule takes a `State` whose `raft` is already the change's own index and
returns the next one. The indexes per table follow Consul 1.8's state store; a client's
blocking query hangs on exactly these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar
from uuid import NAMESPACE_DNS, uuid5

SERF: Final = "serfHealth"
SERF_OUTPUT: Final = {
    "passing": "Agent alive and reachable",
    "critical": "Agent not live or unreachable",
}
RPC_PORT: Final = 8300
TOMBSTONE: Final = "tombstone."
RESTORE_ENTRIES: Final = 3
"""What a real server's log grew by."""
SERVER_META: Final = (
    ("non_voter", "false"),
    ("raft_version", "3"),
    ("serf_protocol_current", "2"),
    ("serf_protocol_max", "5"),
    ("serf_protocol_min", "1"),
    ("version", "1.8.7"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `service_id` is empty for a check of a whole node."""

    node: str
    id: str
    name: str
    status: str = "critical"
    output: str = ""
    notes: str = ""
    type: str = "ttl"
    service_id: str = ""
    service: str = ""
    tags: tuple[str, ...] = ()
    created: int = 0
    modified: int = 0


@dataclass(frozen=True, slots=True)
class Instance:
    """One registered instance of a service."""

    node: str
    id: str
    service: str
    address: str = ""
    port: int = 0
    tags: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    created: int = 0
    modified: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    address: str
    created: int = 0
    modified: int = 0

    @property
    def id(self) -> str:
        return node_id(self.name)


def node_id(name: str) -> str:
    """The same node has the same id in every simulation."""
    return str(uuid5(NAMESPACE_DNS, name))


@dataclass(frozen=True, slots=True)
class Server:
    """One Consul server as autopilot sees it."""

    name: str
    address: str
    healthy: bool = True
    stable_since: datetime | None = None

    @property
    def rpc(self) -> str:
        return f"{self.address}:{RPC_PORT}"


@dataclass(frozen=True, slots=True)
class State:
    """Everything that a snapshot of Consul keeps."""

    raft: int = 9
    nodes: Mapping[str, Node] = field(default_factory=dict)
    instances: Mapping[tuple[str, str], Instance] = field(default_factory=dict)
    checks: Mapping[tuple[str, str], Check] = field(default_factory=dict)
    tables: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, tuple[bytes, int, int]] = field(default_factory=dict)

    def table(self, *names: str) -> int:
        """The newest index of these tables; never below 1, as Consul's own."""
        return max([self.tables.get(name, 0) for name in names] + [1])

    def service_index(self, service: str, *, with_checks: bool) -> int:
        """The index that a blocking query on one service waits for."""
        exists = any(one.service == service for one in self.instances.values())
        if not exists and "service_last_extinction" in self.tables:
            return self.tables["service_last_extinction"]
        own = self.tables.get(f"service.{service}")
        if own is not None:
            return own
        return self.table("nodes", "services", *(["checks"] if with_checks else []))


Change = Callable[[State], State]
K = TypeVar("K")
R = TypeVar("R", Node, Instance, Check)


def _touch(state: State, *tables: str) -> State:
    return replace(state, tables={**state.tables, **dict.fromkeys(tables, state.raft)})


def put_node(state: State, name: str, address: str) -> State:
    old = state.nodes.get(name)
    if old and old.address == address:
        return state
    created = old.created if old else state.raft
    node = Node(name, address, created, state.raft)
    return _touch(replace(state, nodes={**state.nodes, name: node}), "nodes")


def sync_node(state: State, name: str) -> State:
    """A node's agent writes the addresses that it knows, right after it joined."""
    node = replace(state.nodes[name], modified=state.raft)
    return _touch(replace(state, nodes={**state.nodes, name: node}), "nodes")


def _services_on(state: State, node: str) -> list[str]:
    return [
        f"service.{one.service}" for one in state.instances.values() if one.node == node
    ]


def put_check(state: State, check: Check) -> State:
    key = (check.node, check.id)
    old = state.checks.get(key)
    if old and replace(check, created=old.created, modified=old.modified) == old:
        return state
    created = old.created if old else state.raft
    stored = replace(check, created=created, modified=state.raft)
    affected = (
        [f"service.{check.service}"]
        if check.service
        else _services_on(state, check.node)
    )
    state = replace(state, checks={**state.checks, key: stored})
    return _touch(state, "checks", *affected)


def register(state: State, instance: Instance, checks: tuple[Check, ...]) -> State:
    key = (instance.node, instance.id)
    old = state.instances.get(key)
    if not (
        old and replace(instance, created=old.created, modified=old.modified) == old
    ):
        created = old.created if old else state.raft
        stored = replace(instance, created=created, modified=state.raft)
        state = replace(state, instances={**state.instances, key: stored})
        state = _touch(state, "services", f"service.{instance.service}")
    for check in checks:
        of_instance = replace(
            check,
            node=instance.node,
            service_id=instance.id,
            service=instance.service,
            tags=instance.tags,
        )
        state = put_check(state, of_instance)
    return state


def set_check(
    state: State, node: str, check_id: str, status: str, output: str
) -> State:
    check = state.checks.get((node, check_id))
    if check is None:
        return state
    return put_check(state, replace(check, status=status, output=output))


def drop_instance(state: State, node: str, instance_id: str) -> State:
    gone = state.instances.get((node, instance_id))
    if gone is None:
        return state
    instances = {key: one for key, one in state.instances.items() if one is not gone}
    checks = {
        key: check
        for key, check in state.checks.items()
        if (check.node, check.service_id) != (node, instance_id)
    }
    touched = ["services"] + (["checks"] if len(checks) < len(state.checks) else [])
    tables = dict(state.tables)
    if any(one.service == gone.service for one in instances.values()):
        touched.append(f"service.{gone.service}")
    else:
        tables.pop(f"service.{gone.service}", None)
        touched.append("service_last_extinction")
    return _touch(
        replace(state, instances=instances, checks=checks, tables=tables), *touched
    )


def drop_node(state: State, name: str) -> State:
    for node, instance_id in [key for key in state.instances if key[0] == name]:
        state = drop_instance(state, node, instance_id)
    nodes = {key: node for key, node in state.nodes.items() if key != name}
    checks = {key: check for key, check in state.checks.items() if key[0] != name}
    return _touch(replace(state, nodes=nodes, checks=checks), "nodes", "checks")


def put_value(state: State, key: str, value: bytes) -> State:
    created = state.values[key][1] if key in state.values else state.raft
    stored = {**state.values, key: (value, created, state.raft)}
    return _touch(replace(state, values=stored), "kvs")


def drop_values(state: State, key: str, *, recurse: bool = False) -> State:
    """Delete a key, or every one that begins so; either leaves one tombstone."""
    gone = [
        one for one in state.values if one == key or recurse and one.startswith(key)
    ]
    if not gone:
        return state
    left = {one: value for one, value in state.values.items() if one not in gone}
    return _touch(replace(state, values=left), "kvs", f"{TOMBSTONE}{key}")


def rewound(state: State, back: int) -> State:
    """The same content with every index earlier, never below 1.

    All but raft's own: its log goes on, so the next change passes every index before.
    """
    by = min(back, state.raft // 2)

    def earlier(index: int) -> int:
        return max(1, index - by)

    def rows(of: Mapping[K, R]) -> dict[K, R]:
        return {
            key: replace(
                row, created=earlier(row.created), modified=earlier(row.modified)
            )
            for key, row in of.items()
        }

    return replace(
        state,
        raft=state.raft + 1,
        nodes=rows(state.nodes),
        instances=rows(state.instances),
        checks=rows(state.checks),
        tables={name: earlier(index) for name, index in state.tables.items()},
    )
