"""Debian's Redis for tests: begun, stopped, frozen, filled, on a port that stays its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import redis

from benchmarks.stage import free_port, wait_for


class RedisServer:
    """Keeps nothing on disk, unless `options` say so."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._folder, self._options = folder / f"redis-{self.port}", options
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RedisServer:
        self._folder.mkdir(parents=True)
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None
        command = [
            program, "--port", str(self.port), "--save", "", "--bind", "127.0.0.1",
            "--dir", str(self._folder), "--protected-mode", "no", *self._options,
        ]  # fmt: skip
        with (self._folder / "log").open("ab") as log:
            self._child = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for(f"Redis at {self.url}", self._answers, 10)

    def kill(self) -> None:
        if self._child is not None:
            self._child.send_signal(signal.SIGCONT)
            self._child.kill()
            self._child.wait(10)
            self._child = None

    def freeze(self, yes: bool) -> None:
        assert self._child is not None
        self._child.send_signal(signal.SIGSTOP if yes else signal.SIGCONT)

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, protocol=2)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
