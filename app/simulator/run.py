"""The simulated deployment as a process: start everything, print where, stop on time.

The command line calls `serve`. This is the one place of the simulator that reads the
clock and writes files.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.simulator import faults
from app.simulator.faults import Fault
from app.simulator.run_assembly import Plan, assembled
from app.simulator.run_config import (
    Access,
    Served,
    configuration,
    dsn,
    kubeconfig,
)
from app.simulator.run_scenarios import SCENARIOS, Act
from app.simulator.run_simulation import Simulation

Clock = Callable[[], datetime]
ENDS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """What the command line may choose.

    `host`: where the APIs listen; pods have addresses of their own. `config_out`: where
    to write the configuration that makes `serve` watch this; the kubeconfig and the
    certificate authority are written beside it. `tls`: the Kubernetes API over TLS.
    """

    host: str = "127.0.0.1"
    scenario: str = "calm"
    seed: int = 1
    config_out: Path | None = None
    tls: bool = False
    bookmark_every_s: float = 5.0


def wall_clock() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def serve(options: SimulatorOptions, clock: Clock = wall_clock) -> int:
    """Run until SIGTERM or SIGINT; the process's exit code."""
    if options.scenario not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        sys.stderr.write(f"no scenario {options.scenario!r}; there are {known}\n")
        return 2
    asyncio.run(run(options, clock))
    return 0


async def run(options: SimulatorOptions, clock: Clock) -> None:
    """The simulation from its first port to the signal that ends it."""
    ended = asyncio.Event()
    for number in ENDS:
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    with tempfile.TemporaryDirectory(prefix="gws-simulation-") as temporary:
        folder = Path(temporary)
        if options.config_out:
            folder = options.config_out.resolve().parent
        plan = Plan(
            options.host, options.seed, options.tls, options.bookmark_every_s,
            secrets.token_hex(16), secrets.token_hex(16), folder,
        )  # fmt: skip
        async with assembled(plan, clock, time.monotonic) as (simulation, served):
            acting = asyncio.create_task(_act(simulation, SCENARIOS[options.scenario]))
            _announce(options, served, folder)
            await ended.wait()
            acting.cancel()


async def _act(simulation: Simulation, acts: tuple[Act, ...]) -> None:
    """Play a scenario."""
    begun = asyncio.get_running_loop().time()
    for act in acts:
        await asyncio.sleep(begun + act.at_s - asyncio.get_running_loop().time())
        fault = faults.parse(act.request(), simulation.next_id(), simulation.now)
        if isinstance(fault, Fault):
            await simulation.begin(fault)


def _announce(options: SimulatorOptions, served: Served, folder: Path) -> None:
    """Write how to watch this, the configuration last; say where it is controlled."""
    config = options.config_out
    if config:
        stem = config.name.removesuffix(config.suffix)
        access = Access(folder / f"{stem}.kubeconfig", folder / f"{stem}.postgresql")
        _write(access.kubeconfig, kubeconfig(served))
        _write(access.dsn, dsn(served))
        _write(config, configuration(served, access, options.scenario, options.seed))
    sys.stdout.write(f"fault control: {served.control}\n")
    if config:
        sys.stdout.write(f"watch it with: gws-observatory serve --config {config}\n")
    sys.stdout.flush()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for the owner only: there may be a token in it."""
    half = path.with_name(f".{path.name}.half")
    half.touch(mode=0o600)
    half.write_text(text)
    os.replace(half, path)
