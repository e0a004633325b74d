"""The figures of load come from what was counted, and the farm grows true replicas."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.apart import Beside
from benchmarks.harvest import Crop
from benchmarks.hundred import Start, _buckets
from benchmarks.load import Load
from benchmarks.replicas import Spread
from benchmarks.report_load import (
    apart_table,
    large_table,
    load_table,
    replicas_table,
)
from benchmarks.viewers import Crowd
from tests.benchmarks.test_report import rows

UPSTREAM = {"kubernetes": 1.0, "consul": 80.0}


def test_percentiles_of_a_crowd_are_those_of_all_its_deltas() -> None:
    delays = {10: 900, 20: 90, 300: 10}
    told = rows(load_table([Load(1000, 60.0, 5, delays, 0.1, 200.0, UPSTREAM)]))
    assert told == [
        ["1000", "60", "5", "10", "20", "20", "300", "10.0%", "200", "1.0", "80.0"]
    ]
    assert Load(1, 1.0, 0, {}, 0, 0, UPSTREAM).delay_ms(0.5) is None


def test_a_change_that_never_came_is_not_hidden() -> None:
    told = rows(
        apart_table([Beside(None, [1.0, 3.0], 0.1), Beside("lies", [None], 0.2)])
    )
    assert told[0] == ["none: all are good", "2 of 2", "2", "3", "3", "3", "10.0%"]
    assert told[1] == ["lies", "0 of 1", "–", "–", "–", "–", "20.0%"]


def test_starts_are_told_beside_the_usual_one() -> None:
    told = rows(large_table([Start(100, (1.0, 2.0)), Start(2000, (2.5,))]))
    assert [row[0] for row in told] == ["100", "2000"]
    assert told[1][2:] == ["2.50", "2.50", "2.50"]


def test_histograms_of_all_deployments_are_added_up() -> None:
    name = "gws_observatory_fault_to_push_seconds"
    text = f"# TYPE {name} histogram\n" + "".join(
        f'{name}_bucket{{deployment="{one}",le="{le}"}} {count}\n'
        for one in ("a", "b")
        for le, count in (("0.1", 3), ("+Inf", 4))
    )
    assert dict(_buckets(text)) == {0.1: 6.0, float("inf"): 8.0}


def an_owner(name: str, uid: str, owner: str | None = None) -> dict:
    meta: dict = {"name": name, "uid": uid}
    if owner:
        meta["ownerReferences"] = [{"uid": owner}]
    return {
        "metadata": meta,
        "spec": {"replicas": 1},
        "status": {"replicas": 1, "readyReplicas": 1, "unavailableReplicas": 0},
    }


def test_a_grown_crop_has_more_replicas_that_are_all_well() -> None:
    pod = {
        "metadata": {"name": "a-1-x", "uid": "p", "ownerReferences": [{"uid": "r"}]},
        "status": {"podIP": "10.0.0.1"},
    }
    crop = Crop(
        {
            "/ns/deployments": {"items": [an_owner("a", "d")]},
            "/ns/replicasets": {"items": [an_owner("a-1", "r", "d")]},
            "/ns/pods": {"items": [pod]},
        },
        {},
        {},
    )
    grown = crop.grown(5)
    assert (crop.pods(), grown.pods()) == (1, 5)
    (deployment,) = grown.lists["/ns/deployments"]["items"]
    assert deployment["spec"]["replicas"] == 5
    assert deployment["status"]["readyReplicas"] == 5
    assert deployment["status"]["unavailableReplicas"] == 0
    names = Counter(p["metadata"]["uid"] for p in grown.lists["/ns/pods"]["items"])
    assert max(names.values()) == 1
    assert grown.grown(3).pods() == 5


def test_each_replica_has_its_own_figure() -> None:
    spread = Spread(
        1000, 60.0, 5, {4: 990, 9: 10}, [(0.1, 200.0), (0.2, 210.0)], (0.05, 240.0)
    )
    (told,) = rows(replicas_table([spread]))
    assert told == [
        "2", "1000", "60", "5", "4", "4", "4", "9",
        "10.0%, 20.0%", "200, 210", "5.0%", "240",
    ]  # fmt: skip


class Stream:
    """What a viewer reads from."""


@pytest.mark.parametrize("cut", [1, 20, 60, 200])
def test_a_delta_is_timed_once_it_is_whole(cut: int) -> None:
    crowd, stream = Crowd(["http://x/"]), Stream()
    told = (
        b'event: delta\nid: a-1\ndata: {"version":1,"at":"2026-11-24T10:00:00.000Z"}\n\n'
        b": still here\n\n"
        b'event: delta\nid: a-2\ndata: {"version":2,"at":"2026-11-24T10:00:01.000Z"}\n\n'
    )
    for start in range(0, len(told), cut):
        crowd._count(stream, told[start : start + cut])
    assert crowd.tally.deltas == 2
    assert sum(crowd.tally.delays_ms.values()) == 2
    assert crowd.rests == {}
