"""What may be written after `gws-observatory`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from app.cli.version import VERSION

PROGRAM: Final = "gws-observatory"
MOST_DEPLOYMENTS: Final = 8
"""Of one demo: each is a process of some 100 MB that is never idle."""
Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


class WrongUsage(Exception):
    """The command line itself is wrong."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{message}; see {self.prog} --help")


def port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")
    return int(text)


def deployments(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DEPLOYMENTS:
        told = f"{text!r} is not a number of deployments, 1 to {MOST_DEPLOYMENTS}"
        raise argparse.ArgumentTypeError(told)
    return int(text)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises `WrongUsage`; `--help` and `--version` raise `SystemExit(0)`."""
    return parser().parse_args(arguments)


def parser() -> _Parser:
    top = _Parser(
        prog=PROGRAM,
        description="Watches a GWS deployment and paints the truth on its picture.",
        epilog="Exit codes: 0 done, 1 a failure while running, 2 a wrong command line "
        "or configuration.",
    )
    top.add_argument("--version", action="version", version=f"{PROGRAM} {VERSION}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _demo(commands)
    _serve(commands)
    _simulate(commands)
    _doctor(commands)
    _check_config(commands)
    _backup(commands)
    return top


def _demo(commands: Commands) -> None:
    text = "a simulated deployment and the dashboard that watches it; nothing is needed"
    demo = commands.add_parser("demo", help=text, description=text)
    demo.add_argument("--host", default="127.0.0.1", help="where the dashboard listens")
    demo.add_argument("--port", type=port, default=8050, help="0: any free port")
    demo.add_argument(
        "--deployments",
        type=deployments,
        default=1,
        metavar="N",
        help=f"so many simulations, {MOST_DEPLOYMENTS} at most; several are a fleet",
    )
    _scenario(demo)
    _log_format(demo)


def _serve(commands: Commands) -> None:
    text = "the dashboard for real deployments"
    serve = commands.add_parser("serve", help=text, description=text)
    serve.add_argument("--config", type=Path, required=True, metavar="FILE")
    _log_format(serve)


def _simulate(commands: Commands) -> None:
    text = "only the simulated deployment"
    simulate = commands.add_parser("simulate", help=text, description=text)
    _scenario(simulate)
    simulate.add_argument(
        "--config-out",
        type=Path,
        metavar="FILE",
        help="where to write the configuration with which `serve` watches it",
    )
    _log_format(simulate)


def _doctor(commands: Commands) -> None:
    text = "asks every source once and tells which connections nobody speaks for"
    doctor = commands.add_parser("doctor", help=text, description=text)
    doctor.add_argument("--config", type=Path, required=True, metavar="FILE")
    doctor.add_argument("--json", action="store_true", help="for programs")
    _log_format(doctor)


def _check_config(
    commands: Commands,
) -> None:
    text = "every problem of a configuration at once, each with its place"
    check = commands.add_parser("check-config", help=text, description=text)
    check.add_argument("file", type=Path, metavar="FILE")


def _backup(commands: Commands) -> None:
    text = "a whole copy of the history, also while it is written"
    backup = commands.add_parser("backup", help=text, description=text)
    backup.add_argument("--config", type=Path, required=True, metavar="FILE")
    backup.add_argument("--out", type=Path, required=True, metavar="FILE")


def _scenario(command: _Parser) -> None:
    command.add_argument("--scenario", default="calm", metavar="NAME")
    command.add_argument("--seed", type=int, default=1, metavar="N")


def _log_format(command: _Parser) -> None:
    command.add_argument(
        "--log-format",
        choices=("json", "console"),
        help="default: console on a terminal, else json",
    )
