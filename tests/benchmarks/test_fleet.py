"""The figures of the fleet are of as many deployments as it says, each change a real one."""

from __future__ import annotations

from benchmarks.fleet import DEPLOYMENTS, Cost, Hundred, _server
from benchmarks.report import fleet_table
from tests.web.conftest import picture


def test_every_change_that_is_timed_is_told() -> None:
    folds, sizes, whole = _server(picture(), 2 * DEPLOYMENTS + 1)
    assert len(folds.values) == len(sizes.values) == 2 * DEPLOYMENTS + 1
    nothing = len('{"deployment":"*","version":1,"at":"","deployments":[]}')
    assert min(sizes.values) > nothing + 50
    assert max(sizes.values) * 10 < whole.values[0]


def test_a_published_change_is_of_one_deployment_alone() -> None:
    hundred = Hundred(picture())
    hundred.publish("deployment-003", "failing")
    latest = {name: hundred.bus.latest(name).snapshot for name in hundred.names}
    assert len(latest) == DEPLOYMENTS
    turned = [
        n for n, one in latest.items() if one["connections"][16]["status"] == "failing"
    ]
    assert turned == ["deployment-003"]


def test_a_row_says_what_how_often_and_in_which_unit() -> None:
    told = fleet_table([Cost("first paint", "ms", (1.0, 2.0, 3.0))]).splitlines()[2]
    assert told == "| first paint | 3 | 2.00 | 2.90 | ms |"
