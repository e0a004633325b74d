"""The picture, painted with a snapshot: read as a drawing and as text."""

import re
from xml.etree import ElementTree

import pytest

from app.domain.status import Status
from layouts.geometry import CHIPS, ROUTES
from layouts.picture import chip_count, draw
from layouts.strings import WORDS

TOPOLOGY_SIZE = (31, 23)


def drawn(topology, snapshot, now):
    return ElementTree.fromstring(draw(topology, snapshot, now))


def with_attribute(tree, name):
    return {el.get(name): el for el in tree.iter() if el.get(name) is not None}


def part(element, name):
    return next(el for el in element.iter() if el.get("data-part") == name)


def text(element, name):
    return part(element, name).text or ""


def test_everything_is_one_element_with_status_and_label(topology, mixed, now):
    tree = drawn(topology, mixed, now)
    connections = with_attribute(tree, "data-connection")
    nodes = with_attribute(tree, "data-node")
    assert (len(connections), len(nodes)) == TOPOLOGY_SIZE
    assert {el.get("data-status") for el in connections.values()} == set(Status)
    assert all(
        el.get("aria-label") and el.get("role") == "button"
        for el in [*connections.values(), *nodes.values()]
    )


def test_a_label_says_number_ends_status_since_first_reason_and_disagreement(
    topology, mixed, now
):
    failing = with_attribute(drawn(topology, mixed, now), "data-connection")["12"]
    assert failing.get("aria-label") == (
        "12, GWS Data Collector Service to Redis: failing since 10:37:06 UTC, "
        "connect timed out, 3 of 3; witnesses disagree"
    )


def test_each_status_has_its_own_sign(topology, mixed, now):
    tree = drawn(topology, mixed, now)
    for element in with_attribute(tree, "data-connection").values():
        assert (
            part(element, "sign").get("href")
            == f"#gws-sign-{element.get('data-status')}"
        )


def test_there_is_one_tab_stop(topology, mixed, now):
    stops = [
        el for el in drawn(topology, mixed, now).iter() if el.get("tabindex") == "0"
    ]
    assert [el.get("data-connection") for el in stops] == ["1"]


def test_nothing_known_is_drawn_as_no_data_and_never_as_zero(topology, empty, now):
    tree = drawn(topology, empty, now)
    connections = with_attribute(tree, "data-connection").values()
    assert {el.get("data-status") for el in connections} == {"no_data"}
    assert {text(el, "value") for el in connections} == {"–"}
    nodes = with_attribute(tree, "data-node")
    assert text(nodes["redis"], "ready") == "– pods"
    assert text(nodes["clients"], "ready") == WORDS[Status.NO_DATA]


def test_an_old_value_is_shown_by_its_age(topology, mixed, now):
    stale = with_attribute(drawn(topology, mixed, now), "data-connection")["9"]
    assert text(stale, "value") == "4m old"


def test_flapping_is_counted(topology, mixed, now):
    connections = with_attribute(drawn(topology, mixed, now), "data-connection")
    assert text(connections["17"], "flap") == "×6"
    assert text(connections["12"], "flap") == ""


def witnesses(element):
    """The marks of the witnesses by initial; empty while none is shown."""
    row = part(element, "witnesses")
    if row.get("hidden") is not None:
        return {}
    return {
        cell.find("text").text: cell.get("data-status")
        for cell in row
        if cell.get("data-status") != "none"
    }


def test_witnesses_are_marked_while_one_is_bad_or_old_and_only_then(
    topology, mixed, now
):
    mixed["connections"][8]["witnesses"] |= {"consul": "stale", "traffic": "no_data"}
    connections = with_attribute(drawn(topology, mixed, now), "data-connection")
    assert witnesses(connections["12"]) == {"K": "ok", "P": "failing"}
    assert witnesses(connections["13"]) == {"K": "ok", "P": "degraded"}
    assert witnesses(connections["9"]) == {
        "K": "ok", "C": "stale", "T": "silent", "P": "ok",
    }  # fmt: skip
    assert witnesses(connections["1"]) == witnesses(connections["7"]) == {}


def test_marks_stand_in_one_row_and_in_two_under_a_stacked_badge(topology, mixed, now):
    for name in ("consul", "traffic", "probe"):
        mixed["connections"][2]["witnesses"][name] = "stale"
    connections = with_attribute(drawn(topology, mixed, now), "data-connection")
    spots = {
        number: [
            cell.get("transform")
            for cell in part(connections[number], "witnesses")
            if cell.get("data-status") != "none"
        ]
        for number in ("12", "3")
    }
    assert spots["12"] == ["translate(-18 15)", "translate(0 15)"]
    assert spots["3"] == [
        "translate(-18 33)", "translate(0 33)", "translate(-18 51)", "translate(0 51)",
    ]  # fmt: skip


def test_disagreement_is_signed_at_badge_and_box(topology, mixed, now):
    next(n for n in mixed["nodes"] if n["id"] == "redis")["witnesses"] |= {
        "kubernetes": "ok", "consul": "failing", "alerts": "failing",
    }  # fmt: skip
    tree = drawn(topology, mixed, now)
    subjects = with_attribute(tree, "data-connection")
    subjects |= with_attribute(tree, "data-node")
    signed = {
        name
        for name, element in subjects.items()
        if part(element, "differ").get("hidden") is None
    }
    assert signed == {"8", "12", "18", "24", "25", "redis"}
    redis = subjects["redis"].get("aria-label")
    assert redis.endswith("no pod is ready; witnesses disagree")


def test_an_alert_contradicts_nobody(topology, well, now):
    well["connections"][0]["witnesses"]["alerts"] = "failing"
    first = with_attribute(drawn(topology, well, now), "data-connection")["1"]
    assert part(first, "differ").get("hidden") is not None
    assert "disagree" not in first.get("aria-label")


def test_a_box_says_restarts_that_matter_version_memory_and_clients(
    topology, mixed, now
):
    by_id = {node["id"]: node for node in mixed["nodes"]}
    by_id["redis"] |= {"memory": 2**28, "memory_limit": 2**30, "version": "6.2.7"}
    by_id["elasticsearch"] |= {"clients": 18, "version": "7.17.3"}
    by_id["voice"] |= {"restarts": 3, "version": "9.0.1"}
    nodes = with_attribute(drawn(topology, mixed, now), "data-node")
    assert text(nodes["redis"], "details") == "4 restarts · 0.3/1 GiB · 6.2.7"
    assert text(nodes["elasticsearch"], "details") == "18 clients · 7.17.3"
    assert text(nodes["voice"], "details") == "9.0.1"
    assert text(nodes["tenant"], "details") == ""


def test_what_is_not_installed_says_so(topology, mixed, now):
    nodes = with_attribute(drawn(topology, mixed, now), "data-node")
    assert text(nodes["iwd"], "ready") == "not installed"


def test_ready_and_desired_pods_stand_in_the_box(topology, mixed, now):
    nodes = with_attribute(drawn(topology, mixed, now), "data-node")
    assert text(nodes["redis"], "ready") == "0/2 ready"


def test_the_group_shows_its_own_workloads_as_chips(topology, mixed, now):
    chips = with_attribute(drawn(topology, mixed, now), "data-workload")
    assert set(chips) == set(CHIPS)
    assert text(chips["gws-platform-ocs"], "chip-count") == "2/2"
    assert text(chips["gws-platform-ucs"], "chip-count") == "1/2"
    assert chips["gws-platform-ucs"].get("data-health") == "partly"


@pytest.mark.parametrize(
    ("ready", "expected"),
    [((), ("–", "unknown")), ((True, True), ("2/2", "well")),
     ((True, False), ("1/2", "partly")), ((False,), ("0/1", "down"))],
)  # fmt: skip
def test_a_chip_counts_ready_pods(ready, expected):
    pods = [{"workload": "gws-platform-ocs-blue", "ready": one} for one in ready]
    assert chip_count(pods, "gws-platform-ocs") == expected


def test_what_the_cluster_says_can_not_become_markup(topology, mixed, now):
    mixed["connections"][11]["reasons"][0]["text"] = (
        '</title><script>alert("1")</script>'
    )
    assert "<script" not in draw(topology, mixed, now)


def test_no_colour_and_no_style_is_in_the_drawing(topology, mixed, now):
    assert not re.search(
        r'style=|fill="|stroke="|#[0-9a-f]{6}', draw(topology, mixed, now)
    )


def test_lines_end_at_their_arrows(topology, mixed, now):
    connections = with_attribute(drawn(topology, mixed, now), "data-connection")
    for number, route in ROUTES.items():
        arrow = next(
            el for el in connections[str(number)] if el.get("class") == "arrow"
        )
        x, y = route.points[-1]
        assert arrow.get("d").startswith(f"M{x} {y}L")
