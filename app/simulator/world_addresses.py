"""An address for every pod: a block of loopback of this simulation's own.

`127.<block>.x.y`, so that many simulations run side by side and every pod listens on
its own container ports. Where a system has no such addresses (macOS), every pod is on
127.0.0.1 with free ports instead of the container's.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from typing import Final, Protocol

from app.simulator.world import WorkloadSpec

CLAIM_PORT: Final = 48999
"""Held on the block's last address for as long as the simulation lives."""
FIRST_BLOCK: Final = 10
LAST_BLOCK: Final = 250
Ports = tuple[tuple[str, int], ...]


class Addresses(Protocol):
    def place(self, spec: WorkloadSpec) -> tuple[str, Ports]:
        """An address for a new pod, and the ports on which it is to listen there."""

    def free(self, ip: str) -> None:
        """The pod at this address is gone."""


class Block:
    """Addresses of one block; an address is not given twice while others are left."""

    def __init__(self, number: int, claim: socket.socket | None = None) -> None:
        self.number = number
        self._claim = claim
        self._next = 0
        self._taken: set[str] = set()

    def place(self, spec: WorkloadSpec) -> tuple[str, Ports]:
        while True:
            self._next = self._next % 60_000 + 1
            high, low = divmod(self._next, 250)
            ip = f"127.{self.number}.{high + 1}.{low + 1}"
            if ip not in self._taken:
                self._taken.add(ip)
                return ip, spec.ports

    def free(self, ip: str) -> None:
        self._taken.discard(ip)

    def close(self) -> None:
        """Let another simulation have the block."""
        if self._claim:
            self._claim.close()


class Shared:
    """Every pod on one address, each with ports that were free a moment ago."""

    def __init__(self, ip: str = "127.0.0.1") -> None:
        self._ip = ip

    def place(self, spec: WorkloadSpec) -> tuple[str, Ports]:
        return self._ip, tuple((name, _free_port(self._ip)) for name, _ in spec.ports)

    def free(self, ip: str) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""


def claim(blocks: Iterable[int] = range(FIRST_BLOCK, LAST_BLOCK)) -> Block | Shared:
    """The first block that nobody holds; the shared address where there are none."""
    for number in blocks:
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            held.bind((f"127.{number}.255.254", CLAIM_PORT))
            held.listen(1)
        except OSError as exc:
            held.close()
            if exc.errno != errno.EADDRINUSE:
                break
        else:
            return Block(number, held)
    return Shared()


def _free_port(ip: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((ip, 0))
        return int(probe.getsockname()[1])
