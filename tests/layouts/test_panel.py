"""The panel's four faces: full, empty, failing, old."""

from app.domain.hour import Point
from layouts.panel import panel
from layouts.strings import METRICS, WITNESSES


def texts(tree):
    """All the text in a component tree, in reading order."""
    if tree is None or isinstance(tree, str | int):
        return [str(tree)] if tree not in (None, "") else []
    if isinstance(tree, list | tuple):
        return [text for branch in tree for text in texts(branch)]
    return texts(getattr(tree, "children", None))


def read(*arguments):
    return "\n".join(texts(panel(*arguments)))


def properties(tree, name):
    """Every value of one property in the tree."""
    if isinstance(tree, list | tuple):
        return [value for branch in tree for value in properties(branch, name)]
    if not hasattr(tree, "to_plotly_json"):
        return []
    own = tree.to_plotly_json()["props"]
    mine = [own[name]] if name in own else []
    return mine + properties(own.get("children"), name)


def test_full_says_status_reasons_witnesses_numbers_pods_and_the_note(
    topology, mixed, now
):
    said = read(topology, mixed, {"connection": 12}, now)
    for words in (
        "12  GWS Data Collector Service to Redis", "failing\n \nfor 5 min\n: 3 of 3 probes timed out",
        "since 10:37:06 UTC", "Probe from here, ", "4 s ago",
        "witnesses disagree", "Concluded", "3 of 3 endpoints ready", "Saturation", "31 %",
        "CrashLoopBackOff: back-off 5m0s restarting failed container", "4 restarts",
        "on node-a", "Last exit: OOMKilled (137)", "BackOff, ", "TCP", "6379",
        "intra-cluster", "Session data cache.",
    ):  # fmt: skip
        assert words in said


def test_reasons_come_before_everything_but_the_verdict(topology, mixed, now):
    said = read(topology, mixed, {"connection": 12}, now)
    order = [
        "3 of 3 probes timed out",
        "Further reasons",
        "Witnesses",
        "Live numbers",
        "Pods",
        "From the vendor's table",
    ]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_every_witness_is_named_also_those_that_never_spoke(topology, mixed, now):
    said = read(topology, mixed, {"connection": 12}, now)
    assert all(name in said for name in WITNESSES.values())
    assert "nothing said about this: Consul, Traffic, Store's own view, Alerts." in said


def test_every_number_stands_there_with_a_dash_where_nobody_measures(
    topology, mixed, now
):
    said = texts(panel(topology, mixed, {"connection": 12}, now))
    labels = [label for label, _ in METRICS.values()]
    values = {said[i]: said[i + 1] for i in range(len(said) - 1) if said[i] in labels}
    assert set(values) == set(labels)
    assert values["Latency, p50"] == "–"
    assert values["Open connections"] == "12"


def test_an_empty_cell_of_the_vendors_table_stays_empty(topology, well, now):
    said = texts(panel(topology, well, {"connection": 4}, now))
    note = said[said.index("From the vendor's table") :]
    for name in ("Protocol", "Port", "What travels"):
        assert note[note.index(name) + 1] == "empty in the vendor's table"


def test_markup_of_the_vendors_page_is_not_shown(topology, well, now):
    said = read(topology, well, {"connection": 2}, now)
    assert "gwsServices.service.port" in said
    assert "<code>" not in said


def test_empty_says_that_nobody_ever_spoke(topology, empty, now):
    tree = panel(topology, empty, {"connection": 12}, now)
    said = texts(tree)
    assert said[said.index("no data") + 1] == ": no witness has ever said anything"
    labels = [label for label, _ in METRICS.values()]
    assert [said[said.index(label) + 1] for label in labels] == ["–"] * len(METRICS)
    assert "No measurement: enable traffic telemetry (see docs/telemetry.md)." in said


def test_failing_box_shows_pods_events_and_its_connections(topology, mixed, now):
    tree = panel(topology, mixed, {"node": "redis"}, now)
    said = "\n".join(texts(tree))
    assert "no pod is ready" in said
    assert "infra-redis-redis-cluster-7c9d8f-0" in said
    assert properties(tree, "data-goto") == ["12", "18", "24", "25"]


def test_old_says_how_old_and_who_is_blind(topology, mixed, now):
    said = read(topology, mixed, {"connection": 9}, now)
    assert ": its facts are too old, Consul can't be heard" in said
    assert "The last fact is from \n4 min ago\n." in said


def test_a_broken_configuration_explains_no_old_fact(topology, mixed, now):
    broken = mixed["sources"][0] | {"name": "config", "status": "failing"}
    snapshot = mixed | {"sources": [*mixed["sources"], broken]}
    said = read(topology, snapshot, {"connection": 9}, now)
    assert ", Consul can't be heard" in said


def test_ages_can_go_on_counting(topology, mixed, now):
    tree = panel(topology, mixed, {"connection": 12}, now)
    assert "2026-11-24T10:42:26.000Z" in properties(tree, "data-observed-at")
    assert properties(tree, "data-since") == ["2026-11-24T10:37:06.000Z"]


def test_flapping_is_said(topology, mixed, now):
    assert "flapping: 6 changes in 10 min" in read(
        topology, mixed, {"connection": 17}, now
    )


def test_nothing_chosen_leaves_the_panel_empty(topology, mixed, now):
    assert read(topology, mixed, None, now) == read(topology, mixed, {}, now) == ""


def test_a_choice_of_what_is_not_there_is_told(topology, mixed, now):
    for choice in ({"connection": 99}, {"node": "nobody"}):
        assert "no such connection or component" in read(topology, mixed, choice, now)


def test_everything_can_be_chosen(topology, mixed, empty, now):
    choices = [{"connection": c.number} for c in topology.connections]
    choices += [{"node": box.id} for box in topology.boxes]
    for choice in choices:
        assert "Witnesses" in read(topology, mixed, choice, now)
        assert "Witnesses" in read(topology, empty, choice, now)


def test_a_witness_without_data_has_said_nothing(topology, mixed, now):
    mixed["connections"][11]["witnesses"]["traffic"] = "no_data"
    mixed["connections"][11]["heard"]["traffic"] = {"at": None, "text": ""}
    said = read(topology, mixed, {"connection": 12}, now)
    assert "nothing said about this: Consul, Traffic, Store's own view, Alerts." in said


def test_notes_about_it_have_a_place(topology, mixed, now):
    for choice, name in (({"connection": 12}, "12"), ({"node": "redis"}, "redis")):
        tree = panel(topology, mixed, choice, now)
        assert properties(tree, "data-notes-for") == [name]


def test_charts_are_opened_by_a_button_and_by_every_line(topology, mixed, now):
    hour = {"request_rate": [Point(int(now.timestamp()) // 15 * 15, 5.0)]}
    tree = panel(topology, mixed, {"connection": 12}, now, lambda number: hour)
    assert properties(tree, "data-charts") == ["all", "request_rate"]
    assert "Open the charts. Requests: 5/s within 15 s; last 5/s" in properties(
        tree, "aria-label"
    )


def test_one_heading_follows_the_other(topology, mixed, now):
    """A screen reader walks by them: one for the subject, then its parts."""
    tree = panel(topology, mixed, {"connection": 12}, now)
    assert kinds(tree).count("H2") == 1
    assert kinds(tree)[0] == "H2"


def kinds(tree):
    """The headings, in reading order."""
    if isinstance(tree, list | tuple):
        return [kind for branch in tree for kind in kinds(branch)]
    if not hasattr(tree, "to_plotly_json"):
        return []
    own = [tree._type] if tree._type in ("H2", "H3", "H4") else []
    return own + kinds(getattr(tree, "children", None))
