"""The simulated API server's answers, field by field against those of a real 1.36.

`tests/recorded/kubernetes-1.36` holds them. Compared are the fields there are, their
types and the form of their texts, and in watches also which fields a change touches.
"""

from __future__ import annotations

import pytest

from app.simulator.cluster_store import (
    DEPLOYMENTS,
    EVENTS,
    PODS,
    REPLICASETS,
    SERVICES,
    SLICES,
    STATEFULSETS,
    Change,
    Resource,
)
from app.simulator.kubernetes_discovery import VERSION
from app.simulator.kubernetes_errors import Attempt, forbidden, not_found, unauthorized
from app.simulator.kubernetes_list import ListRequest, listing, typed
from app.simulator.kubernetes_watch import EMPTY
from tests.simulator.cluster_at import Still
from tests.simulator.recorded_shapes import (
    changed,
    recorded,
    recorded_lines,
    shape,
)

LISTS = [
    ("list-gws-pods.json", PODS, "gws"),
    ("list-gws-deployments.json", DEPLOYMENTS, "gws"),
    ("list-gws-replicasets.json", REPLICASETS, "gws"),
    ("list-gws-services.json", SERVICES, "gws"),
    ("list-gws-endpointslices.json", SLICES, "gws"),
    ("list-infra-statefulsets.json", STATEFULSETS, "infra"),
]
TCP_PROBES = "readinessProbe.tcpSocket"
"""The vendor's stores are checked by TCP; the recorded stand-ins were all HTTP."""
ENVIRONMENT = "containers[].env"
"""Variables of the vendor's sample; the recorded stand-ins had none."""
WHOLE_CORES = ".cpu: number"
"""Some of the vendor's containers have them; the recorded stand-ins had thousandths."""
ZONE = "topology.kubernetes.io/zone"
"""Clusters since 1.35 copy it from the node to its pods; the recorded one was older."""
BY_HAND = {".metadata.annotations.test/state"}
"""The recorder's own mark, by which its stand-in for kubelet was told what to do."""
STAND_IN = {
    ".status.startTime",
    ".status.conditions[Initialized].lastTransitionTime",
    ".status.conditions[PodScheduled].lastTransitionTime",
}
"""Times that the recorder's kubelet renewed with every patch; a real one does not."""


@pytest.mark.parametrize(("file", "resource", "namespace"), LISTS)
def test_a_list_has_the_fields_and_forms_of_a_real_one(
    file: str, resource: Resource, namespace: str
) -> None:
    ours = listing(Still().cluster.store, ListRequest(resource, namespace))
    missing = shape(recorded(file)) - shape(ours)
    surplus = shape(ours) - shape(recorded(file))
    assert missing == set()
    ours_alone = (TCP_PROBES, ENVIRONMENT, WHOLE_CORES, ZONE)
    assert [f for f in surplus if not any(part in f for part in ours_alone)] == []


@pytest.mark.parametrize(("file", "resource", "namespace"), LISTS)
def test_fields_come_in_the_order_of_a_real_list(
    file: str, resource: Resource, namespace: str
) -> None:
    ours = listing(Still().cluster.store, ListRequest(resource, namespace))["items"]
    theirs = recorded(file)["items"]
    for part in ("metadata", "spec", "status"):
        orders = [list(item.get(part, {})) for item in (ours[1], theirs[1])]
        assert orders[0] == orders[1]


def test_a_first_page_has_the_fields_and_forms_of_a_real_one() -> None:
    theirs = recorded("list-gws-pods-limit3-page1.json")
    ours = listing(Still().cluster.store, ListRequest(PODS, "gws", limit=3))
    assert shape(ours["metadata"]) == shape(theirs["metadata"])
    assert ours["metadata"]["remainingItemCount"] == 22
    assert len(ours["items"]) == 3


def test_refusals_are_worded_as_recorded() -> None:
    attempt = Attempt("viewer", "list", PODS, "gws")
    assert unauthorized().body == recorded("error-401.json")
    assert forbidden(attempt).body == recorded("error-403.json")
    assert not_found(PODS, "none").body == recorded("error-404.json")


def test_the_version_is_as_recorded() -> None:
    assert recorded("version.json") == VERSION


@pytest.mark.parametrize(
    ("file", "resource"),
    [
        ("watch-gws-pods.ndjson", PODS),
        ("watch-gws-deployments.ndjson", DEPLOYMENTS),
        ("watch-gws-endpointslices.ndjson", SLICES),
        ("watch-gws-services.ndjson", SERVICES),
    ],
)
def test_a_bookmark_is_as_recorded(file: str, resource: Resource) -> None:
    theirs = recorded_lines(file)[-1]
    version = theirs["object"]["metadata"]["resourceVersion"]
    about = {"metadata": {"resourceVersion": version}}
    assert theirs["type"] == "BOOKMARK"
    assert typed(resource, about | EMPTY[resource]) == theirs["object"]


def watched(changes: list[Change]) -> list[tuple[str, str]]:
    """As the recording saw them, which did not watch ReplicaSets."""
    return [
        (change.type, change.resource.kind)
        for change in changes
        if change.resource is not REPLICASETS
    ]


def recorded_between(first: int, last: int) -> list[dict[str, object]]:
    """What the recorded watches saw from one version to another, in order."""
    found = [
        line
        for kind in ("pods", "deployments", "endpointslices", "events")
        for line in recorded_lines(f"watch-gws-{kind}.ndjson")
        if line["type"] != "BOOKMARK"
        and first <= int(line["object"]["metadata"]["resourceVersion"]) <= last
    ]
    return sorted(
        found, key=lambda line: int(line["object"]["metadata"]["resourceVersion"])
    )


def test_a_crash_goes_round_in_the_order_of_a_real_cluster() -> None:
    still = Still()
    still.cluster.crash(still.cluster.works["gws-app-workspace"].living()[0], "Error")
    theirs = [
        (line["type"], line["object"]["kind"]) for line in recorded_between(886, 891)
    ]
    assert watched(still.written()) == theirs


@pytest.mark.parametrize(
    ("what", "resource", "before", "after"),
    [
        ("crash", PODS, 885, 886),
        ("crash", DEPLOYMENTS, 0, 891),
        ("crash", SLICES, 0, 889),
        ("unready", SLICES, 0, 895),
        ("unready", DEPLOYMENTS, 0, 897),
    ],
)
def test_a_change_touches_the_fields_that_it_touched_in_a_real_cluster(
    what: str, resource: Resource, before: int, after: int
) -> None:
    still = Still()
    # The recordings broke the third workspace pod and the first voice pod.
    name, place = (
        ("gws-app-workspace", 2) if what == "crash" else ("gws-platform-voice", 0)
    )
    work = still.cluster.works[name]
    pod = list(work.pods.values())[place]
    still.now = still.now.replace(hour=12)
    if what == "crash":
        still.cluster.crash(pod, "Error")
    else:
        still.cluster.unready(pod, serving=True)
    change = next(one for one in still.written() if one.resource is resource)
    ours = changed(change.old, change.new)
    new = recorded_between(after, after)[0]["object"]
    old = listed_before(resource, new, before)
    theirs = changed(old, new) - BY_HAND - STAND_IN - {".kind", ".apiVersion"}
    last_state = {field for field in ours if ".lastState." in field}
    assert ours - last_state == theirs


def listed_before(
    resource: Resource, new: dict[str, object], version: int
) -> dict[str, object]:
    """The recorded state of an object before a recorded change to it."""
    if version:
        return recorded_between(version, version)[0]["object"]
    items = recorded(f"list-gws-{resource.plural}.json")["items"]
    name = new["metadata"]["name"]
    return next(item for item in items if item["metadata"]["name"] == name)


@pytest.mark.parametrize(
    ("resource", "kind"),
    [(PODS, "pods"), (DEPLOYMENTS, "deployments"), (SLICES, "endpointslices"),
     (EVENTS, "events")],
)  # fmt: skip
def test_a_rollout_shows_no_field_that_a_real_one_does_not(
    resource: Resource, kind: str
) -> None:
    still = Still()
    work = still.cluster.works["gws-platform-statistics"]
    still.take(still.rollouts.roll(work, "9.0.002", 0))
    theirs = set().union(
        *(
            shape(line["object"])
            for line in recorded_lines(f"watch-gws-{kind}.ndjson")
            if line["type"] != "BOOKMARK"
        )
    )
    ours = set().union(
        *(
            shape(typed(resource, change.new))
            for change in still.written()
            if change.resource is resource
        )
    )
    assert ours - theirs - ONLY_OURS == set()


ONLY_OURS = {".involvedObject.resourceVersion: text", f".metadata.labels.{ZONE}: text"}


def test_a_rollout_tells_the_events_of_a_real_one() -> None:
    still = Still()
    work = still.cluster.works["gws-platform-statistics"]
    still.take(still.rollouts.roll(work, "9.0.002", 0))
    ours = [
        change.new["reason"]
        for change in still.written()
        if change.resource is EVENTS and change.new["reason"] != "Started"
    ]
    theirs = [line["object"]["reason"] for line in recorded_between(936, 994)
              if line["object"]["kind"] == "Event"]  # fmt: skip
    assert ours == theirs
