"""Dash's part: one callback, off the loop's way, that shows what was chosen."""

from __future__ import annotations

import inspect

import pytest

from tests.web.conftest import picture


def body(selected: object) -> dict:
    return {
        "output": "panel.tree",
        "outputs": {"id": "panel", "property": "tree"},
        "inputs": [{"id": "live-map", "property": "selected", "value": selected}],
        "changedPropIds": ["live-map.selected"],
    }


def update(live, selected, page="/map/demo"):
    headers = {"Referer": live.url + page}
    return live.ask(
        "POST", "/_dash-update-component", json=body(selected), headers=headers
    )


def test_every_callback_is_async(live):
    """A plain `def` would run on the event loop and stop every stream."""
    assert live.web.dash.callback_map
    for name, callback in live.web.dash.callback_map.items():
        assert inspect.iscoroutinefunction(callback["callback"]), name


def test_every_id_of_a_callback_is_in_the_layout(live):
    layout = live.get("/_dash-layout").text.replace(" ", "")
    for callback in live.get("/_dash-dependencies").json():
        ends = [end["id"] for end in callback["inputs"] + callback["state"]]
        for name in [*ends, callback["output"].split(".")[0]]:
            assert f'"id":"{name}"' in layout


def test_dash_neither_polls_nor_opens_a_websocket(live):
    page = live.get("/map/demo").text
    assert '"websocket"' not in page
    assert "Interval" not in live.get("/_dash-layout").text
    assert live.get("/_dash-dependencies").json()[0]["websocket"] is False


@pytest.mark.parametrize(
    "selected",
    [{"connection": 17, "version": 1}, {"node": "redis", "version": 1}, None],
)
def test_the_panel_follows_the_choice(selected, live):
    answer = update(live, selected)
    assert answer.status_code == 200
    assert "tree" in answer.json()["response"]["panel"]


@pytest.mark.parametrize("page", ["/map/nope", "/", "/elsewhere/demo"])
def test_a_choice_on_no_page_of_ours_changes_nothing(page, live):
    assert update(live, None, page).status_code == 204


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"output": "nope.children"},
        [],
        7,
        None,
        body(1) | {"inputs": "x"},
        body(1) | {"outputs": None},
    ],
)
def test_a_request_that_no_page_sends_is_refused_and_breaks_nothing(sent, live):
    answer = live.ask("POST", "/_dash-update-component", json=sent)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"
    assert live.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "selected",
    [
        7,
        "x",
        [],
        {"connection": "x"},
        {"connection": 99},
        {"node": 5},
        {"node": "nope"},
    ],
)
def test_a_choice_that_names_nothing_breaks_nothing(selected, live):
    assert update(live, selected).status_code in (200, 204, 400)
    assert live.get("/healthz").status_code == 200


def test_a_panel_that_could_not_be_made_says_so(empty):
    """A picture that is not what it must be stands for any bug of ours."""
    broken = picture("east")
    broken["connections"][16].pop("metrics")
    empty.bus.publish(broken, None)
    answer = update(empty, {"connection": 17, "asked": 3}, "/map/east")
    assert answer.status_code == 200
    told = answer.json()["response"]["panel"]["tree"]["props"]
    assert "could not make these details" in told["data-trouble"]
    assert empty.get("/healthz").status_code == 200
