"""Records outlive the process: a restart neither loses nor repeats an incident."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import Start, ready

API = "api/v1/deployments/demo"


@pytest.fixture
def voicemail() -> int:
    """A port at which nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def watching(tmp_path: Path, voicemail: int) -> Path:
    """A configuration that watches one port, and keeps records."""
    file = tmp_path / "gws.yaml"
    target = f"{{node: voicemail, url: 'tcp://127.0.0.1:{voicemail}'}}"
    file.write_text(
        "server: {host: 127.0.0.1, port: 0}\n"
        "storage: {records: records.db}\n"
        "deployments:\n"
        f"- {{id: demo, probes: {{interval: 1s, targets: [{target}]}}}}\n"
    )
    return file


def eventually(ask: Callable[[], object], seconds: float = 40) -> object:
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def incidents(url: str) -> list[dict]:
    return requests.get(f"{url}{API}/incidents", timeout=30).json()["incidents"]


def recorded(file: Path) -> int:
    """How many the file itself holds."""
    with closing(sqlite3.connect(file)) as records:
        return records.execute("SELECT count(*) FROM incidents").fetchone()[0]


def snapshot(url: str) -> dict:
    return requests.get(f"{url}{API}/snapshot", timeout=30).json()


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGTERM, marks=pytest.mark.thorough), signal.SIGKILL]
)
def test_an_incident_goes_on_after_a_restart(
    number: int, start: Start, watching: Path, voicemail: int
) -> None:
    first = start("serve", "--config", watching)
    url = first.line("dashboard: ")
    ready(url)
    (opened,) = eventually(lambda: incidents(url))
    name = eventually(lambda: snapshot(url)["incident"])
    assert name == opened["id"]
    eventually(lambda: recorded(watching.with_name("records.db")))
    first.end(number)

    second = start("serve", "--config", watching)
    url = second.line("dashboard: ")
    ready(url)
    assert eventually(lambda: snapshot(url)["incident"]) == name
    eventually(lambda: snapshot(url)["connections"][16]["status"] == "failing")
    with socket.create_server(("127.0.0.1", voicemail)):
        eventually(lambda: not incidents(url)[0]["open"])
    (ended,) = incidents(url)
    assert (ended["id"], ended["start"]) == (name, opened["start"])
    assert (ended["end_exact"], ended["remarks"]) == (True, [])
    second.end()
    told = [json.loads(line) for line in second.err]
    assert [e["event"] for e in told if e["event"].startswith("incident")] == [
        "incident ended"
    ]


@pytest.mark.timeout(120)
def test_a_second_dashboard_on_the_same_file_watches_and_says_so(
    start: Start, watching: Path
) -> None:
    first = start("serve", "--config", watching)
    ready(first.line("dashboard: "))
    second = start("serve", "--config", watching)
    url = second.line("dashboard: ")
    ready(url)

    def refused() -> dict | None:
        sources = snapshot(url)["sources"]
        return next((one for one in sources if one["name"] == "records"), None)

    found = eventually(refused)
    assert found["status"] == "failing"
    assert "another dashboard keeps its records here" in found["error"]
    assert requests.get(f"{url}healthz", timeout=30).status_code == 200
    eventually(lambda: snapshot(url)["incident"])
    first.end()
    assert eventually(lambda: refused()["status"] == "ok")
    second.end()


@pytest.mark.timeout(120)
def test_records_that_cannot_be_kept_stop_nothing(
    start: Start, watching: Path, tmp_path: Path
) -> None:
    (tmp_path / "records.db").write_bytes(b"not a database" * 100)
    program = start("serve", "--config", watching)
    url = program.line("dashboard: ")
    ready(url)
    eventually(lambda: snapshot(url)["incident"])
    found = requests.get(f"{url}{API}/incidents", timeout=30).json()
    assert len(found["incidents"]) == 1
    assert "the file is damaged" in found["trouble"]
    assert program.end() < 5
    assert program.process.returncode == 0


@pytest.mark.thorough
@pytest.mark.timeout(120)
def test_maintenance_from_the_page_outlives_a_restart(
    start: Start, watching: Path
) -> None:
    first = start("serve", "--config", watching)
    url = first.line("dashboard: ")
    ready(url)
    wanted = {"connections": [17], "for": "1h", "why": "new switch", "by": "jane"}
    answer = requests.post(f"{url}{API}/maintenance", json=wanted, timeout=30)
    assert answer.status_code == 201
    eventually(lambda: snapshot(url)["connections"][16]["status"] == "maintenance")
    first.end()

    second = start("serve", "--config", watching)
    url = second.line("dashboard: ")
    ready(url)
    found = eventually(lambda: snapshot(url)["maintenance"])
    assert found == [answer.json()]
    row = snapshot(url)["connections"][16]
    assert row["status"] == "maintenance"
    assert row["reasons"][0]["text"].endswith("by jane: new switch")
    name = answer.json()["id"]
    requests.delete(f"{url}{API}/maintenance/{name}?by=joe", timeout=30)
    eventually(lambda: snapshot(url)["connections"][16]["status"] == "failing")
    listed = requests.get(f"{url}{API}/maintenance?all=true", timeout=30).json()
    assert [one["ended_by"] for one in listed["windows"]] == ["joe"]
    second.end()


@pytest.mark.thorough
@pytest.mark.timeout(120)
def test_what_people_said_outlives_a_restart(start: Start, watching: Path) -> None:
    first = start("serve", "--config", watching)
    url = first.line("dashboard: ")
    ready(url)
    incident = eventually(lambda: snapshot(url)["incident"])
    about = {"incident": incident}
    wanted = {
        "about": about,
        "text": "**Redis** fails over",
        "by": "Ana",
        "pinned": True,
    }
    answer = requests.post(f"{url}{API}/notes", json=wanted, timeout=5)
    assert answer.status_code == 201
    path = f"{url}{API}/incidents/{incident}"
    for part, body in (
        ("acknowledgement", {"by": "Ana"}),
        ("assignee", {"name": "Ben", "by": "Ana"}),
    ):
        assert requests.put(f"{path}/{part}", json=body, timeout=5).status_code == 200
    eventually(lambda: snapshot(url)["incidents"][0]["assigned"])
    first.end()

    second = start("serve", "--config", watching)
    url = second.line("dashboard: ")
    ready(url)
    assert eventually(lambda: snapshot(url)["notes"]) == [answer.json()]
    (found,) = eventually(lambda: snapshot(url)["incidents"])
    assert (found["acknowledged"]["by"], found["assigned"]) == ("Ana", "Ben")
    told = requests.get(f"{url}{API}/incidents/{incident}", timeout=5).json()
    assert (told["acknowledged"], told["assigned"]) == (found["acknowledged"], "Ben")
    second.end()


def timeline(url: str) -> dict:
    return requests.get(f"{url}{API}/timeline", timeout=5).json()


def seventeen(told: dict) -> list[tuple[str, str]]:
    return [(t["was"], t["status"]) for t in told["turns"] if t["connection"] == 17]


def _fallen(turns: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return turns if turns[-1:] == [("ok", "failing")] else []


@pytest.mark.timeout(180)
def test_the_timeline_shows_a_restart_as_a_gap_and_invents_no_turn(
    start: Start, watching: Path, voicemail: int
) -> None:
    first = start("serve", "--config", watching)
    url = first.line("dashboard: ")
    ready(url)
    with socket.create_server(("127.0.0.1", voicemail)):
        eventually(lambda: snapshot(url)["connections"][16]["status"] == "ok")
    eventually(lambda: snapshot(url)["connections"][16]["status"] == "failing")
    before = eventually(lambda: _fallen(seventeen(timeline(url))))
    first.end()

    second = start("serve", "--config", watching)
    url = second.line("dashboard: ")
    ready(url)
    eventually(lambda: snapshot(url)["connections"][16]["status"] == "failing")
    told = eventually(lambda: _resumed(timeline(url)))
    assert seventeen(told) == before
    lane = next(one for one in told["lanes"] if one["connection"] == 17)
    assert [one["status"] for one in lane["segments"]][-3:] == [
        "failing",
        None,
        "failing",
    ]
    assert len(told["watched"]) == 2
    second.end()


def _resumed(told: dict) -> dict | None:
    """Once the second process has told of connection 17."""
    lanes = [one for one in told["lanes"] if one["connection"] == 17]
    last = lanes[0]["segments"][-1]["status"] if lanes else None
    return told if last is not None and len(told["watched"]) == 2 else None
