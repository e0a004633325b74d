"""The documentation of the simulated deployment is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

from app.simulator.faults import BY_NAME, KINDS
from app.simulator.run_scenarios import SCENARIOS
from app.simulator.world import WORKLOADS

PAGE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| `[a-z_-]+` \|", line)
]


def test_the_kinds_are_the_real_ones_with_what_they_do() -> None:
    documented = {
        row[0].strip("`"): row[1] for row in ROWS if row[0].strip("`") in BY_NAME
    }
    assert documented == {kind.name: kind.about for kind in KINDS}


def test_the_parameters_are_the_real_ones_with_their_defaults() -> None:
    for row in ROWS:
        kind = BY_NAME.get(row[0].strip("`"))
        if kind is None:
            continue
        documented = re.findall(r"`(\w+)`: [^;]*?\(`([^`]+)`\)", row[3])
        real = [(param.name, str(param.default)) for param in kind.params]
        assert documented == real


def test_the_scenarios_are_the_real_ones() -> None:
    section = PAGE.partition("## Scenarios")[2]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", section, re.M)) == set(SCENARIOS)


def test_the_size_of_the_deployment_is_the_real_one() -> None:
    pods = sum(spec.replicas for spec in WORKLOADS)
    assert f"{pods} pods of {len(WORKLOADS)} workloads" in PAGE
