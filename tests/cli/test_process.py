"""What the process asks of the system for itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import ROOT, ready

PR_GET_DUMPABLE = 3
TOLD = f"""
import ctypes, os, resource
from app.cli.process import with_all_handles, without_dumps
without_dumps()
print(ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}), *resource.getrlimit(resource.RLIMIT_CORE))
print(with_all_handles(), *resource.getrlimit(resource.RLIMIT_NOFILE), flush=True)
os.abort()
"""


def limited(*command: str, soft: int, hard: int, **options) -> subprocess.Popen[str]:
    limits = ("prlimit", f"--nofile={soft}:{hard}")
    return subprocess.Popen(
        [*limits, *command], cwd=ROOT, text=True, stdout=subprocess.PIPE, **options
    )


def test_nothing_of_its_memory_is_ever_written_and_every_handle_is_used():
    command = (sys.executable, "-c", TOLD)
    process = limited(*command, soft=512, hard=2048)
    said, _ = process.communicate(timeout=30)
    assert said.splitlines() == ["0 0 0", "2048 2048 2048"]
    assert process.returncode < 0
    assert not list(ROOT.glob("core*"))


def test_so_it_is_with_serve(lonely):
    command = (sys.executable, "-m", "app", "serve", "--config", str(lonely))
    process = limited(*command, soft=512, hard=2048, stderr=subprocess.DEVNULL)
    try:
        line = process.stdout.readline()
        ready(line.removeprefix("dashboard: ").strip())
        told = Path(f"/proc/{process.pid}/limits").read_text()
        assert re.search(r"^Max core file size +0 +0 ", told, re.M)
        assert re.search(r"^Max open files +2048 +2048 ", told, re.M)
    finally:
        process.terminate()
        process.communicate(timeout=30)
