"""What a Redis member tells about itself: INFO, CLIENT LIST, CLUSTER NODES. Pure.

Fields and their order are those of Redis 6.2; left out is what says nothing here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.simulator.stores_state import Vitals
from app.simulator.world import Pod

SLOTS: Final = 16_384
BUS: Final = 10_000
"""The cluster's own port is so far above the clients'."""
MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Client:
    id: int
    address: str
    age_s: int
    idle_s: int
    name: str = ""
    command: str = "get"


def info(pod: Pod, vitals: Vitals, sections: Sequence[str]) -> str:
    """All sections, or those that are asked for."""
    wanted = set(sections) - {"all", "default", "everything"}
    parts = _sections(pod, vitals)
    chosen = {name: part for name, part in parts.items() if name.lower() in wanted}
    return "\r\n".join(
        f"# {name}\r\n" + "".join(f"{key}:{value}\r\n" for key, value in part.items())
        for name, part in (chosen if wanted else parts).items()
    )


def _sections(pod: Pod, vitals: Vitals) -> dict[str, dict[str, str | int]]:
    return {
        "Server": {
            "redis_version": pod.version,
            "redis_mode": "cluster",
            "os": "Linux 5.15.0 x86_64",
            "arch_bits": 64,
            "process_id": 1,
            "run_id": node_id(pod),
            "tcp_port": pod.port("http"),
            "uptime_in_seconds": vitals.uptime_s,
            "uptime_in_days": vitals.uptime_s // 86_400,
        },
        "Clients": {
            "connected_clients": vitals.clients,
            "cluster_connections": vitals.peers,
            "maxclients": vitals.most_clients,
            "blocked_clients": 0,
        },
        "Memory": {
            "used_memory": vitals.memory,
            "used_memory_human": f"{vitals.memory / MB:.2f}M",
            "maxmemory": vitals.most_memory,
            "maxmemory_human": f"{vitals.most_memory / MB:.2f}M",
            "maxmemory_policy": "noeviction",
        },
        "Replication": {
            "role": "master",
            "connected_slaves": 0,
        },
        "Cluster": {"cluster_enabled": 1},
    }


def clients(rows: Iterable[Client], pod: Pod) -> str:
    """A row a connection, as `CLIENT LIST` has them."""
    local = f"{pod.ip}:{pod.port('http')}"
    return "".join(
        f"id={row.id} addr={row.address} laddr={local} fd={8 + place} name={row.name} "
        f"age={row.age_s} idle={row.idle_s} flags=N db=0 sub=0 psub=0 multi=-1 qbuf=0 "
        "qbuf-free=0 argv-mem=0 obl=0 oll=0 omem=0 tot-mem=20496 events=r "
        f"cmd={row.command} user=default redir=-1\n"
        for place, row in enumerate(rows)
    )


def nodes(members: Sequence[Pod], myself: Pod) -> str:
    """`CLUSTER NODES`: one member a row; who asks is told who answered."""
    return "".join(
        _node(pod, place, len(members), me=pod.name == myself.name)
        for place, pod in enumerate(members)
    )


def _node(pod: Pod, place: int, of: int, *, me: bool) -> str:
    first, after = place * SLOTS // of, (place + 1) * SLOTS // of
    port = pod.port("http")
    up = pod.serving or me
    flags = ("myself,master" if me else "master") + ("" if up else ",fail")
    link = "connected" if up else "disconnected"
    return (
        f"{node_id(pod)} {pod.ip}:{port}@{port + BUS} {flags} - 0 0 {place + 1} {link} "
        f"{first}-{after - 1}\n"
    )


def node_id(pod: Pod) -> str:
    """Kept on the member's volume, so it outlives the pod."""
    return hashlib.sha1(pod.name.encode(), usedforsecurity=False).hexdigest()
