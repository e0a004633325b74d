"""What Redis says about itself and its clients, without any I/O.

`INFO` and `CLIENT LIST` are texts. Of ten thousand clients only sums are kept: a fact a
box, not a fact a connection.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from app.domain.facts_stores import ACTIVE_S, ClientsFact, StoreFact
from app.domain.subject import NodeId
from collectors.errors import SourceMisread, shaped

CLIENT: Final = re.compile(
    r"^id=\d+ addr=(\S*):\d+ .*?\bage=(\d+) idle=(\d+) flags=(\S+) .*?\bcmd=(\S+)",
    re.MULTILINE,
)
OURSELVES: Final = frozenset({"client", "client|list"})
"""Who asks for the list is in it."""
PEERS: Final = frozenset("MSO")
"""Flags of masters, replicas and monitors: no callers."""
NEVER: Final = "noeviction"
AWAY: Final = frozenset({"noaddr", "handshake", "fail"})
"""Flags of members that can't be asked."""


def read_info(text: str) -> dict[str, str]:
    """The fields of `INFO`, whatever their section."""
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    fields = {name: value.strip() for name, value in pairs}
    if "redis_version" not in fields:
        raise SourceMisread("INFO tells no redis_version; is this a Redis?")
    return fields


@shaped("INFO")
def read_store(fields: Mapping[str, str], node: NodeId, target: str) -> StoreFact:
    """A server about itself."""
    return StoreFact(
        node=node,
        target=target,
        version=fields["redis_version"],
        role=fields.get("role", "unknown"),
        clients=_number(fields, "connected_clients") or 0,
        most_clients=_number(fields, "maxclients"),
        memory=_number(fields, "used_memory"),
        most_memory=_number(fields, "maxmemory") or None,
        evicts=fields.get("maxmemory_policy", NEVER) != NEVER,
    )


@shaped("CLIENT LIST")
def read_clients(
    text: str, node: NodeId, target: str, owners: Mapping[str, NodeId]
) -> tuple[ClientsFact, ...]:
    """Callers by their box. `owners`: whose pod has an address."""
    ages: dict[NodeId | None, list[int]] = defaultdict(list)
    active: dict[NodeId | None, int] = defaultdict(int)
    # One client after another, so that other threads get their turn in between.
    for row in CLIENT.finditer(text):
        host, age, idle, flags, command = row.groups()
        if command in OURSELVES or PEERS.intersection(flags):
            continue
        caller = owners.get(host.strip("[]"))
        ages[caller].append(int(age))
        active[caller] += int(idle) <= ACTIVE_S
    return tuple(
        ClientsFact(node, target, caller, len(of), active[caller], max(of))
        for caller, of in ages.items()
    )


def read_members(text: str, host: str) -> tuple[str, ...]:
    """`host:port` of every member that `CLUSTER NODES` believes to be there. One that
    has not yet learnt its own address names none: it is at `host`."""
    members = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 8:
            raise SourceMisread("CLUSTER NODES is not a table of nodes")
        flags = set(fields[2].split(","))
        address = fields[1].partition("@")[0]
        if not flags & AWAY:
            members.append(f"{host}{address}" if address.startswith(":") else address)
    return tuple(members)


def _number(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
