"""One command, one exit code; errors as one line each on stderr, never a traceback."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TextIO

from app.cli import logs
from app.cli.arguments import PROGRAM, WrongUsage, parse
from app.cli.quiet import loading
from app.config.problems import ConfigError
from app.warned import Warned

if TYPE_CHECKING:  # Loads what sources tell.
    from collectors.base import Clock

DONE, FAILED, WRONG = 0, 1, 2
COMMANDS: Final = {
    "demo": "app.cli.demo",
    "serve": "app.cli.serve",
    "simulate": "app.cli.simulate",
    "doctor": "app.cli.doctor",
    "check-config": "app.cli.check_config",
    "backup": "app.cli.backup",
    "report": "app.cli.report",
    "hash-password": "app.cli.hash_password",
}
"""Imported when asked for: checking a file need not load a web server."""


@dataclass(frozen=True, slots=True)
class World:
    """What a command may touch of the world outside."""

    environ: Mapping[str, str]
    clock: Clock
    out: TextIO
    err: TextIO
    warned: Warned = field(default_factory=Warned)
    """What its log warned of."""

    def say(self, *lines: str) -> None:
        for line in lines:
            self.out.write(f"{line}\n")
        self.out.flush()

    def complain(self, *lines: str) -> None:
        for line in lines:
            self.err.write(f"{PROGRAM}: {line}\n")


class Failure(Exception):
    """Something that the command needs can't be had; `str()` says what to do."""


def main(arguments: Sequence[str], world: World) -> int:
    """Run one command. `--help`, `--version` and SIGTERM raise `SystemExit(0)`."""
    try:
        chosen = parse(arguments)
    except WrongUsage as exc:
        world.complain(str(exc))
        return WRONG
    logs.configure(getattr(chosen, "log_format", None), world.err, world.warned)
    _attend(chosen.command)
    try:
        return _loaded(chosen.command)(chosen, world)
    except ConfigError as exc:
        world.complain(*map(str, exc.problems))
        return WRONG
    except Failure as exc:
        world.complain(str(exc))
        return FAILED
    except KeyboardInterrupt:
        return DONE
    except Exception as exc:  # noqa: BLE001  a person is told in a line what broke
        world.complain(f"{chosen.command} failed: {_where(exc)}")
        return FAILED


def _loaded(command: str) -> Callable[[Any, World], int]:
    with loading():
        run: Callable[[Any, World], int] = import_module(COMMANDS[command]).run
    return run


def _attend(command: str) -> None:
    """What signals do until the command says otherwise."""
    signal.signal(signal.SIGTERM, _leave)
    if command == "serve" and hasattr(signal, "SIGHUP"):
        # It means "read the file anew", and must not end what is only beginning.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _leave(_signal: int, _frame: object) -> None:
    """End in order: every `finally` runs, and the exit code is 0."""
    raise SystemExit(DONE)


def _where(exc: Exception) -> str:
    """What broke and where, in one line."""
    frames = traceback.extract_tb(exc.__traceback__)
    last = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    text = " ".join(str(exc).split())
    return f"{type(exc).__name__}: {text}{last}"
