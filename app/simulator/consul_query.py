"""What the simulated Consul answers: its state, read out in Consul 1.8's own shapes.

Pure: each function takes a `State` and gives an `Answer`, a body for JSON with the
index that a blocking query on it waits to pass. Field names and order are Consul's.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.simulator import consul_rows as row
from app.simulator.consul_state import (
    SERF,
    TOMBSTONE,
    Check,
    Instance,
    Node,
    Server,
    State,
)

ANY: Final = "any"
LEASE: Final = "2.5s"
"""Of Consul's own default, a `raft_multiplier` of 5."""


@dataclass(frozen=True, slots=True)
class Answer:
    index: int
    body: Any


def checks_in_state(state: State, wanted: str) -> Answer:
    """`/v1/health/state/<state>`"""
    found = [
        row.check(check)
        for check in _sorted_checks(state)
        if wanted in (ANY, check.status)
    ]
    return Answer(state.table("checks"), found)


def service_health(
    state: State,
    datacenter: str,
    service: str,
    *,
    passing: bool = False,
    tags: Iterable[str] = (),
) -> Answer:
    """`/v1/health/service/<name>`: instances with their own and their node's checks."""
    rows = []
    for instance in _instances(state, service, tags):
        checks = _checks_of(state, instance)
        if passing and any(check.status != "passing" for check in checks):
            continue
        rows.append(
            {
                "Node": row.node(state.nodes[instance.node], datacenter),
                "Service": row.service(instance),
                "Checks": [row.check(check) for check in checks],
            }
        )
    return Answer(state.service_index(service, with_checks=True), rows)


def services(state: State) -> Answer:
    """`/v1/catalog/services`: names with the tags of all their instances."""
    tags: dict[str, set[str]] = {}
    for instance in state.instances.values():
        tags.setdefault(instance.service, set()).update(instance.tags)
    listed = {name: sorted(tags[name]) for name in sorted(tags)}
    return Answer(state.table("services"), listed)


def nodes(state: State, datacenter: str) -> Answer:
    """`/v1/catalog/nodes`"""
    listed = [row.node(state.nodes[name], datacenter) for name in sorted(state.nodes)]
    return Answer(state.table("nodes"), listed)


def service_instances(
    state: State, datacenter: str, service: str, tags: Iterable[str] = ()
) -> Answer:
    """`/v1/catalog/service/<name>`"""
    rows = [
        row.catalog_row(state.nodes[instance.node], datacenter, instance)
        for instance in _instances(state, service, tags)
    ]
    return Answer(state.service_index(service, with_checks=False), rows)


def value(state: State, key: str) -> Answer | None:
    """`/v1/kv/<key>`; `None` where there is no such key."""
    if key not in state.values:
        return None
    content, created, modified = state.values[key]
    stored = {
        "LockIndex": 0,
        "Key": key,
        "Flags": 0,
        "Value": b64encode(content).decode(),
        "CreateIndex": created,
        "ModifyIndex": modified,
    }
    return Answer(modified, [stored])


def keys(state: State, prefix: str, separator: str) -> Answer:
    """`/v1/kv/<prefix>?keys`: names up to and with the first separator, each once."""
    names = [name for name in sorted(state.values) if name.startswith(prefix)]
    tombs = [
        index
        for name, index in state.tables.items()
        if name.startswith(f"{TOMBSTONE}{prefix}")
    ]
    indexes = [state.values[name][2] for name in names]
    listed = dict.fromkeys(_upto(name, prefix, separator) for name in names)
    newest = max([*indexes, *tombs], default=state.table("kvs"))
    return Answer(newest, list(listed))


def _upto(name: str, prefix: str, separator: str) -> str:
    found = name.find(separator, len(prefix)) if separator else -1
    return name if found < 0 else name[: found + len(separator)]


def autopilot(state: State, servers: tuple[Server, ...], leader: str | None) -> Any:
    """`/v1/operator/autopilot/health`"""
    healthy = sum(server.healthy for server in servers)
    return {
        "Healthy": healthy == len(servers),
        "FailureTolerance": max(0, healthy - (len(servers) // 2 + 1)),
        "Servers": [row.server(state, server, leader) for server in servers],
    }


def agent_self(node: Node, datacenter: str, *, acls: bool, server: bool) -> Any:
    """`/v1/agent/self`, with one of the hundred settings of its `DebugConfig`."""
    return {
        "Config": {
            "Datacenter": datacenter,
            "NodeName": node.name,
            "NodeID": node.id,
            "Revision": "",
            "Server": server,
            "Version": row.VERSION,
        },
        "DebugConfig": {"ConsulRaftLeaderLeaseTimeout": LEASE},
        "Member": {
            "Name": node.name,
            "Addr": node.address,
            "Port": 8301,
            "Tags": {
                "acls": "1" if acls else "0",
                "build": f"{row.VERSION}:",
                "dc": datacenter,
                "id": node.id,
                "role": "consul" if server else "node",
            },
            "Status": 1,
        },
        "Meta": row.NODE_META,
    }


def agent_services(state: State, agent: str) -> Any:
    """`/v1/agent/services`: what this agent registered, not the whole catalog."""
    return {
        instance.id: {
            "ID": instance.id,
            "Service": instance.service,
            "Tags": list(instance.tags),
            "Meta": dict(instance.meta),
            "Port": instance.port,
            "Address": instance.address,
            **row.tagged(instance, "TaggedAddresses"),
            "Weights": row.WEIGHTS,
            "EnableTagOverride": False,
        }
        for instance in _by_key(state.instances.values())
        if instance.node == agent and instance.id != "consul"
    }


def agent_checks(state: State, agent: str) -> Any:
    """`/v1/agent/checks`: likewise; an agent's own checks carry no index."""
    return {
        check.id: {**row.check(check), "CreateIndex": 0, "ModifyIndex": 0}
        for check in _sorted_checks(state)
        if check.node == agent and check.id != SERF
    }


def _by_key(found: Iterable[Instance]) -> list[Instance]:
    return sorted(found, key=lambda one: (one.node.lower(), one.id.lower()))


def _instances(state: State, service: str, tags: Iterable[str]) -> list[Instance]:
    """Those that carry every one of the tags; a tag's case does not count."""
    wanted = {tag.lower() for tag in tags}
    return _by_key(
        one
        for one in state.instances.values()
        if one.service == service and wanted <= {tag.lower() for tag in one.tags}
    )


def _sorted_checks(state: State) -> list[Check]:
    return sorted(
        state.checks.values(), key=lambda check: (check.node.lower(), check.id.lower())
    )


def _checks_of(state: State, instance: Instance) -> list[Check]:
    here = [check for check in _sorted_checks(state) if check.node == instance.node]
    own = [check for check in here if check.service_id == instance.id]
    return [check for check in here if not check.service_id] + own
