"""Consul's answers, recorded and made up, as facts."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import CheckFact, RegistrationFact
from collectors.consul_read import (
    OUTPUT_KEPT,
    read_autopilot,
    read_catalog,
    read_checks,
    read_leader,
    read_peers,
)
from collectors.errors import CollectorError, SourceEmpty, SourceMisread
from tests.collectors.consul_watching import LOCATOR
from tests.collectors.scripted_consul import check

RECORDED = Path(__file__).parent.parent / "recorded" / "consul-1.8"
READERS = (
    lambda body: read_checks(body, LOCATOR),
    lambda body: read_catalog(body, LOCATOR),
    read_leader,
    read_peers,
    read_autopilot,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
)
NAMES = st.sampled_from(["gws-app-workspace", "redis", "somebody-else", "", None])
ROWS = st.fixed_dictionaries(
    {
        "Node": st.sampled_from(["node-a", "node-b"]),
        "CheckID": st.sampled_from(
            ["c1", "c2", "serfHealth", "_node_maintenance", "_service_maintenance:w1"]
        ),
        "Status": st.sampled_from(["passing", "warning", "critical"]),
        "ServiceName": NAMES,
        "ServiceID": st.sampled_from(["w1", "w2", "", None]),
        "Output": st.text(max_size=5) | st.none(),
    }
)


def body(name):
    """The body of a recorded answer."""
    return (RECORDED / name).read_bytes().partition(b"\r\n\r\n")[2]


def checks(*rows):
    return read_checks(orjson.dumps(rows), LOCATOR)


def test_recorded_checks():
    facts = read_checks(body("health-state-any.http"), LOCATOR)
    assert facts[0] == CheckFact(
        node="provisioning",
        service="gws-app-provisioning",
        instance="gws-app-provisioning-10.1.0.41",
        consul_node="node-a",
        check="gws-app-provisioning-10.1.0.41-ttl",
        status="passing",
    )
    assert {fact.node for fact in facts} == {
        "configuration",
        "provisioning",
        "voice",
        "workspace",
    }


def test_a_recorded_failing_check_has_its_output():
    (fact,) = read_checks(body("health-state-critical.http"), LOCATOR)
    assert fact.status == "critical"
    assert fact.output.endswith("48051/health: connection refused")


def test_recorded_catalog():
    facts = read_catalog(body("catalog-services.http"), LOCATOR)
    assert facts[0] == RegistrationFact("consul", "consul")
    assert facts[1] == RegistrationFact(
        "provisioning", "gws-app-provisioning", ("blue", "v9.0.001")
    )
    assert len(facts) == 9


def test_recorded_leader_peers_and_autopilot():
    assert read_leader(body("status-leader.http")) == "127.0.0.1:18511"
    assert read_peers(body("status-peers.http")) == 1
    assert read_autopilot(body("autopilot-health.http")) == (True, 0)


def test_the_recorded_answer_of_a_default_deny_acl_is_blindness():
    with pytest.raises(SourceEmpty, match="node:read or service:read"):
        read_checks(body("acl-no-token-state.http"), LOCATOR)


def test_a_node_that_is_gone_takes_every_instance_on_it_along():
    facts = checks(
        check("w1"),
        check("w2", Node="node-b"),
        check("serfHealth", "critical", ServiceID="", ServiceName="", Output="dead"),
    )
    assert {(fact.check, fact.status) for fact in facts} == {
        ("w1", "passing"),
        ("serfHealth/w1", "critical"),
        ("w2", "passing"),
    }
    assert {fact.instance for fact in facts if fact.status == "critical"} == {"w1"}


def test_a_node_that_is_well_adds_nothing():
    serf = check("serfHealth", ServiceID="", ServiceName="")
    assert [fact.check for fact in checks(serf, check("w1"))] == ["w1"]


@pytest.mark.parametrize(
    "row",
    [
        check("_node_maintenance", "critical", ServiceID="", ServiceName=""),
        check("_service_maintenance:w1", "critical", ServiceID="w1"),
    ],
)
def test_maintenance_is_not_critical(row):
    facts = checks(check("w1"), row)
    assert [fact.status for fact in facts] == ["passing", "maintenance"]
    assert {fact.instance for fact in facts} == {"w1"}


def test_a_service_of_nobody_on_the_picture_is_left_out():
    assert checks(check(ServiceName="somebody-else")) == ()


def test_a_colour_behind_the_name_is_no_obstacle():
    (fact,) = checks(check(ServiceName="gws-app-workspace-green"))
    assert (fact.node, fact.service) == ("workspace", "gws-app-workspace-green")


def test_a_long_output_is_cut():
    (fact,) = checks(check(Output="x" * 4096))
    assert len(fact.output) == OUTPUT_KEPT


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([check(Status="splendid")], "check 1 of the list has the status 'splendid'"),
        ([check(), {"Node": "a"}], "check 2 of the list has no CheckID"),
        ([check(Node=7)], "check 1 of the list has no Node"),
        ([check(Output=["a"])], "check 1 of the list has no Output"),
        (["w1"], "check 1 of the list is not an object"),
        ({"w1": "passing"}, "the list of checks is not a list"),
    ],
)
def test_a_list_of_another_shape_is_misread_as_a_whole(rows, wanted):
    with pytest.raises(SourceMisread, match=wanted):
        read_checks(orjson.dumps(rows), LOCATOR)


@pytest.mark.parametrize("tags", [{"blue": 1}, [1], "blue"])
def test_tags_of_another_shape_are_misread(tags):
    with pytest.raises(SourceMisread, match="the tags of redis"):
        read_catalog(orjson.dumps({"redis": tags}), LOCATOR)


def test_null_where_go_has_an_empty_list():
    with pytest.raises(SourceEmpty):
        read_checks(b"null", LOCATOR)
    (fact,) = read_catalog(b'{"redis": null}', LOCATOR)
    assert fact.tags == ()


@given(st.binary(max_size=60) | JSON.map(orjson.dumps))
def test_any_answer_is_read_or_refused_in_our_words(answer):
    for read in READERS:
        try:
            read(answer)
        except CollectorError as exc:
            assert str(exc)


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_facts_are_of_our_services_and_each_has_its_own_key(rows):
    facts = read_checks(orjson.dumps(rows), LOCATOR)
    assert len({fact.key for fact in facts}) == len(facts)
    assert {fact.service for fact in facts} <= {"gws-app-workspace", "redis"}
    assert {fact.consul_node for fact in facts} <= {row["Node"] for row in rows}


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_an_instance_is_never_better_than_its_node(rows):
    facts = read_checks(orjson.dumps(rows), LOCATOR)
    ailing = {
        row["Node"]
        for row in rows
        if not row["ServiceName"] and row["Status"] != "passing"
    }
    by_instance = {}
    for fact in facts:
        key = (fact.consul_node, fact.instance)
        by_instance.setdefault(key, set()).add(fact.status)
    for (node, _), found in by_instance.items():
        assert node not in ailing or found - {"passing"}
