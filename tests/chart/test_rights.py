"""The rights that the chart grants are exactly those that the product uses.

A dashboard and its doctor run with every source configured against the simulated
deployment; a proxy writes down each request to the API server. What was asked and what
is granted must be equal, in both directions.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from app.config.load import check
from benchmarks.proxy import CountingProxy
from benchmarks.stage import TOP, Json, open_stage, wait_for
from benchmarks.upstream import api_of, redirected
from collectors.kubernetes_resources import RESOURCES
from tests.chart.helm import NAMESPACE, RELEASE, merged, of, rendered
from tests.chart.sites import EAST, REPLICATED, SITES

pytestmark = pytest.mark.timeout(180)

REQUEST = re.compile(rb"(?:^|\r\n\r\n)([A-Z]+) (\S+) HTTP/1\.1\r\n")
PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>v[^/]+)"
    r"(?:/namespaces/(?P<namespace>[^/]+))?/(?P<resource>[a-z]+)(?P<name>/.+)?"
)
READS = {"kubernetes", "consul", "alertmanager", "scrape", "probes", "backends"}
"""Sections of a deployment, each a source or several, that the simulation answers for."""


class Right(NamedTuple):
    verb: str
    group: str
    resource: str
    namespace: str


class Recorder(CountingProxy):
    """Passes everything on, and remembers what was asked."""

    def __init__(self, upstream: str) -> None:
        self.asked: list[tuple[str, str]] = []
        super().__init__(upstream)

    def count(self, chunk: bytes) -> None:
        found = REQUEST.findall(chunk)
        self.asked += [(method.decode(), path.decode()) for method, path in found]


def right(method: str, target: str) -> Right:
    """What an API server would check for this request. A request that is none for a list
    of objects (discovery, a version, one object) is a right of its own sort."""
    parts = urlsplit(target)
    found = PATH.fullmatch(parts.path)
    if method != "GET" or found is None or found["name"]:
        return Right(method, "", parts.path, "")
    watches = parse_qs(parts.query).get("watch") == ["true"]
    verb = "watch" if watches else "list"
    return Right(
        verb, found["group"] or "", found["resource"], found["namespace"] or "*"
    )


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[set[Right], Json]]:
    """All that was asked, and the deployment that it was asked for."""
    seen: list[Recorder] = []
    with ExitStack() as there:

        def edit(config: Json) -> None:
            (deployment,) = config["deployments"]
            kubeconfig = Path(deployment["kubernetes"]["kubeconfig"])
            recorder = there.enter_context(recording(api_of(kubeconfig)))
            seen.append(recorder)
            copy = redirected(kubeconfig, recorder.url, tmp_path)
            deployment["kubernetes"]["kubeconfig"] = str(copy)
            config["storage"] = {"records": str(tmp_path / "records.db")}

        there.enter_context(open_stage(tmp_path, edit))
        watched = tmp_path / "watched.yaml"
        (deployment,) = yaml.safe_load(watched.read_text())["deployments"]
        spaces = len(watched_namespaces(deployment))
        before = len(seen[0].asked)
        command = [sys.executable, "-m", "app", "doctor", "--config", str(watched)]
        done = subprocess.run(command, cwd=TOP, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout
        assert len(seen[0].asked) > before, "the doctor asked nothing"
        wait_for(
            "every list is followed by a watch",
            lambda: len(watches(seen[0])) == spaces * len(RESOURCES),
        )
        yield {right(*one) for one in seen[0].asked}, deployment


def watches(recorder: Recorder) -> set[str]:
    found = [urlsplit(target) for _, target in recorder.asked]
    return {parts.path for parts in found if "watch=true" in parts.query}


@contextmanager
def recording(upstream: str) -> Iterator[Recorder]:
    with Recorder(upstream) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.shutdown()


def watched_namespaces(deployment: Json) -> set[str]:
    """As the product itself has them."""
    bare = {key: deployment[key] for key in ("id", "topology") if key in deployment}
    named = deployment["kubernetes"].get("namespaces", {})
    text = yaml.safe_dump(
        {"deployments": [bare | {"kubernetes": {"namespaces": named}}]}
    )
    (found,) = check(text, "config.yaml", Path(), {}).deployments
    return set(found.topology.watched_namespaces())


def rules(role: Json, namespace: str) -> set[Right]:
    """One right for each that a rule grants. A narrower or wider form is not known here."""
    found = set()
    for rule in role["rules"]:
        assert set(rule) == {"apiGroups", "resources", "verbs"}
        found |= {
            Right(verb, group, resource, namespace)
            for group in rule["apiGroups"]
            for resource in rule["resources"]
            for verb in rule["verbs"]
        }
    return found


def granted(objects: tuple[Json, ...]) -> set[Right]:
    """What the service account of the pods that watch may do; nobody else may anything."""
    subject = {"kind": "ServiceAccount", "name": RELEASE, "namespace": NAMESPACE}
    found = set()
    for kind in ("Role", "ClusterRole"):
        bound = {
            (one["roleRef"]["name"], one["metadata"].get("namespace", "*"))
            for one in of(objects, f"{kind}Binding")
            if one["subjects"] == [subject] and one["roleRef"]["kind"] == kind
        }
        assert len(bound) == len(of(objects, f"{kind}Binding"))
        for role in of(objects, kind):
            where = role["metadata"].get("namespace", "*")
            assert (role["metadata"]["name"], where) in bound
            found |= rules(role, where)
    return found


def in_cluster(deployment: Json) -> Json:
    """Values with which the chart watches the same namespaces."""
    keys = ("id", "topology")
    kept = {key: deployment[key] for key in keys if key in deployment}
    named = deployment["kubernetes"].get("namespaces", {})
    access = {"in_cluster": True, "namespaces": named}
    return {"config": {"deployments": [kept | {"kubernetes": access}]}}


def test_what_is_granted_is_what_is_asked(asked) -> None:
    """By Roles, by a ClusterRole, and by the Role that the documentation shows."""
    calls, deployment = asked
    assert set(deployment) >= READS
    roles = rendered(in_cluster(deployment))
    assert granted(roles) == calls
    wide = rendered(in_cluster(deployment), {"rbac": {"scope": "cluster"}})
    assert granted(wide) == {call._replace(namespace="*") for call in calls}
    assert documented() == {call._replace(namespace="") for call in calls}


def documented() -> set[Right]:
    page = (TOP / "docs" / "least-privilege.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.S)
    documents = [d for block in blocks for d in yaml.safe_load_all(block)]
    (role,) = [d for d in documents if d.get("kind") == "Role"]
    return rules(role, "")


@pytest.mark.parametrize("site", SITES)
def test_roles_are_in_the_namespaces_that_the_product_watches(site: str) -> None:
    objects = rendered(SITES[site])
    found = {one.namespace for one in granted(objects)}
    config = merged({"config": {"deployments": [MINIMAL]}}, SITES[site])["config"]
    watched = set().union(*map(watched_namespaces, config["deployments"]))
    assert found == ({"*"} if site == "all-replicated" else watched)


MINIMAL = {"id": "gws", "kubernetes": {"in_cluster": True}}
"""The deployment of the chart's own values: every namespace as the vendor names it."""


def test_a_box_that_lives_elsewhere_moves_the_role_with_it() -> None:
    nodes = {
        "tenant": {"namespace": "tenants"},
        "voicemail": {"namespace": "tenants"},
        "iwd": {"optional": True},
    }
    one = {**MINIMAL, "topology": {"nodes": nodes}}
    found = {r.namespace for r in granted(rendered({"config": {"deployments": [one]}}))}
    assert found == watched_namespaces(one)
    assert "tenants" in found and "voice" not in found


def test_a_cluster_that_is_reached_by_a_kubeconfig_needs_no_right_in_this_one() -> None:
    east = EAST["config"]["deployments"][0]
    access = {"kubeconfig": "/etc/gws-observatory/secrets/east/kubeconfig"}
    values = {
        "config": {"deployments": [{**east, "kubernetes": access}]},
        "secrets": {"east": {"secretName": "east"}},
    }
    objects = rendered(EAST, values)
    assert granted(objects) == set()
    (pod,) = of(objects, "Deployment")
    assert pod["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


def test_only_who_watches_has_a_token() -> None:
    found = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in of(rendered(REPLICATED), "Deployment")
    }
    collect, web = found[f"{RELEASE}-collect"], found[f"{RELEASE}-web"]
    assert collect["automountServiceAccountToken"] is True
    assert web["automountServiceAccountToken"] is False
    assert collect["serviceAccountName"] != web["serviceAccountName"]
    for account in of(rendered(REPLICATED), "ServiceAccount"):
        assert account["automountServiceAccountToken"] is False
