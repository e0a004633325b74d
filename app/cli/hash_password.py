"""`hash-password`: a line for the users file, from a password that nobody overhears.

It is asked for on the terminal, twice and unseen, or read from what is piped in: it is
never in the command line, which every user of the machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Final

from app.cli.main import DONE, Failure, World

SHORTEST: Final = 8
LONGEST: Final = 1000


def run(chosen: argparse.Namespace, world: World) -> int:
    from app.web.access.basic import (
        hashed,
    )  # Its library is loaded when it is asked for.

    password = _typed() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(password) <= LONGEST:
        raise Failure(f"a password has {SHORTEST} to {LONGEST} characters")
    world.say(f"{chosen.name}:{hashed(password)}:{','.join(chosen.group)}".rstrip(":"))
    return DONE


def _typed() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise Failure("the two are not the same")
    return password
