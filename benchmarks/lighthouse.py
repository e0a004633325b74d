"""Lighthouse's own scores of a page: performance and accessibility.

Taken from npm when it is asked for; nothing of the product needs it.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Final

from benchmarks.page import CHROMIUM, FLAGS
from benchmarks.stage import Stage

VERSION: Final = "11.7.1"
"""The newest that runs on Node 18, which Debian 12 has."""
CATEGORIES: Final = ("performance", "accessibility")
WITHIN_S: Final = 300


@dataclass(frozen=True, slots=True)
class Score:
    """Of 100 each; `largest_ms`: the largest contentful paint, `shift`: the layout
    shift, by Lighthouse's desktop preset."""

    page: str
    performance: int
    accessibility: int
    largest_ms: float
    shift: float


def measure_lighthouse(stage: Stage) -> list[Score]:
    """Raises `CalledProcessError` where npm or the package can't be had."""
    pages = {
        "map": f"/map/{stage.deployment}",
        "connections": f"/connections/{stage.deployment}",
        "timeline": f"/timeline/{stage.deployment}",
        "fleet": "/fleet",
        "wall": f"/wall/{stage.deployment}",
    }
    return [_score(name, f"{stage.url}{path}") for name, path in pages.items()]


def _score(name: str, url: str) -> Score:
    flags = " ".join(("--headless", *FLAGS))
    command = [
        "npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet", "--output=json",
        "--preset=desktop", f"--only-categories={','.join(CATEGORIES)}",
        "--no-enable-error-reporting", f"--chrome-flags={flags}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}  # noqa: TID251  npx needs it
    ended = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True,
        timeout=WITHIN_S,
    )  # fmt: skip
    told = json.loads(ended.stdout)
    scores = {one: round(told["categories"][one]["score"] * 100) for one in CATEGORIES}
    audits = told["audits"]
    return Score(
        name,
        scores["performance"],
        scores["accessibility"],
        audits["largest-contentful-paint"]["numericValue"],
        audits["cumulative-layout-shift"]["numericValue"],
    )
