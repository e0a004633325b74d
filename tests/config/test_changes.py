"""What two configurations differ in, and what of it takes effect without a restart."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.changes import JUDGED, Changes, between, changes
from app.config.models import DeploymentSettings
from app.domain.evaluate import Deployment

CONSUL = "consul: {url: 'http://c:1'}"
BEFORE = f"deployments: [{{id: a, {CONSUL}}}, {{id: b, limits: {{enter: 5s}}}}]"


@pytest.mark.parametrize(
    ("after", "at_once", "after_restart"),
    [
        pytest.param(BEFORE, (), (), id="nothing"),
        pytest.param(
            f"deployments: [{{id: a, {CONSUL}}}, {{id: b, limits: {{enter: 6s}}}}]",
            ("deployments[1].limits.enter",),
            (),
            id="a limit",
        ),
        pytest.param(
            f"deployments: [{{id: a, {CONSUL}}}, {{id: b}}]",
            ("deployments[1].limits.enter",),
            (),
            id="a limit that is gone",
        ),
        pytest.param(
            f"deployments: [{{id: a, {CONSUL}, limits: {{connections: {{17: "
            "{latency_p95_ms: {degraded: 9}}}}}, {id: b, limits: {enter: 5s}}]",
            ("deployments[0].limits.connections",),
            (),
            id="a limit of one connection",
        ),
        pytest.param(
            "server: {port: 1}\nstorage: {records: x.db}\n"
            "deployments: [{id: a, consul: {url: 'http://c:2'}, name: A}, "
            "{id: b, limits: {enter: 5s}, topology: {absent: [iwd]}}]",
            (),
            (
                "server.port",
                "storage.records",
                "deployments[0].name",
                "deployments[0].consul.url",
                "deployments[1].topology.absent",
            ),
            id="what is asked and where it is kept",
        ),
        pytest.param(
            "deployments: [{id: a}, {id: b, limits: {enter: 5s}, "
            "probes: {targets: [{node: redis, url: 'tcp://r:1'}]}}]",
            (),
            ("deployments[0].consul", "deployments[1].probes.targets"),
            id="a section that is gone, a list that grew",
        ),
        pytest.param(
            f"deployments: [{{id: c}}, {{id: b, limits: {{enter: 7s}}}}, "
            f"{{id: a, {CONSUL}}}]",
            ("deployments[1].limits.enter",),
            ("deployments[0] (added: c)", "deployments (their order)"),
            id="one that was added, and others moved",
        ),
        pytest.param(
            "deployments: [{id: b, limits: {enter: 5s}}]",
            (),
            ("deployments (removed: a)",),
            id="one that was removed",
        ),
    ],
)
def test_each_difference_is_named_by_its_place(read, after, at_once, after_restart):
    found = changes(read(BEFORE).settings, read(after).settings)
    assert found.at_once == at_once
    assert sorted(found.after_restart) == sorted(after_restart)


def test_an_item_of_a_list_is_named_by_its_number(read):
    text = "deployments: [{{id: a, scrape: {{rules: [{{node: redis, port: {}}}]}}}}]"
    found = changes(read(text.format(1)).settings, read(text.format(2)).settings)
    assert found == Changes((), ("deployments[0].scrape.rules[0].port",))


def test_the_same_written_otherwise_is_no_change(read):
    one = read("deployments: [{id: a, scrape: {interval: 60s}, limits: {enter: 1}}]")
    other = read("deployments:\n- {limits: {enter: 1}, scrape: {interval: 1m}, id: a}")
    assert changes(one.settings, other.settings) == Changes()


def test_what_is_judged_by_is_all_of_a_deployment_but_whom_it_asks():
    """A field that is added to `Deployment` must be told apart here too."""
    asked = {"id", "topology", "sources", "zones"}
    assert {one.name for one in fields(Deployment)} - asked == set(JUDGED.values())
    assert set(JUDGED) <= set(DeploymentSettings.model_fields)


VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def at(value, path):
    """The value at a place, or one that is equal to nothing."""
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError):
            return object()
    return value


@given(VALUES, VALUES)
def test_values_differ_at_the_places_that_are_named_and_only_there(old, new):
    places = list(between(old, new))
    assert (not places) == (old == new)
    assert len(places) == len(set(places))
    for place in places:
        assert at(old, place) != at(new, place)
