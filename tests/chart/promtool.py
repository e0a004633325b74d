"""Prometheus's own tool, which knows whether a rule is one and when it fires."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROMTOOL = "/usr/bin/promtool"


def promtool(*arguments: str, folder: Path) -> None:
    """Raises with what it says against the files in `folder`."""
    done = subprocess.run(
        [PROMTOOL, *arguments], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
