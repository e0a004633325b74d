"""What each workload has to do on a busy morning, and whom it calls for that.

Rates are of the whole workload at the day's peak, for some 840 agents. All numbers are
made up to be plausible: no vendor figure is public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from app.domain.subject import NodeId
from app.simulator.world import TOPOLOGY

AGENTS: Final = 840
"""280 on each of three Workspace pods: with one gone still below the vendor's 450."""
SELDOM: Final = 0.1
PLATFORM: Final = "platform-services"


@dataclass(frozen=True, slots=True)
class Profile:
    """`rate`: requests a second at the peak. `median_s` and `spread`: how long they
    take (log-normal). `agents`: whether agents' long polls stay open here."""

    rate: float
    median_s: float
    spread: float = 0.6
    agents: bool = False
    calls: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Calls to a peer for each request served; others that it has: `SELDOM`."""


PROFILES: Final[Mapping[str, Profile]] = {
    "gws-app-workspace": Profile(
        90, 0.035, agents=True,
        calls={"voice": 0.5, "statistics": 0.35, "configuration": 0.3, "redis": 1.5,
               "setting": 0.12, "data-collector": 0.15, "authentication": 0.25,
               "voicemail": 0.06, "iwd": 0.06},
    ),
    "gws-app-provisioning": Profile(
        4, 0.06, calls={"configuration": 1.2, "postgresql": 2.0}),
    "gws-ui-provisioning": Profile(6, 0.004),
    "gws-ui-crmworkspace": Profile(12, 0.004),
    "gws-platform-configuration": Profile(60, 0.012),
    "gws-platform-datacollector": Profile(
        30, 0.02, calls={"redis": 1.0, "elasticsearch": 0.5}),
    "gws-platform-ixn": Profile(25, 0.02, agents=True, calls={"redis": 1.0}),
    "gws-platform-setting": Profile(20, 0.015, calls={"postgresql": 1.5}),
    "gws-platform-statistics": Profile(50, 0.018, agents=True),
    "gws-platform-voice": Profile(70, 0.022, agents=True, calls={"redis": 2.0}),
    "gws-platform-ocs": Profile(8, 0.02),
    "gws-platform-chat": Profile(15, 0.02),
    "gws-platform-ucs": Profile(18, 0.025),
    "gauth-auth": Profile(45, 0.015),
    "gauth-environment": Profile(20, 0.01),
    "tenant": Profile(40, 0.008),
    "voice-voicemail": Profile(6, 0.02),
    "ucsx": Profile(14, 0.03),
    "nexus": Profile(14, 0.02),
    "iwd": Profile(6, 0.03),
    "infra-redis-redis-cluster": Profile(400, 0.0004),
    "pgdb-gws": Profile(45, 0.004),
    "gws-elastic": Profile(20, 0.015),
}  # fmt: skip
"""By workload; one that is not here (the proxy, Consul) has no metrics."""


def _callees() -> dict[NodeId, tuple[NodeId, ...]]:
    """Whom each box calls; a box inside a group calls what the group calls too."""
    found: dict[NodeId, list[NodeId]] = {}
    group = TOPOLOGY.box(NodeId(PLATFORM))
    for connection in TOPOLOGY.connections:
        members = group.members if connection.source == group.id else ()
        for source in (connection.source, *members):
            found.setdefault(source, []).append(connection.destination)
    return {source: tuple(dict.fromkeys(peers)) for source, peers in found.items()}


CALLEES: Final = _callees()


def calls(workload: str, box: NodeId) -> dict[str, float]:
    """Calls to each peer for each request that this workload serves."""
    known = PROFILES[workload].calls if workload in PROFILES else {}
    return {str(peer): known.get(peer, SELDOM) for peer in CALLEES.get(box, ())}
