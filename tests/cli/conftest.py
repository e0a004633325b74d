"""The program as people run it: real processes on loopback."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


class Program:
    """One running `gws-observatory`. Its output is read as it comes."""

    def __init__(self, *arguments: object, **environ: str) -> None:
        self.process = subprocess.Popen(
            [
                *("env", *(f"{name}={value}" for name, value in environ.items())),
                *(sys.executable, "-m", "app", *map(str, arguments)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=kept.extend, args=(stream,), daemon=True)
            for kept, stream in (
                (self.out, self.process.stdout),
                (self.err, self.process.stderr),
            )
        ]
        for reader in self._readers:
            reader.start()

    def line(self, start: str, seconds: float = 30) -> str:
        """What follows `start` in the line of output that begins so."""
        deadline = time.monotonic() + seconds
        while True:
            for line in list(self.out):
                if line.startswith(start):
                    return line.removeprefix(start).strip()
            assert self.process.poll() is None, self.err
            assert time.monotonic() < deadline, self.err
            time.sleep(0.01)

    def wait(self, seconds: float = 30) -> int:
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(30)
        return code

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; how long the process then took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.wait()
        return time.monotonic() - began


def ready(url: str, seconds: float = 50) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if requests.get(f"{url}readyz", timeout=10).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


Start = Callable[..., Program]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts programs; whatever is left of them is killed in the end."""
    begun: list[Program] = []

    def _start(*arguments: object, **environ: str) -> Program:
        begun.append(Program(*arguments, **environ))
        return begun[-1]

    yield _start
    for program in begun:
        if program.process.poll() is None:
            program.process.kill()
        program.wait()
        program.process.stdout.close()
        program.process.stderr.close()


@pytest.fixture
def lonely(tmp_path: Path) -> Path:
    """A configuration that watches nothing that answers, on any free port."""
    file = tmp_path / "gws.yaml"
    file.write_text(
        "server: {host: 127.0.0.1, port: 0}\n"
        "deployments: [{id: demo, consul: {url: 'http://127.0.0.1:9'}}]\n"
    )
    return file
