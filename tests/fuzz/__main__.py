"""`make fuzz`: each harness for so many seconds, led by coverage (atheris, libFuzzer).

What is found is kept under `.cache/fuzz/<harness>`, what failed beside it as
`crash-...`; it is repeated by `python -m tests.fuzz NAME FILE`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

KEPT: Final = Path(".cache/fuzz")
MOST_MB: Final = 1024
HANG_S: Final = 10
INSTRUMENTED: Final = ("app", "collectors", "layouts", "prometheus_client", "yaml")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("name", nargs="?", help="one harness; all of them unless told")
    parser.add_argument("input", nargs="?", type=Path, help="run this file alone")
    parser.add_argument("--seconds", type=int, default=20, help="for each harness")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        return _fuzz(asked.name, asked.seconds)
    from tests.fuzz.harnesses import ALL

    if asked.input is not None:
        ALL[asked.name].run(asked.input.read_bytes())
        return 0
    names = [asked.name] if asked.name else list(ALL)
    return max(_apart(name, asked.seconds) for name in names)


def _apart(name: str, seconds: int) -> int:
    """In a process of its own: libFuzzer ends it, and its memory is bounded."""
    command = [sys.executable, "-m", "tests.fuzz", name, "--inside"]
    command += ["--seconds", str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True)
    told = [line for line in ended.stderr.splitlines() if "Done " in line]
    sys.stdout.write(f"{name}: {told[-1] if told else 'FAILED'}\n")
    sys.stdout.flush()
    if ended.returncode:
        sys.stderr.write(ended.stdout + ended.stderr)
    return ended.returncode


def _fuzz(name: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from tests.fuzz.harnesses import ALL
    harness, place = ALL[name], KEPT / name
    place.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(harness.corpus()):
        (place / f"seed-{number}").write_bytes(seed)
    atheris.Setup(
        [
            "fuzz",
            f"-max_total_time={seconds}",
            f"-timeout={HANG_S}",
            f"-rss_limit_mb={MOST_MB}",
            "-max_len=8192",
            f"-artifact_prefix={place}/",
            str(place),
        ],
        harness.run,
    )
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
