"""History in an engine for metrics, as `serve`, `doctor` and `check-config` have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from benchmarks.stage import free_port, wait_for
from tests.cli.conftest import Program, Start, ready
from tests.history.fake_engine import FakeEngine, serving, vector

DEPLOYMENTS = (
    "deployments: [{id: demo, probes: {enabled: false}, scrape: {enabled: false}}]"
)


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    with serving(lambda question: (200, vector())) as engine:
        yield engine


def configured(folder: Path, url: str) -> Path:
    file = folder / "gws.yaml"
    file.write_text(
        "server: {host: 127.0.0.1, port: 0}\n"
        f"storage: {{history: 'prometheus+{url}', history_push: '{url}', history_interval: 1s}}\n"
        f"{DEPLOYMENTS}\n"
    )
    return file


def sources(base: str) -> dict[str, dict[str, str]]:
    told = requests.get(f"{base}api/v1/deployments/demo/snapshot", timeout=30).json()
    return {one["name"]: one for one in told["sources"]}


def test_what_is_seen_is_pushed(
    start: Start, engine: FakeEngine, tmp_path: Path
) -> None:
    program = start("serve", "--config", configured(tmp_path, engine.url))
    base = program.line("dashboard: ")
    ready(base)
    wait_for("a look", lambda: bool(engine.told), 30)
    assert 'gws_connection_status{deployment="demo",connection="1"' in engine.told[0]
    assert "history" not in sources(base)


def test_that_it_is_not_pushed_stands_among_the_sources(
    start: Start, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    program = start("serve", "--config", configured(tmp_path, url))
    base = program.line("dashboard: ")
    ready(base)
    wait_for("the page says so", lambda: "history" in sources(base), 30)
    said = sources(base)["history"]
    assert said["status"] == "failing"
    paused = f"history is paused: can't be pushed to {url}: connection refused"
    assert said["error"].startswith(paused)


def test_where_it_is_kept_is_told_before(engine: FakeEngine, tmp_path: Path) -> None:
    file = configured(tmp_path, engine.url)
    checked = Program("check-config", file)
    checked.wait()
    where = f"history: kept by the engine at {engine.url}, which is pushed to at {engine.url}"
    assert where in checked.out[-1] or where in "\n".join(checked.out)
    examined = Program("doctor", "--config", file)
    examined.wait(60)
    told = "\n".join(examined.out)
    assert f"history: {engine.url}: an engine that answers, nothing in it yet" in told
    for program in (checked, examined):
        program.process.stdout.close()
        program.process.stderr.close()
