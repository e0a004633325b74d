"""`make audit`: which parts of the lock have a known vulnerability.

The data is OSV's, asked for with one question for all. Exit codes: 0 none is known, 1
some are, 3 the data can't be had, which says nothing about the parts. uv's own audit
needs a lock of its own kind, and this project has pip's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import requests

from tests.supply_chain.locked import RUNTIME, Locked, locked

SERVICE = "https://api.osv.dev"
WITHIN_S = 30
NONE, SOME, NO_DATA = 0, 1, 3


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--service", default=SERVICE, help="who has OSV's data")
    asked = parser.parse_args(arguments)
    parts = locked(RUNTIME)
    try:
        found = list(known(asked.service, parts))
    except (requests.RequestException, ValueError, LookupError, TypeError) as exc:
        say(f"NOT AUDITED: {asked.service} gives no data ({type(exc).__name__})")
        return NO_DATA
    for part, names in found:
        say(f"{part.name} {part.version}: {', '.join(names)}")
    say(f"{len(parts)} parts, {len(found)} with a known vulnerability")
    return SOME if found else NONE


def known(service: str, parts: list[Locked]) -> Iterator[tuple[Locked, list[str]]]:
    """The parts that something is known of, with the names of what is."""
    queries = [
        {"package": {"name": part.name, "ecosystem": "PyPI"}, "version": part.version}
        for part in parts
    ]
    answer = requests.post(
        f"{service}/v1/querybatch", json={"queries": queries}, timeout=WITHIN_S
    )
    answer.raise_for_status()
    for part, told in zip(parts, answer.json()["results"], strict=True):
        names = sorted(one["id"] for one in (told or {}).get("vulns", ()))
        if names:
            yield part, names


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
