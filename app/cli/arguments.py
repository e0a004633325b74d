"""What may be written after `gws-observatory`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from app.cli.roles import Role
from app.cli.version import VERSION

PROGRAM: Final = "gws-observatory"
MOST_DEPLOYMENTS: Final = 8
"""Of one demo: each is a process of some 100 MB that is never idle."""
REPORT_ENDINGS: Final = (".pdf", ".xlsx", ".csv")
MOST_PERCENT: Final = 500
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


def day_or_time(text: str) -> date | datetime:
    """A day of the calendar, or an RFC 3339 time with its zone."""
    try:
        if len(text) == len("2026-11-01"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError as exc:
        told = f"{text!r} is neither a day such as 2026-11-01 nor a time"
        raise argparse.ArgumentTypeError(told) from exc
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone: end it with Z")
    return found.astimezone(UTC)


def report_file(text: str) -> Path:
    path = Path(text)
    if path.suffix not in REPORT_ENDINGS:
        told = f"{text!r} must end with one of {', '.join(REPORT_ENDINGS)}"
        raise argparse.ArgumentTypeError(told)
    return path


def percent(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_PERCENT:
        told = f"{text!r} is not a number of per cent, 0 to {MOST_PERCENT}"
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
    _report(commands)
    _hash_password(commands)
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
    serve.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.ALL.value,
        help="all: one process does everything; collect: watch, and publish over Redis "
        "(one leads, others stand by); web: serve what is published, any number",
    )
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


def _report(commands: Commands) -> None:
    text = "what is used of every limit, and when it is full, as a file"
    report = commands.add_parser("report", help=text, description=text)
    report.add_argument("--config", type=Path, required=True, metavar="FILE")
    report.add_argument("--deployment", required=True, metavar="ID")
    for name, what in (("--from", "its first day"), ("--to", "its last day")):
        report.add_argument(
            name, type=day_or_time, required=True, metavar="T", dest=name[2:] + "_",
            help=f"{what}, as 2026-11-01, or a time with its zone",
        )  # fmt: skip
    report.add_argument(
        "--out", type=report_file, required=True, metavar="FILE",
        help=f"its ending says what it becomes: {', '.join(REPORT_ENDINGS)}",
    )  # fmt: skip
    report.add_argument(
        "--hours", choices=("business", "all"), default="business",
        help="which hours count; business hours stand in the configuration",
    )  # fmt: skip
    for name in ("--outages", "--outliers"):
        report.add_argument(
            name, choices=("out", "in"), default="out", help="left out, or counted"
        )
    report.add_argument(
        "--agents", type=percent, default=20, metavar="N",
        help="what if there are N per cent more agents; 20 unless told",
    )  # fmt: skip
    _log_format(report)


def _hash_password(commands: Commands) -> None:
    text = "a line for the users file; the password is asked for, or piped in"
    hash_ = commands.add_parser("hash-password", help=text, description=text)
    hash_.add_argument("name", metavar="NAME", help="what the person signs in with")
    hash_.add_argument(
        "--group", action="append", default=[], help="a group; may be given again"
    )


def _scenario(command: _Parser) -> None:
    command.add_argument("--scenario", default="calm", metavar="NAME")
    command.add_argument("--seed", type=int, default=1, metavar="N")


def _log_format(command: _Parser) -> None:
    command.add_argument(
        "--log-format",
        choices=("json", "console"),
        help="default: console on a terminal, else json",
    )
