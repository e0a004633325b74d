"""Elasticsearch's answers: the front page, the nodes, and what `filter_path` leaves."""

from __future__ import annotations

import pytest
import requests

from app.simulator.stores_elasticsearch import cluster_health, filtered
from tests.simulator.living import Living

TREE = {
    "nodes": {
        "a": {"http": {"clients": [{"x_time": 1, "y": 2}, {"y": 3}]}, "name": "n"},
        "b": {"http": {"clients": []}, "name": "m"},
    },
    "other": 1,
}


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("other", {"other": 1}),
        ("nodes.*.name", {"nodes": {"a": {"name": "n"}, "b": {"name": "m"}}}),
        ("nodes.*.http.clients.*_time",
         {"nodes": {"a": {"http": {"clients": [{"x_time": 1}]}}}}),
        ("nodes.a.name,other", {"nodes": {"a": {"name": "n"}}, "other": 1}),
        ("nowhere.at.all", None),
    ],
)  # fmt: skip
def test_a_filter_leaves_what_its_paths_lead_to(path: str, left: object) -> None:
    assert filtered(TREE, [one.split(".") for one in path.split(",")]) == left


def test_health_is_yellow_while_a_copy_is_missing() -> None:
    assert cluster_health(3, 3)["status"] == "green"
    one_gone = cluster_health(2, 3)
    assert one_gone["status"] == "yellow"
    assert one_gone["unassigned_shards"] + one_gone["active_shards"] == 20


def test_every_node_tells_of_all(living: Living) -> None:
    url = living.served.elasticsearch
    assert requests.get(url, timeout=30).json()["version"]["number"] == "7.17.3"
    whole = requests.get(f"{url}/_nodes/stats/http", timeout=30).json()
    assert whole["_nodes"] == {"total": 3, "successful": 3, "failed": 0}
    for node in whole["nodes"].values():
        assert node["http"]["current_open"] == len(node["http"]["clients"]) == 6
        assert "thread_pool" not in node
