"""The program: the only place that reads the clock and the environment."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from app.cli.main import World
from app.cli.main import main as run
from app.cli.process import without_dumps


def main() -> int:
    without_dumps()
    world = World(os.environ, lambda: datetime.now(UTC), sys.stdout, sys.stderr)
    return run(sys.argv[1:], world)


if __name__ == "__main__":
    sys.exit(main())
