"""The simulated deployment as a process: start everything, print where, stop on time.

The command line calls `serve`. This is the one place of the simulator that reads the
clock and makes sockets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """What the command line may choose.

    `config_out`: where to write the configuration that makes `serve` watch this.
    """

    host: str = "127.0.0.1"
    scenario: str = "calm"
    seed: int = 1
    config_out: Path | None = None
    tls: bool = False


def serve(options: SimulatorOptions) -> int:
    """Run until SIGTERM or SIGINT; the process's exit code."""
    raise NotImplementedError(options)
