"""The API server over real sockets: lists, pages, selectors, rights, discovery."""

from __future__ import annotations

from typing import Any

import pytest

from app.simulator.cluster_store import RESOURCES
from app.simulator.kubernetes_access import Denial
from tests.simulator.simulated_api import PODS, TOKEN, WITHIN_S, Server


def test_pages_together_are_the_list_and_belong_to_one_version(api: Server) -> None:
    whole = api.get(PODS).json()
    names, token = [], ""
    while True:
        page = api.get(PODS, limit=4, **({"continue": token} if token else {})).json()
        names += [pod["metadata"]["name"] for pod in page["items"]]
        assert (
            page["metadata"]["resourceVersion"] == whole["metadata"]["resourceVersion"]
        )
        token = page["metadata"].get("continue", "")
        if not token:
            break
        assert page["metadata"]["remainingItemCount"] == 25 - len(names)
        api.crash("gws-app-workspace")
    assert names == [pod["metadata"]["name"] for pod in whole["items"]]
    assert "remainingItemCount" not in page["metadata"]


def test_pages_of_all_namespaces_pass_from_one_to_the_next(api: Server) -> None:
    whole = api.get("/api/v1/pods").json()["items"]
    names, token = [], ""
    while True:
        page = api.get("/api/v1/pods", limit=7, **{"continue": token}).json()
        names += [pod["metadata"]["name"] for pod in page["items"]]
        token = page["metadata"].get("continue", "")
        if not token:
            break
    assert names == [pod["metadata"]["name"] for pod in whole]


def test_a_page_of_a_compacted_version_is_410_with_a_way_on(api: Server) -> None:
    token = api.get(PODS, limit=4).json()["metadata"]["continue"]
    api.crash("gws-app-workspace")
    api.store.compact()
    refused = api.get(PODS, limit=4, **{"continue": token})
    assert (refused.status_code, refused.json()["reason"]) == (410, "Expired")
    way_on = refused.json()["metadata"]["continue"]
    rest = api.get(PODS, **{"continue": way_on}).json()["items"]
    assert len(rest) == 25 - 4


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"labelSelector": "gws=gws-app-workspace"}, 3),
        ({"labelSelector": "gws==gws-app-workspace"}, 3),
        ({"labelSelector": "gws!=gws-app-workspace"}, 22),
        ({"labelSelector": "gws in (gws-app-workspace, gws-platform-voice)"}, 5),
        ({"labelSelector": "gws notin (gws-app-workspace)"}, 22),
        ({"labelSelector": "pod-template-hash,gws=gws-platform-ucs"}, 2),
        ({"labelSelector": "!gws"}, 0),
        ({"fieldSelector": "status.phase=Running"}, 25),
        ({"fieldSelector": "spec.nodeName!=n1,status.phase=Pending"}, 0),
        ({"fieldSelector": "metadata.name=none"}, 0),
    ],
)
def test_selectors_pick(api: Server, query: dict[str, str], count: int) -> None:
    assert len(api.get(PODS, **query).json()["items"]) == count


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"fieldSelector": "spec.replicas=1"}, "field label not supported"),
        ({"fieldSelector": "nonsense"}, "invalid field selector"),
        ({"labelSelector": "a b"}, "unable to parse requirement"),
        ({"limit": "-1"}, "non-negative"),
        ({"resourceVersion": "x"}, "non-negative"),
        ({"continue": "!"}, "continue key is not valid"),
        ({"continue": "e30", "resourceVersion": "5"}, "not allowed"),
        ({"resourceVersionMatch": "Exact"}, "forbidden without"),
        ({"watch": "1", "resourceVersion": "x"}, "non-negative"),
    ],
)
def test_what_cannot_be_read_is_refused_with_400(
    api: Server, query: dict[str, str], says: str
) -> None:
    refused = api.get(PODS, **query)
    assert refused.status_code == 400
    assert says in refused.json()["message"]


def test_an_exact_version_is_listed_as_it_was(api: Server) -> None:
    then = api.get(PODS).json()
    api.crash("gws-app-workspace")
    query = {
        "resourceVersion": then["metadata"]["resourceVersion"],
        "resourceVersionMatch": "Exact",
    }
    assert api.get(PODS, **query).json() == then
    newer = api.get(PODS, **(query | {"resourceVersionMatch": "NotOlderThan"}))
    assert newer.json() != then
    api.store.compact()
    assert api.get(PODS, **query).status_code == 410


def test_a_version_of_the_future_is_a_time_out(api: Server) -> None:
    refused = api.get(PODS, resourceVersion=api.store.version + 100)
    assert (refused.status_code, refused.json()["reason"]) == (504, "Timeout")


def test_without_the_token_nothing_is_told(api: Server) -> None:
    for token in ("", "Bearer wrong", f"Basic {TOKEN}"):
        refused = api.session.get(
            f"{api.url}{PODS}", headers={"Authorization": token}, timeout=WITHIN_S
        )
        assert refused.status_code == 401


@pytest.mark.parametrize(
    ("denial", "allowed", "refused"),
    [
        (Denial("list", "pods", "gws"), "/api/v1/namespaces/infra/pods", PODS),
        (Denial("list", "pods"), "/api/v1/namespaces/gws/services", PODS),
        (Denial("list", "pods", "gws"), "/api/v1/services", "/api/v1/pods"),
        (Denial("get", "pods"), PODS, f"{PODS}/none"),
        (Denial("list", "deployments"), PODS, "/apis/apps/v1/deployments"),
    ],
)
def test_one_right_can_be_missing(
    api: Server, denial: Denial, allowed: str, refused: str
) -> None:
    api.access.deny("viewer", [denial])
    assert api.get(allowed).status_code == 200
    answer = api.get(refused)
    assert (answer.status_code, answer.json()["reason"]) == (403, "Forbidden")
    api.access.deny("viewer", [])
    assert api.get(refused).status_code in (200, 404)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.plural)
def test_every_resource_is_discovered_and_listed(api: Server, resource: Any) -> None:
    prefix = f"/apis/{resource.group}" if resource.group else "/api"
    prefix = f"{prefix}/{resource.version}"
    found = api.get(prefix).json()["resources"]
    assert resource.plural in [one["name"] for one in found]
    listed = api.get(f"{prefix}/{resource.plural}")
    assert listed.json()["kind"] == f"{resource.kind}List"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/version", 200), ("/healthz", 200), ("/readyz", 200), ("/livez", 200),
        ("/api", 200), ("/apis", 200), ("/buzz", 404), ("/api/v1/wishes", 404),
        ("/apis/apps/v1/namespaces/gws/wishes", 404), ("/nowhere", 404),
        ("/api/v1/nodes/n1", 200),
    ],
)  # fmt: skip
def test_other_paths(api: Server, path: str, code: int) -> None:
    answer = api.get(path)
    assert answer.status_code == code


def test_headers_are_those_of_a_real_server(api: Server) -> None:
    headers = api.get(PODS).headers
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-cache, private"
    assert {"audit-id", "x-kubernetes-pf-flowschema-uid",
            "x-kubernetes-pf-prioritylevel-uid"} <= set(headers)  # fmt: skip
