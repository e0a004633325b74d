"""`check-config FILE`: every problem at once, each with its place; exit 2 on any."""

from __future__ import annotations

import argparse

from app.cli.main import DONE, World
from app.config.load import load
from app.config.models import Storage


def run(chosen: argparse.Namespace, world: World) -> int:
    configuration = load(chosen.file, world.environ)
    world.complain(
        *(f"warning: {notice}" for notice in configuration.told(world.clock()))
    )
    names = ", ".join(one.id for one in configuration.settings.deployments)
    world.say(f"{chosen.file}: fine; watches {names}")
    world.say(f"history: {_kept_in(configuration.settings.storage)}")
    return DONE


def _kept_in(storage: Storage) -> str:
    """Whether it can be is what `doctor` finds out."""
    if storage.history_file is not None:
        return f"kept in {storage.history_file}"
    return "not kept; a file in storage.history or storage.records keeps it"
