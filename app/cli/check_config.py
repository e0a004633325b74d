"""`check-config FILE`: every problem at once, each with its place; exit 2 on any."""

from __future__ import annotations

import argparse

from app.cli.main import DONE, World
from app.config.load import load
from app.config.storage import Storage


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
    if storage.history_engine is not None:
        pushed = storage.history_push
        how = "scrapes /metrics" if pushed is None else f"is pushed to at {pushed}"
        return f"kept by the engine at {storage.history_engine}, which {how}"
    return "not kept; a file in storage.history or storage.records keeps it"
