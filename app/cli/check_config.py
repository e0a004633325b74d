"""`check-config FILE`: every problem at once, each with its place; exit 2 on any."""

from __future__ import annotations

import argparse

from app.cli.main import DONE, World
from app.config.load import load


def run(chosen: argparse.Namespace, world: World) -> int:
    configuration = load(chosen.file, world.environ)
    world.complain(
        *(f"warning: {notice}" for notice in configuration.told(world.clock()))
    )
    names = ", ".join(one.id for one in configuration.settings.deployments)
    world.say(f"{chosen.file}: fine; watches {names}")
    return DONE
