"""`simulate`: only the simulated deployment, until a signal ends it."""

from __future__ import annotations

import argparse

from app.cli.main import World
from app.simulator.run import SimulatorOptions, serve


def run(chosen: argparse.Namespace, world: World) -> int:
    options = SimulatorOptions(
        scenario=chosen.scenario, seed=chosen.seed, config_out=chosen.config_out
    )
    return serve(options)
