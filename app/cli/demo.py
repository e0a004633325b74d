"""`demo`: a simulated deployment in a process of its own, or several, and the dashboard
over them.

They speak only through the configuration file that a simulation writes and through its
sockets, exactly as `serve` and a real deployment do.
"""

from __future__ import annotations

import argparse
import ctypes
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli.demo_config import together
from app.cli.listening import listen
from app.cli.main import FAILED, Failure, World
from app.config.environment import PREFIX
from app.config.load import Configuration
from app.config.storage import Storage

if TYPE_CHECKING:
    from app.cli.watch import Watches
    from app.web.server import Server

BEGIN_S: Final = 20.0
"""How long the simulation may take to begin, on a machine that has other work too."""
END_S: Final = 2.0
LOOK_S: Final = 0.02
PLACE: Final = frozenset(f"{PREFIX}SERVER__{one}" for one in ("HOST", "PORT"))
PARENT_DEATH: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def run(chosen: argparse.Namespace, world: World) -> int:
    listening = listen(chosen.host, chosen.port)
    with (
        tempfile.TemporaryDirectory(prefix="gws-observatory-") as folder,
        ExitStack() as stack,
    ):
        begun = [
            stack.enter_context(_simulation(chosen, Path(folder), number))
            for number in range(chosen.deployments)
        ]
        # They load while the simulations begin.
        from app.cli.demo_past import remember
        from app.cli.serve import watch_and_serve

        files = [_await(child, file) for child, file in begun]
        found = together(files, Path(folder), _elsewhere(world.environ))
        configuration = _forgetful(found, Path(folder))
        for file in files:
            world.say(*_comments(file))
        end = _End([child for child, _ in begun], world)

        def began(server: Server, watches: Watches) -> None:
            end.watch(server)
            remember(watches, world.clock, chosen.seed)

        code = watch_and_serve(configuration, listening, world, began)
    return FAILED if end.early else code


class _End:
    """Ends the dashboard when a simulation ends by itself: a dashboard that watches
    nothing would look like an outage."""

    def __init__(self, children: list[subprocess.Popen[bytes]], world: World) -> None:
        self.early = False
        self._children, self._world = children, world

    def watch(self, server: Server) -> None:
        for child in self._children:
            arguments = (child, server)
            threading.Thread(target=self._wait, args=arguments, daemon=True).start()

    def _wait(self, child: subprocess.Popen[bytes], server: Server) -> None:
        code = child.wait()
        if not server.should_exit:
            self.early = True
            self._world.complain(f"the simulation ended by itself, with code {code}")
            server.end()


@contextmanager
def _simulation(
    chosen: argparse.Namespace, folder: Path, number: int
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A simulation's process and the file that it will write; it is ended on leaving,
    whatever happens."""
    file = folder / f"simulation-{number + 1}" / "demo.yaml"
    file.parent.mkdir()
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "app", "simulate"),
            *("--scenario", chosen.scenario, "--seed", str(chosen.seed + number)),
            *("--config-out", str(file)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield child, file
    finally:
        _end(child)


def _die_with_parent() -> None:
    """Also when the demo is killed outright, nothing of it stays behind."""
    ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGTERM)


def _await(child: subprocess.Popen[bytes], file: Path) -> Path:
    """Until the simulation has written how to watch it, which it does last."""
    end = time.monotonic() + BEGIN_S
    while not file.exists():
        if child.poll() is not None:
            raise Failure(f"the simulation did not begin (code {child.returncode})")
        if time.monotonic() > end:
            raise Failure(f"the simulation did not begin within {BEGIN_S:.0f} s")
        time.sleep(LOOK_S)
    return file


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _forgetful(configuration: Configuration, folder: Path) -> Configuration:
    """What the simulation went through is in no real deployment's records, nor in its
    history, which is kept beside them."""
    kept = Storage(records=f"sqlite://{folder / 'records.db'}")
    settings = configuration.settings.model_copy(update={"storage": kept})
    return replace(configuration, settings=settings)


def _elsewhere(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Where a demo listens stands on its command line: what an image sets for `serve`
    is not meant for it."""
    return {name: value for name, value in environ.items() if name not in PLACE}


def _comments(file: Path) -> list[str]:
    """What the simulation says about itself: its control address above all."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.lstrip("# ") for line in lines if line.startswith("#")]
