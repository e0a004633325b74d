"""`doctor` on the simulated deployment: how many see each connection."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.stage import TOP, simulated


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with simulated(tmp_path_factory.mktemp("doctor")) as (_, configuration):
        yield configuration


def doctor(configuration: Path) -> tuple[int, dict[str, Any]]:
    """The exit code, and what is said of the one deployment."""
    command = [sys.executable, "-m", "app", "doctor", "--json", "--config"]
    ended = subprocess.run(
        [*command, str(configuration)], cwd=TOP, capture_output=True, timeout=60
    )
    (report,) = json.loads(ended.stdout)["deployments"]
    return ended.returncode, report


@pytest.mark.parametrize(("records", "want"), [("r.db", 0), ("gone/r.db", 1)])
def test_records_that_cannot_be_kept_are_a_failure(
    written: Path, records: str, want: int
) -> None:
    config = yaml.safe_load(written.read_text())
    changed = written.with_name("recorded.yaml")
    changed.write_text(yaml.safe_dump({**config, "storage": {"records": records}}))
    code, _ = doctor(changed)
    assert code == want


def speaking(report: dict[str, Any]) -> list[int]:
    return [len(connection["speaking"]) for connection in report["connections"]]


def test_every_connection_has_two_witnesses_where_all_are_there(written: Path) -> None:
    code, report = doctor(written)
    assert code == 0
    assert len(speaking(report)) == 31
    assert min(speaking(report)) >= 2
    assert [source["status"] for source in report["sources"]] == ["ok"] * 8


def test_the_stores_say_themselves_who_calls_them(written: Path) -> None:
    _, report = doctor(written)
    told = {c["number"]: c["speaking"] for c in report["connections"]}
    into_stores, into_consul = {9, 12, 13, 18, 23, 24, 25}, {3, 8, 19, 22}
    heard = {number for number, by in told.items() if "backend" in by}
    assert heard == into_stores | into_consul


def test_every_connection_has_one_witness_where_nothing_but_kubernetes_is_asked(
    written: Path,
) -> None:
    config = yaml.safe_load(written.read_text())
    (deployment,) = config["deployments"]
    bare = {
        "id": "bare",
        "kubernetes": deployment["kubernetes"],
        "scrape": {"enabled": False},
        "probes": {"enabled": False},
    }
    alone = written.with_name("bare.yaml")
    alone.write_text(yaml.safe_dump({"deployments": [bare]}))
    code, report = doctor(alone)
    assert code == 0
    assert set(speaking(report)) == {1}


def test_differences_from_the_picture_are_noted(written: Path) -> None:
    _, report = doctor(written)
    told = " ".join(report["notes"])
    for words in ("row 3:", "row 21:", "to call Voicemail"):
        assert words in told
