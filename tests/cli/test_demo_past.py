"""The past of a demo is put behind what is lived through, and told to be made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.cli.demo_past import Plan, recount
from app.domain.incidents_ask import Asked
from app.domain.timeline import Told
from app.history.sqlite import SqliteHistory
from app.records.address import Address
from app.records.keeper import Keeper
from app.records.store import Store
from tests.history.stage import Clock, until
from tests.simulator.test_past import END, measured

LATER = datetime.fromtimestamp(END, UTC)
PLAN = Plan(measured(), END, seed=1, days=2)


class Stand:
    """What a past is put into, without anything that is watched."""

    def __init__(self, folder: Path) -> None:
        clock = Clock(LATER + timedelta(minutes=1))
        self.history: SqliteHistory | None = SqliteHistory(folder / "h.db", clock)
        self.keeper = Keeper(
            Store(Address(f"sqlite://{folder / 'r.db'}"), ["demo"]), ["demo"], clock
        )
        self.made_up: dict[str, datetime] = {}
        self.shelf = self.keeper.shelf

    def apart(self, work: Callable[..., Any], *given: Any) -> Any:
        return work(*given)


def test_numbers_pictures_incidents_and_turns_are_there(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    history, keeper = stand.history, stand.keeper
    assert history is not None
    history.start()
    keeper.start()
    until(lambda: (tmp_path / "h.db").exists() and keeper.told("demo") is not None)
    recount(stand, PLAN)  # type: ignore[arg-type]
    assert stand.made_up == {"demo": LATER}
    then = LATER - timedelta(hours=26) + timedelta(minutes=2)
    shown = history.picture("demo", then)
    assert shown is not None and shown["status"] == "failing"
    (outage,) = [
        one for one in keeper.ask("demo", Asked()).incidents if one.kind == "outage"
    ]
    assert outage.id == shown["incident"]
    told: Told = keeper.annals.ask("demo", then - timedelta(hours=1), then)
    assert any(one.is_news and one.lane.name == "redis" for one in told.turns)
    for one in (history, keeper):
        one.stop()
        one.join(30)


def test_where_no_file_keeps_history_there_is_nowhere_to_put_it(tmp_path: Path) -> None:
    stand = Stand(tmp_path)
    stand.history = None
    recount(stand, PLAN)  # type: ignore[arg-type]
    assert stand.made_up == {}
