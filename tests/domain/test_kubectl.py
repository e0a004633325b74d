"""Commands to copy: about the right pods, and nothing that a name could turn round."""

from __future__ import annotations

import shlex

from hypothesis import given
from hypothesis import strategies as st

from app.domain.customise import customise
from app.domain.kubectl import MOST_PODS, commands
from app.domain.subject import NodeId
from app.domain.topology import standard

TOPOLOGY = standard({"gws": "gws-prod"})


def pod(name, *, ready=True, last_exit=None):
    return {"name": name, "ready": ready, "last_exit": last_exit}


def told(node, context=None, pods=(), topology=TOPOLOGY):
    box = topology.box(NodeId(node))
    return {one.what: one.text for one in commands(box, topology, context, pods)}


def test_pods_with_a_label_are_found_by_it():
    assert told("workspace", "prod") == {
        "Pods": "kubectl --context=prod --namespace=gws-prod get pods --output=wide"
        " --selector=gws=gws-app-workspace",
        "Describe": "kubectl --context=prod --namespace=gws-prod describe pods"
        " --selector=gws=gws-app-workspace",
        "Logs": "kubectl --context=prod --namespace=gws-prod logs"
        " --selector=gws=gws-app-workspace --all-containers --prefix --timestamps"
        " --tail=200",
    }


def test_several_workloads_are_one_selector():
    words = shlex.split(told("platform-services")["Pods"])
    assert words[-1] == (
        "--selector=gws in (gws-platform-ocs,gws-platform-chat,gws-platform-ucs)"
    )


def test_others_are_named_one_by_one_first_those_that_are_not_ready():
    pods = [pod("redis-0"), pod("redis-1", ready=False)]
    found = told("redis", pods=pods)
    start = "kubectl --namespace=infra"
    assert found["Pods"] == f"{start} get pods --output=wide redis-1 redis-0"
    assert found["Describe"] == f"{start} describe pods redis-1 redis-0"
    assert found["Logs"].startswith(f"{start} logs redis-1 --all-containers")


def test_of_many_a_few_are_named():
    pods = [pod(f"redis-{at}") for at in range(30)]
    assert len(shlex.split(told("redis", pods=pods)["Describe"])) == 4 + MOST_PODS


def test_nobody_seen_yet_is_looked_for():
    assert told("redis") == {"Pods": "kubectl --namespace=infra get pods --output=wide"}


def test_what_crashed_has_an_older_log():
    pods = [pod("a"), pod("b", ready=False, last_exit="OOMKilled (137)")]
    found = told("workspace", pods=pods)
    assert "logs b --previous" in found["Logs before the last exit"]


def test_who_has_no_pods_has_no_commands():
    assert told("clients") == {}


def test_a_site_s_own_namespace_is_meant():
    own = {"nodes": {"redis": {"namespace": "data"}}}
    topology, _ = customise(TOPOLOGY, own)
    assert "--namespace=data" in told("redis", topology=topology)["Pods"]


@given(st.text(min_size=1), st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_a_shell_reads_exactly_the_words_that_are_meant(context, pods):
    found = told("redis", context, [pod(name, last_exit="1") for name in pods])
    head = ["kubectl", f"--context={context}", "--namespace=infra"]
    assert shlex.split(found["Describe"]) == [*head, "describe", "pods", *pods]
    before = shlex.split(found["Logs before the last exit"])
    assert before[:6] == [*head, "logs", pods[0], "--previous"]
