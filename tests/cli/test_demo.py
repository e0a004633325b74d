"""`demo`: one command, two processes, and never one of them alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import ready


def child_of(process: subprocess.Popen) -> int:
    """The simulation's process, as the kernel tells it."""
    deadline = time.monotonic() + 30
    while True:
        children = (
            Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        )
        if children:
            return int(children[0])
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gone(pid: int, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "Z":
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_shows_a_healthy_deployment_and_tells_where_to_break_it(start):
    program = start("demo", "--port", 0)
    url = program.line("dashboard: ")
    ready(url)
    kinds = requests.get(program.line("Fault control: "), timeout=30)
    assert kinds.status_code == 200
    snapshot = requests.get(f"{url}api/v1/deployments/demo/snapshot", timeout=30).json()
    assert len(snapshot["connections"]) == 31
    child = child_of(program.process)
    assert program.end() < 5
    assert program.process.returncode == 0
    assert gone(child)


@pytest.mark.thorough
def test_ctrl_c_ends_both(start):
    program = start("demo", "--port", 0)
    program.line("dashboard: ")
    child = child_of(program.process)
    assert program.end(signal.SIGINT) < 5
    assert program.process.returncode == 0
    assert gone(child)


def test_when_it_is_killed_outright_nothing_of_it_stays(start):
    program = start("demo", "--port", 0)
    child = child_of(program.process)
    program.line("dashboard: ")
    program.process.kill()
    assert gone(child)


def test_a_simulation_that_dies_ends_the_dashboard_and_says_so(start):
    program = start("demo", "--port", 0)
    program.line("dashboard: ")
    os.kill(child_of(program.process), signal.SIGKILL)
    assert program.wait(30) == 1
    assert (
        "gws-observatory: the simulation ended by itself, with code -9\n" in program.err
    )


def test_a_simulation_that_cannot_begin_is_told(start):
    program = start("demo", "--port", 0, "--scenario", "nothing-like-it")
    assert program.wait(20) == 1
    assert program.err[-1] == "gws-observatory: the simulation did not begin (code 2)\n"
    assert "Traceback" not in "".join(program.err)


def test_a_port_that_is_taken_is_told_before_anything_begins(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        program = start("demo", "--port", port)
        assert program.wait() == 1
    assert program.err == [
        f"gws-observatory: cannot listen on 127.0.0.1 port {port}: address already in use\n"
    ]


def test_several_deployments_are_a_fleet_and_all_end_with_it(start):
    program = start("demo", "--port", 0, "--deployments", 2)
    url = program.line("dashboard: ", 60)
    ready(url, 60)
    found = requests.get(f"{url}api/v1/fleet", timeout=5).json()["deployments"]
    assert [(one["id"], one["region"], one["group"]) for one in found] == [
        ("demo-1", "east", "pair-1"),
        ("demo-2", "west", "pair-1"),
    ]
    controls = [line for line in program.out if line.startswith("Fault control: ")]
    assert len(set(controls)) == 2
    program.end()
    assert program.process.returncode == 0
    for control in controls:
        with pytest.raises(requests.ConnectionError):
            requests.get(control.removeprefix("Fault control: ").strip(), timeout=5)
