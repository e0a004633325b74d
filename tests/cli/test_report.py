"""`report`: the capacity report from the command line, beside a dashboard that writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import gmtime, strftime, time

import pypdf
import pytest

from app.cli.main import DONE, FAILED, WRONG, World, main
from app.history.sqlite import SqliteHistory
from tests.cli.conftest import Start, ready
from tests.cli.test_records import eventually

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
USUAL = {"deployment": "demo", "from": "2026-11-01", "to": "2026-11-24"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "gws.yaml"
    made.write_text(
        "server: {host: 127.0.0.1, port: 0}\n"
        "storage: {history: 'sqlite:///" + str(tmp_path / "history.db") + "'}\n"
        "deployments:\n"
        "- {id: demo, probes: {interval: 1s, targets: [{node: voicemail, url: 'tcp://127.0.0.1:1'}]}}\n"
    )
    return made


@pytest.fixture
def report(file: Path) -> Callable[..., tuple[int, str, str]]:
    def run(out: str, **more: str) -> tuple[int, str, str]:
        said, told = io.StringIO(), io.StringIO()
        options = {**USUAL, **more, "config": str(file), "out": str(file.parent / out)}
        arguments = [
            part for name, value in options.items() for part in (f"--{name}", value)
        ]
        code = main(["report", *arguments], World({}, lambda: NOW, said, told))
        return code, said.getvalue(), told.getvalue()

    return run


@pytest.fixture
def empty(file: Path) -> None:
    """A history in which nothing was ever noted."""
    history = SqliteHistory(file.parent / "history.db", lambda: NOW)
    history.start()
    history.stop()
    history.join(30)


@pytest.mark.usefixtures("empty")
def test_nothing_kept_is_a_report_that_says_so(
    report: Callable[..., tuple[int, str, str]], file: Path
) -> None:
    code, said, told = report("r.pdf")
    assert (code, said.endswith(" bytes\n")) == (DONE, True)
    assert "no history is kept of demo" in told
    first = pypdf.PdfReader(file.parent / "r.pdf").pages[0].extract_text()
    assert "No history is kept" in first
    assert report("r.csv")[0] == report("r.xlsx")[0] == DONE
    rows = list(csv.DictReader((file.parent / "r.csv").read_text().splitlines()))
    assert {row["table"] for row in rows} >= {"summary", "left_out"}


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ({"deployment": "west"}, WRONG, "none is called west; there are demo"),
        ({"from": "2026-12-01"}, WRONG, "--from: must be before --to and now"),
        ({"from": "2020-01-01"}, WRONG, "400 days at most"),
        ({"from": "yesterday"}, WRONG, "neither a day such as"),
        ({"from": "2026-11-01T10:00:00"}, WRONG, "has no zone"),
        ({"out": "r.doc"}, WRONG, "must end with one of .pdf, .xlsx, .csv"),
        ({"agents": "900"}, WRONG, "0 to 500"),
        ({"out": "nowhere/r.csv"}, FAILED, "can't be written"),
    ],
)
def test_what_is_wrong_is_one_line(
    more: dict[str, str],
    code: int,
    said: str,
    report: Callable[..., tuple[int, str, str]],
) -> None:
    out = more.pop("out", "r.csv")
    found, _, told = report(out, **more)
    assert found == code
    assert said in told and told.count("\n") == 1 + told.count("warning:")


def test_a_history_that_is_not_there_is_one_line_too(
    report: Callable[..., tuple[int, str, str]],
) -> None:
    code, _, told = report("r.csv")
    assert (code, told.count("\n")) == (FAILED, 1)
    assert "history.db" in told


def test_without_a_history_it_says_where_it_would_be(
    report: Callable[..., tuple[int, str, str]], file: Path
) -> None:
    text = file.read_text().splitlines()
    file.write_text("\n".join(line for line in text if "storage" not in line) + "\n")
    code, _, told = report("r.csv")
    assert (code, "storage.history" in told) == (FAILED, True)


def test_it_reads_while_a_dashboard_writes(start: Start, file: Path) -> None:
    dashboard = start("serve", "--config", file)
    ready(dashboard.line("dashboard:"))
    kept = file.parent / "history.db"
    eventually(lambda: kept.exists() and kept.stat().st_size)
    out = file.parent / "r.csv"
    yesterday, today = (
        strftime("%Y-%m-%d", gmtime(at)) for at in (time() - 86400, time())
    )
    asked = [
        "--config",
        file,
        "--deployment",
        "demo",
        "--from",
        yesterday,
        "--to",
        today,
        "--out",
        out,
    ]
    told = start("report", *asked)
    assert told.wait(60) == 0, told.err
    assert out.read_text().startswith("table,subject,label")
    assert dashboard.process.poll() is None
