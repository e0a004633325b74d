"""Rows 9 and 23 on a watched deployment: what PostgreSQL itself says, in the snapshot.

The simulated one goes down with its faults. A real one beside it is called from the
simulated pods' own addresses, as real pods would, so that one way can be cut alone.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.stage import Json, Stage, open_stage, wait_for
from tests.real.postgresql_servers import PASSWORD, Server, grant

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]

CALLERS = {9: ("setting", "gws"), 23: ("provisioning", "prov")}
BAD = ("degraded", "failing")


def quick(config: Json) -> None:
    (deployment,) = config["deployments"]
    deployment["limits"] = {"enter": "1s", "leave": "2s", "leave_hard": "1s"}


def rows(stage: Stage) -> dict[int, Json]:
    return {c["number"]: c for c in stage.snapshot()["connections"]}


def word(stage: Stage, number: int) -> str:
    """What the store says of a row; empty: nothing."""
    return str(rows(stage)[number]["heard"].get("backend", {}).get("text", ""))


def bad(stage: Stage) -> set[int]:
    return {n for n, status in stage.statuses().items() if status in BAD}


def source(stage: Stage) -> Json:
    return next(s for s in stage.snapshot()["sources"] if s["name"] == "postgresql")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("watched"), quick) as stage:
        wait_for("the store speaks", lambda: all(word(stage, n) for n in CALLERS))
        yield stage


def test_both_rows_are_told_by_the_store_with_their_databases(watched: Stage) -> None:
    said = {9: "10 connections from GWS Setting Service to gws",
            23: "6 connections from GWS Provisioning Service to prov"}  # fmt: skip
    wait_for(
        "both are told",
        lambda: all(word(watched, n).startswith(text) for n, text in said.items()),
    )
    counted = {n: rows(watched)[n]["metrics"]["connections_active"] for n in CALLERS}
    assert counted == {9: 10, 23: 6}


def test_a_postgresql_that_is_down_breaks_both_rows_and_can_not_be_asked(
    watched: Stage,
) -> None:
    wait_for("all is well", lambda: not bad(watched))
    watched.inject("store_down", "postgresql")
    wait_for("both rows turn", lambda: bad(watched) == {9, 23})
    wait_for("it can't be asked", lambda: source(watched)["status"] == "failing")
    assert "refused" in source(watched)["error"]
    watched.end_faults()
    wait_for("all is well again", lambda: not bad(watched))
    wait_for("it is asked again", lambda: source(watched)["status"] == "ok")


def test_a_postgresql_that_is_full_says_so_itself(watched: Stage) -> None:
    wait_for("all is well", lambda: not bad(watched))
    watched.inject("store_full", "postgresql", saturation=0.9)

    def told() -> bool:
        (box,) = [n for n in watched.snapshot()["nodes"] if n["id"] == "postgresql"]
        reasons = [r["text"] for r in box["reasons"] if r["witness"] == "backend"]
        return any("of its connections in use" in text for text in reasons)

    wait_for("the store says so", told)
    assert {9, 23} >= bad(watched)
    watched.end_faults()
    wait_for("all is well again", lambda: not bad(watched))


class Called:
    """A real server, and the sessions that the simulated pods hold on it."""

    def __init__(self, server: Server, stage: Stage) -> None:
        self.server, self.stage = server, stage
        self._held: dict[int, list[socket.socket]] = {}

    def connect(self, number: int) -> None:
        box, database = CALLERS[number]
        (node,) = [n for n in self.stage.snapshot()["nodes"] if n["id"] == box]
        self._held[number] = [
            self.server.session(pod["ip"], database) for pod in node["pods"]
        ]

    def cut(self, number: int) -> None:
        for client in self._held.pop(number, []):
            client.close()

    def close(self) -> None:
        for number in [*self._held]:
            self.cut(number)


@pytest.fixture
def called(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Called]:
    folder = tmp_path_factory.mktemp("called")
    with Server() as server:
        with server.admin() as admin:
            grant(admin)
        with open_stage(folder, lambda config: _ask(config, folder, server)) as stage:
            with closing(Called(server, stage)) as made:
                wait_for("pods are known", lambda: _pods(stage))
                for number in CALLERS:
                    made.connect(number)
                yield made


def _ask(config: Json, folder: Path, server: Server) -> None:
    quick(config)
    dsn = folder / "dsn"
    dsn.write_text(
        f"host=127.0.0.1 port={server.port} dbname=gws user=observatory password={PASSWORD}"
    )
    asked = {"postgresql": {"dsn_file": str(dsn), "interval": "1s"}}
    config["deployments"][0]["backends"] = asked


def _pods(stage: Stage) -> bool:
    wanted = {box for box, _ in CALLERS.values()}
    boxes = [node for node in stage.snapshot()["nodes"] if node["id"] in wanted]
    return all(pod["ip"] for box in boxes for pod in box["pods"]) and all(
        len(box["pods"]) == 2 for box in boxes
    )


@pytest.mark.parametrize("number", [9, pytest.param(23, marks=pytest.mark.thorough)])
def test_only_the_row_whose_way_is_cut_turns_and_the_store_says_so(
    called: Called, number: int
) -> None:
    stage = called.stage
    wait_for(
        "the store names both",
        lambda: all(word(stage, n).startswith("2 connections") for n in CALLERS),
    )
    wait_for("all is well", lambda: not bad(stage))
    called.cut(number)
    wait_for("the row turns", lambda: bad(stage) == {number})
    (reason,) = rows(stage)[number]["reasons"]
    assert reason["witness"] == "backend"
    assert "no connection from" in reason["text"]
    called.connect(number)
    wait_for("it is well again", lambda: not bad(stage))
