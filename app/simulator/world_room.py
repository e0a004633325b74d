"""How much room each simulated workload has: its containers' resources, its autoscaler.

Resources are those of the vendor's published sample; a workload that is not in it has
those of most others. Of autoscalers the sample has none for GWS, so how many replicas
they may make is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MILLI: Final = 1000
MIB: Final = 2**20
GIB_IN_MIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Amount:
    """Thousandths of a core, and mebibytes."""

    cpu: int
    memory: int

    @property
    def cores(self) -> float:
        return self.cpu / MILLI

    @property
    def bytes_(self) -> float:
        return float(self.memory * MIB)

    def quantities(self) -> dict[str, str]:
        """As the API server writes them."""
        cores, left = divmod(self.cpu, MILLI)
        gib, rest = divmod(self.memory, GIB_IN_MIB)
        return {
            "cpu": f"{self.cpu}m" if left else f"{cores}",
            "memory": f"{self.memory}Mi" if rest else f"{gib}Gi",
        }


@dataclass(frozen=True, slots=True)
class Room:
    request: Amount
    limit: Amount

    def resources(self) -> dict[str, Any]:
        return {
            "limits": self.limit.quantities(),
            "requests": self.request.quantities(),
        }


USUAL: Final = Room(Amount(400, 500), Amount(800, 700))
_GAUTH: Final = Room(Amount(300, 1024), Amount(1000, 3072))
ROOM: Final[Mapping[str, Room]] = {
    "gws-app-provisioning": Room(Amount(1000, 3200), Amount(2000, 3200)),
    "gws-platform-chat": Room(Amount(200, 700), Amount(1000, 2048)),
    "gauth-auth": _GAUTH,
    "gauth-environment": _GAUTH,
    "tenant": Room(Amount(500, 600), Amount(900, 900)),
    "voice-voicemail": Room(Amount(250, 256), Amount(500, 512)),
    "ucsx": Room(Amount(300, 500), Amount(2000, 1000)),
}
"""By workload."""
REPLICAS_MOST: Final[Mapping[str, int]] = {
    "gws-app-workspace": 6,
    "gws-platform-configuration": 4,
    "gws-platform-statistics": 4,
    "gws-platform-voice": 4,
    "gauth-auth": 4,
}
"""Of the workloads that have an autoscaler; none of them is ever made larger by it."""


def room(workload: str) -> Room:
    return ROOM.get(workload, USUAL)
