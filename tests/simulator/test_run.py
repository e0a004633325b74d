"""The simulation as a process: it starts, says how to watch it, and stops on time."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from kubernetes import client, config

from app.config.load import load
from tests.simulator.living import Living

TOP = Path(__file__).parents[2]
WITHIN_S = 30.0


def until(child: subprocess.Popen[str], done: Callable[[], bool]) -> None:
    """Ask again and again while the process lives, which it must."""
    deadline = time.monotonic() + WITHIN_S
    while not done():
        assert time.monotonic() < deadline, "not within the time allowed"
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the simulation ended with code {child.wait(0.02)}")


@contextmanager
def running(folder: Path, *more: str) -> Iterator[tuple[Any, Path]]:
    file = folder / "demo.yaml"
    command = [
        sys.executable,
        "-m",
        "app",
        "simulate",
        "--config-out",
        str(file),
        *more,
    ]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as child:
        try:
            until(child, file.exists)
            yield child, file
        finally:
            child.kill()


def test_it_tells_how_it_is_watched_and_controlled(tmp_path: Path) -> None:
    with running(tmp_path) as (_, file):
        first, *_ = file.read_text().splitlines()
        control = first.split()[-1]
        assert control.startswith("http://127.0.0.1:")
        assert requests.get(control, timeout=30).json()["kinds"]
        (settings,) = load(file, {}).settings.deployments
        assert settings.id == "demo"
        kubeconfig = settings.kubernetes and settings.kubernetes.kubeconfig
        assert kubeconfig is not None
        assert stat.S_IMODE(kubeconfig.stat().st_mode) == 0o600
        dsn = settings.backends.postgresql and settings.backends.postgresql.dsn_file
        assert dsn is not None
        assert stat.S_IMODE(dsn.stat().st_mode) == 0o600
        config.load_kube_config(str(kubeconfig))
        pods = client.CoreV1Api().list_namespaced_pod("gws", limit=5)
        assert len(pods.items) == 5
        client.CoreV1Api().api_client.close()


def test_it_ends_within_two_seconds_with_a_watch_open(tmp_path: Path) -> None:
    with running(tmp_path) as (child, file):
        kubeconfig = yaml.safe_load((tmp_path / "demo.kubeconfig").read_text())
        server = kubeconfig["clusters"][0]["cluster"]["server"]
        token = kubeconfig["users"][0]["user"]["token"]
        watch = requests.get(
            f"{server}/api/v1/pods?watch=1&resourceVersion=0",
            headers={"Authorization": f"Bearer {token}"},
            stream=True,
            timeout=30,
        )
        child.send_signal(signal.SIGTERM)
        assert child.wait(WITHIN_S) == 0
        watch.close()
        assert file.exists()


def test_two_simulations_live_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with running(tmp_path / "a") as (_, one), running(tmp_path / "b") as (_, two):
        controls = {file.read_text().splitlines()[0].split()[-1] for file in (one, two)}
        assert len(controls) == 2
        for control in controls:
            assert requests.get(control, timeout=30).status_code == 200


def test_a_scenario_plays_by_itself(tmp_path: Path) -> None:
    with running(tmp_path, "--scenario", "redis-down") as (child, file):
        control = file.read_text().splitlines()[0].split()[-1].rpartition("/sim/")[0]

        def causes() -> list[str]:
            return requests.get(f"{control}/sim/truth", timeout=30).json()["causes"]

        until(child, lambda: causes() == ["redis"])


def test_an_unknown_scenario_is_a_wrong_command_line() -> None:
    command = [sys.executable, "-m", "app", "simulate", "--scenario", "war"]
    ended = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2
    assert "calm" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_kubernetes_api_can_be_spoken_over_tls(tmp_path: Path, scheme: str) -> None:
    with Living(tmp_path, tls=scheme == "https") as living:
        assert living.served.kubernetes.startswith(f"{scheme}://")
        assert living.kubernetes("/version").json()["major"] == "1"
