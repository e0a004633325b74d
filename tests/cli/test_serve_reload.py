"""`serve` and its configuration file, which people change while it runs."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import Program, Start, ready
from tests.cli.test_records import eventually
from tests.cli.test_reload import as_config_map, by_rename, in_place

API = "api/v1/deployments/demo"
FILE = """\
server: {{host: 127.0.0.1, port: {port}}}
deployments:
- id: demo
  consul: {{url: 'http://127.0.0.1:{consul}'}}
  limits:
    connections:
      17: {{latency_p95_ms: {{degraded: {limit}}}}}
"""


def text(port: object = 0, consul: int = 9, limit: object = 1000) -> str:
    return FILE.format(port=port, consul=consul, limit=limit)


class Served:
    """A dashboard that runs, and what it says."""

    def __init__(self, program: Program) -> None:
        self.program, self.url = program, program.line("dashboard: ")
        ready(self.url)

    def limit(self, number: int) -> float:
        """What the connection's p95 is held against now."""
        path = f"{self.url}{API}/connections/{number}/explain"
        told = requests.get(path, timeout=30).json()["measured"]
        return next(m["degraded"] for m in told if m["name"] == "latency_p95_ms")

    def file(self) -> dict | None:
        """The configuration file among the sources of the page."""
        found = requests.get(f"{self.url}{API}/snapshot", timeout=30).json()["sources"]
        return next((one for one in found if one["name"] == "config"), None)

    def gauge(self, name: str) -> float:
        text = requests.get(f"{self.url}metrics", timeout=30).text
        (line,) = [one for one in text.splitlines() if one.startswith(f"{name} ")]
        return float(line.split()[1])

    def status_is(self, status: str) -> dict:
        eventually(lambda: (self.file() or {}).get("status") == status)
        return self.file()

    def logged(self, event: str) -> list[dict]:
        told = [json.loads(line) for line in list(self.program.err)]
        return [one for one in told if one["event"] == event]

    def end(self) -> None:
        assert self.program.process.poll() is None, self.program.err
        self.program.end()
        assert self.program.process.returncode == 0


Serve = Callable[..., Served]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The configuration that is served."""
    return tmp_path / "gws.yaml"


@pytest.fixture
def serve(start: Start, file: Path) -> Serve:
    """Starts a dashboard on the file as `text` writes it."""

    def _serve(**settings: int) -> Served:
        file.write_text(text(**settings))
        return Served(start("serve", "--config", file))

    return _serve


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "way",
    [in_place, pytest.param(by_rename, marks=pytest.mark.thorough), as_config_map],
)
def test_a_limit_of_one_connection_takes_effect_without_a_restart(
    way: Callable[[Path], Callable[[str], None]], start: Start, file: Path
) -> None:
    write = way(file)
    write(text())
    served = Served(start("serve", "--config", file))
    assert served.limit(17) == 1000
    write(text(limit=50))
    eventually(lambda: served.limit(17) == 50)
    assert served.limit(16) == 1000
    served.end()
    (taken,) = served.logged("configuration taken")
    assert taken["changed"] == [
        "deployments[0].limits.connections.17.latency_p95_ms.degraded"
    ]


@pytest.mark.timeout(120)
def test_sighup_reads_the_file_and_never_ends_the_process(
    start: Start, file: Path
) -> None:
    file.write_text(text())
    program = start("serve", "--config", file)
    program.line("dashboard: ")
    program.process.send_signal(signal.SIGHUP)  # it has hardly begun
    served = Served(program)
    file.write_text(text(limit=50))
    for _ in range(3):
        before = len(served.logged("configuration taken"))
        program.process.send_signal(signal.SIGHUP)
        eventually(lambda b=before: len(served.logged("configuration taken")) > b)
    eventually(lambda: served.limit(17) == 50)
    served.end()


@pytest.mark.timeout(120)
def test_a_broken_file_leaves_the_old_one_in_force_with_a_message(
    serve: Serve, file: Path
) -> None:
    served = serve(limit=50)
    ok, at = (
        "gws_observatory_config_reload_ok",
        "gws_observatory_config_reloaded_timestamp_seconds",
    )
    assert served.gauge(ok) == 1
    began = served.gauge(at)
    file.write_text(text(port="x", limit=60) + "  colour: red\n")
    told = served.status_is("failing")
    assert f"{file}:1:33: server.port: " in told["error"]
    assert f'{file}:8:3: deployments[0].colour: unknown key "colour"' in told["error"]
    assert served.gauge(ok) == 0
    assert (served.limit(17), served.gauge(at)) == (50, began)
    page = requests.get(f"{served.url}map/demo", timeout=30).text
    assert f"{file}:8:3" in page

    file.write_text(text(limit=70))
    served.status_is("ok")
    assert served.gauge(ok) == 1
    assert served.gauge(at) > began
    eventually(lambda: served.limit(17) == 70)
    served.end()
    refused = served.logged("configuration refused")
    assert [one["level"] for one in refused] == ["error", "error"]


@pytest.mark.timeout(120)
def test_what_needs_a_restart_is_named_until_it_is_taken_back(
    serve: Serve, file: Path
) -> None:
    served = serve()
    file.write_text(text(port=1, consul=7, limit=50))
    told = served.status_is("degraded")
    waits = "takes effect after a restart: server.port, deployments[0].consul.url"
    assert told["error"] == waits
    eventually(lambda: served.limit(17) == 50)
    file.write_text(text(limit=50))
    assert served.status_is("ok")["error"] is None
    served.end()
    warned = [one for one in served.logged("configuration") if "problem" in one]
    assert [(one["level"], one["problem"]) for one in warned] == [("warning", waits)]


@pytest.mark.timeout(60)
def test_a_configuration_that_comes_through_a_pipe_is_read_once(
    start: Start, tmp_path: Path
) -> None:
    """`--config <(...)`: there is nothing to be looked at again."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    program = start("serve", "--config", pipe)
    pipe.write_text(text())
    ready(program.line("dashboard: "))
    program.process.send_signal(signal.SIGHUP)
    assert program.end() < 5
    assert program.process.returncode == 0
