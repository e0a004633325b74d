"""`backup`: a copy of the history, whole, also while `serve` writes it."""

from __future__ import annotations

import argparse

from app.cli.main import DONE, Failure, World
from app.config.load import load
from app.history.backup import backup
from app.history.base import Unreadable


def run(chosen: argparse.Namespace, world: World) -> int:
    storage = load(chosen.config, world.environ).settings.storage
    if storage.history_file is None:
        raise Failure("this configuration keeps no history in a file")
    try:
        size = backup(storage.history_file, chosen.out)
    except Unreadable as exc:
        raise Failure(str(exc)) from exc
    world.say(f"{chosen.out}: {size / 1e6:.1f} MB, whole")
    return DONE
