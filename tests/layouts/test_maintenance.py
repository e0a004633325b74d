"""The panel leads into maintenance, and out of what was set here; the form asks for it."""

import re

from layouts import maintenance
from layouts.panel import panel
from tests.layouts.test_pages import Reader
from tests.layouts.test_panel import properties, texts

WINDOW = {
    "id": "w-1", "from": "2026-11-24T10:00:00.000Z", "to": "2026-11-24T12:00:00.000Z",
    "nodes": [], "connections": [17], "why": "new switch", "by": "jane",
    "origin": "page", "ended_at": None, "ended_by": None,
}  # fmt: skip


def ways(topology, snapshot, now, chosen, *windows):
    """What can be begun and ended from the panel."""
    tree = panel(topology, snapshot | {"maintenance": list(windows)}, chosen, now)
    return properties(tree, "data-maintain"), properties(tree, "data-maintain-end")


def test_every_connection_and_box_offers_to_begin(topology, mixed, now):
    assert ways(topology, mixed, now, {"connection": 17}) == (["17"], [])
    assert ways(topology, mixed, now, {"node": "redis"}) == (["redis"], [])
    assert ways(topology, mixed, now, None) == ([], [])


def test_what_was_set_here_can_be_ended_where_it_is_seen(topology, mixed, now):
    redis = WINDOW | {"id": "w-2", "nodes": ["redis"], "connections": []}
    whole = WINDOW | {"id": "w-3", "connections": []}
    config = WINDOW | {"id": "configuration-1", "origin": "configuration"}
    every = (WINDOW, redis, whole, config)
    for chosen, found in (
        ({"connection": 17}, ["w-1", "w-3"]),
        ({"connection": 12}, ["w-2", "w-3"]),
        ({"node": "redis"}, ["w-2", "w-3"]),
        ({"node": "voice"}, ["w-3"]),
    ):
        assert ways(topology, mixed, now, chosen, *every)[1] == found


def said(snapshot, **changed):
    window = WINDOW | changed
    return texts(maintenance.part("17", snapshot | {"maintenance": [window]}))


def test_who_ends_one_is_told_what_ends(mixed):
    assert said(mixed)[1:] == ["End maintenance", "until 2026-11-24 12:00 UTC by jane"]
    assert said(mixed, nodes=["redis"])[1] == (
        "End maintenance, of all 2 that it is over"
    )
    assert said(mixed, connections=[])[1] == "End maintenance, of the whole deployment"


def test_the_form_has_names_and_asks_for_what_is_required():
    text = maintenance.form()
    fields = [f for name, f in Reader(text).elements if name == "input"]
    assert [f["name"] for f in fields if "required" in f] == ["why", "by"]
    assert [f["value"] for f in fields if "checked" in f] == ["1h"]
    assert [f["value"] for f in fields if f["type"] == "radio"] == [
        "30m",
        "1h",
        "4h",
        "until",
    ]
    assert text.count("<label>") == len(fields)
    assert re.search('aria-labelledby="(.*?)"', text)[1] in text
    assert "Nobody signs in here" in text
