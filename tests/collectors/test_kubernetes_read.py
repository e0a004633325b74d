"""The readers on what an API server 1.36 really sent."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.locate import locator
from app.domain.topology import standard
from collectors.errors import SourceMisread
from collectors.kubernetes_lines import Change, read_line
from collectors.kubernetes_read import name_of, read_object
from collectors.kubernetes_resources import RESOURCES

RECORDED = Path(__file__).parents[1] / "recorded" / "kubernetes-1.36"
LOCATOR = locator(standard())
KINDS = [resource.kind for resource in RESOURCES]


def listed(name):
    page = json.loads((RECORDED / f"list-{name}.json").read_bytes())
    kind = page["kind"].removesuffix("List")
    return [read_object(kind, obj, LOCATOR) for obj in page["items"]]


def watched(name):
    lines = (RECORDED / f"watch-{name}.ndjson").read_bytes().splitlines()
    changes = [read_line(line) for line in lines]
    return [
        (change, read_object(obj["kind"], obj, LOCATOR))
        for change, obj in changes
        if change is not Change.BOOKMARK
    ]


def test_every_recorded_pod_belongs_to_its_box():
    pods = listed("gws-pods")
    assert len(pods) == 25
    assert Counter(pod.node for pod in pods)["workspace"] == 3
    assert Counter(pod.node for pod in pods)["platform-services"] == 4
    assert all(pod.ready and pod.restarts == 0 and pod.ip for pod in pods)


def test_a_recorded_pod_says_where_to_scrape_and_to_ask_it():
    pod = next(pod for pod in listed("gws-pods") if pod.node == "workspace")
    assert (pod.scrape.port, pod.scrape.path) == (48051, "/prometheus")
    assert (pod.health.port, pod.health.path) == (48051, "/health")
    assert [(port.name, port.number) for port in pod.ports] == [
        ("http", 48050),
        ("management", 48051),
    ]
    assert pod.image == "registry.example/gws-app-workspace:9.0.001"
    assert pod.host in ("n1", "n2")


def test_a_recorded_crash_shows_its_reason_and_its_restarts():
    crashed = [f for _, f in watched("gws-pods") if f.waiting_reason]
    assert {(f.node, f.waiting_reason, f.restarts) for f in crashed} == {
        ("workspace", "CrashLoopBackOff", 5)
    }


def test_a_recorded_rolling_update_is_seen_from_its_first_change_to_its_last():
    states = [
        f.rolling for _, f in watched("gws-deployments") if f.node == "statistics"
    ]
    assert states == [True] * 9 + [False] * 2


def test_a_recorded_scaling_to_zero_is_wanted():
    facts = [f for _, f in watched("gws-deployments") if f.node == "gplus-adapter"]
    assert (facts[-1].desired, facts[-1].ready, facts[-1].rolling) == (0, 0, False)


def test_recorded_statefulsets_are_at_rest():
    found = {f.node: f for f in listed("infra-statefulsets") if f}
    assert {"consul", "redis", "postgresql"} <= set(found)
    assert not any(f.rolling or f.stuck for f in found.values())
    assert (found["redis"].desired, found["redis"].ready) == (3, 3)


def test_recorded_replicasets_tell_their_revision():
    assert {(f.revision, f.desired == f.ready) for f in listed("gws-replicasets")} == {
        (1, True)
    }


def test_recorded_services_and_endpoints_stand_before_the_same_boxes():
    services = {f.node for f in listed("gws-services")}
    assert services == {f.node for f in listed("gws-endpointslices")}
    ports = {port.number for f in listed("gws-services") for port in f.ports}
    assert ports <= {80, 81}


def test_recorded_endpoints_follow_a_pod_that_is_not_ready():
    counts = [(f.ready, f.total) for _, f in watched("gws-endpointslices")]
    assert (1, 2) in counts
    assert counts[-1] == (0, 0)


def test_recorded_events_are_about_boxes():
    events = [f for _, f in watched("gws-events")]
    assert {event.node for event in events} == {
        "workspace",
        "setting",
        "statistics",
        "gplus-adapter",
    }
    assert "BackOff" in {event.reason for event in events}
    assert all(event.last_seen.year == 2026 for event in events)


PRINTED = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PRINTED,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(PRINTED, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(KINDS), JSON)
def test_no_json_at_all_breaks_a_reader(kind, obj):
    _read(kind, obj)


def _paths(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) else pairs
    for key, inner in pairs:
        yield from _paths(inner, (*path, key))


def _with(value, path, new):
    if not path:
        return new
    head, *rest = path
    if isinstance(value, list):
        return [_with(v, rest, new) if i == head else v for i, v in enumerate(value)]
    return value | {head: _with(value[head], rest, new)}


def _one_of_each():
    for name in ("pods", "deployments", "replicasets", "services", "endpointslices"):
        page = json.loads((RECORDED / f"list-gws-{name}.json").read_bytes())
        yield page["kind"].removesuffix("List"), page["items"][0]
    page = json.loads((RECORDED / "list-infra-statefulsets.json").read_bytes())
    yield "StatefulSet", page["items"][0]
    line = (RECORDED / "watch-gws-events.ndjson").read_bytes().splitlines()[0]
    yield "Event", json.loads(line)["object"]


SAMPLES = [(kind, obj, list(_paths(obj))) for kind, obj in _one_of_each()]


@given(st.data(), st.sampled_from(SAMPLES), JSON)
def test_no_change_of_a_real_object_breaks_a_reader(data, sample, new):
    kind, obj, paths = sample
    _read(kind, _with(obj, data.draw(st.sampled_from(paths)), new))


def _read(kind, obj):
    """A fact, nothing, or a misreading; a fact can always be kept by its key."""
    try:
        fact = read_object(kind, obj, LOCATOR)
        assert fact is None or hash(fact.key)
        assert fact is None or fact.name == name_of(obj)
    except SourceMisread as exc:
        assert str(exc)


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_of_no_shape_is_misread_and_not_guessed(kind):
    with pytest.raises(SourceMisread, match="not an object"):
        read_object(kind, [], LOCATOR)
