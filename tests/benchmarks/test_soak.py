"""What is called flat is flat, and the harness of the soak works."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soak_flat import Allowance, judge, slope

ROOT = Path(__file__).parents[2]
USUAL = Allowance(3.0, 0.02)


def line(per_round: float, noise: float = 0.0, rounds: int = 60) -> list:
    chance = random.Random(7)
    return [
        (60.0 * n, 100 + per_round * n + chance.uniform(-noise, noise))
        for n in range(rounds)
    ]


def test_what_grows_a_little_each_round_is_not_flat() -> None:
    assert not judge("threads", line(0.1, noise=2), USUAL).flat


def test_noise_is_no_growth() -> None:
    assert judge("threads", line(0, noise=5), USUAL).flat


def test_neither_a_peak_nor_what_fills_at_the_start_is_growth() -> None:
    samples = line(0)
    for n in (30, 58):
        samples[n] = (samples[n][0], 500.0)
    for n in range(12):
        samples[n] = (samples[n][0], 40.0 + 5 * n)
    assert judge("memory", samples, USUAL).flat


def test_what_shrinks_is_flat() -> None:
    assert judge("memory", line(-1), USUAL).flat


def test_too_few_looks_tell_nothing() -> None:
    told = judge("memory", line(9, rounds=10), Allowance(1, 0, least=15))
    assert told.growth is None and told.flat
    assert judge("memory", [], USUAL).growth is None


def test_the_slope_is_that_of_the_line() -> None:
    assert slope(line(0.6)) == pytest.approx(0.01)


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_two_minutes_of_the_soak() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak"],
        cwd=ROOT,
        env={**os.environ, "SOAK_MINUTES": "2"},  # noqa: TID251
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    rows = [row for row in told.stdout.splitlines() if row.startswith("| ")]
    assert sum(row.startswith("| threads |") for row in rows) == 1
    assert "too few looks" in told.stdout, "of memory nothing is said so soon"
