"""A file that no longer fits in a head is two files: the gate on length.

Part of `make lint`; prints every Python file that is too long and exits 1.
"""

import subprocess
import sys
from pathlib import Path

MOST_LINES = 300
TOP = Path(__file__).parents[1]


def too_long(files: list[Path]) -> list[str]:
    """One line for each file above the limit."""
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    return [
        f"{path.relative_to(TOP)}: {lines} lines, at most {MOST_LINES}"
        for path, lines in lengths.items()
        if lines > MOST_LINES
    ]


def ours() -> list[Path]:
    """Every Python file that git knows or would take."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=TOP,
        check=True,
        capture_output=True,
        text=True,
    )
    files = [TOP / name for name in listing.stdout.splitlines()]
    return [path for path in files if path.exists()]


if __name__ == "__main__":
    problems = too_long(ours())
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    sys.exit(1 if problems else 0)
