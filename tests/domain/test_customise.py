"""A site's own names are laid over the picture; what names nothing is told."""

from __future__ import annotations

import pytest

from app.domain.customise import customise
from app.domain.locate import locator
from app.domain.topology import standard, stem


def test_nothing_said_changes_nothing() -> None:
    assert customise(standard(), {}) == (standard(), ())
    assert customise(standard(), {"nodes": None})[1] == ()


def test_a_site_can_rename_everything_of_a_box() -> None:
    own = {
        "absent": ["iwd"],
        "colours": ["red", "black"],
        "nodes": {
            "redis": {
                "workloads": "cache",
                "services": ["cache-master"],
                "namespace": "data",
                "label": "my-cache",
                "port": 6380,
                "consul": ["cache"],
            },
            "elasticsearch": {"optional": True},
            "clients": {"workloads": ["wwe"], "namespace": "wwe"},
        },
    }
    topology, problems = customise(standard(), own)
    assert problems == ()
    (work,) = topology.box("redis").workloads
    assert (work.names, work.port, work.label) == (("cache",), 6380, "my-cache")
    assert topology.namespace_of(work.role) == "data"
    assert topology.absent == {"iwd"}
    assert topology.box("elasticsearch").optional
    assert "wwe" in topology.watched_namespaces()
    found = locator(topology)
    assert found.workload("data", "cache-red", {}) == ("redis", "cache")
    assert found.workload("data", "x", {"gws": "my-cache"}) == ("redis", "cache")
    assert found.service("data", "cache-master", {}) == ("redis", "cache")
    assert found.consul_service("cache") == ("redis", "cache")
    assert found.workload("infra", "infra-redis-redis-cluster", {}) is None
    assert found.workload("iwd", "iwd", {}) is None


@pytest.mark.parametrize(
    ("overrides", "place", "part"),
    [
        ({"node": {}}, "node", "did you mean nodes?"),
        ({"zzz": {}}, "zzz", "known: absent"),
        ({"absent": ["reddis"]}, "absent.reddis", "did you mean redis?"),
        ({"absent": 5}, "absent", "list of names"),
        ({"nodes": []}, "nodes", "must be a mapping"),
        ({"nodes": {"reddis": {}}}, "nodes.reddis", "did you mean redis?"),
        ({"nodes": {"redis": 5}}, "nodes.redis", "must be a mapping"),
        ({"nodes": {"redis": {"prt": 1}}}, "nodes.redis.prt", "did you mean port?"),
        ({"nodes": {"redis": {"port": 0}}}, "nodes.redis.port", "1 to 65535"),
        ({"nodes": {"redis": {"port": "x"}}}, "nodes.redis.port", "1 to 65535"),
        ({"nodes": {"redis": {"optional": "x"}}}, "nodes.redis.optional", "true or"),
        ({"nodes": {"redis": {"workloads": [1]}}}, "nodes.redis.workloads", "names"),
    ],
)
def test_every_problem_names_its_place(
    overrides: dict[str, object], place: str, part: str
) -> None:
    _, problems = customise(standard(), overrides)
    assert [problem[0] for problem in problems] == [place]
    assert part in problems[0][1]


def test_unknown_boxes_and_connections_are_told() -> None:
    with pytest.raises(KeyError):
        standard().box("nothing")
    with pytest.raises(KeyError):
        standard().connection(32)


@pytest.mark.parametrize(
    ("namespace", "name", "labels", "node"),
    [
        ("gws", "gws-platform-voice", {}, "voice"),
        ("gws", "gws-platform-voice-blue", {}, "voice"),
        ("gws", "gws-platform-voice-green", {}, "voice"),
        ("gws", "anything", {"gws": "gws-platform-voice"}, "voice"),
        ("gws", "gws-service-proxy", {}, "service-proxy"),
        ("gws", "gws-platform-ocs-blue", {}, "platform-services"),
        ("gws", "gws-platform-chat-blue", {}, "platform-services"),
        ("gws", "gws-platform-ucs-blue", {}, "platform-services"),
        ("gauth", "gauth-environment", {}, "authentication"),
        ("infra", "consul-server", {}, "consul"),
        ("gws", "gws-platform-voices", {}, None),
        ("other", "gws-platform-voice", {}, None),
    ],
)
def test_objects_of_a_real_cluster_find_their_box(
    namespace: str, name: str, labels: dict[str, str], node: str | None
) -> None:
    found = locator(standard()).workload(namespace, name, labels)
    assert (found[0] if found else None) == node


def test_all_in_one_namespace() -> None:
    roles = ("gws", "gauth", "voice", "ucsx", "nexus", "iwd", "infra")
    topology = standard(dict.fromkeys(roles, "one"))
    assert topology.watched_namespaces() == ("one",)
    found = locator(topology)
    assert found.workload("one", "iwd", {}) == ("iwd", "iwd")
    assert found.service("one", "gws-platform-voice-blue-srv", {}) == (
        "voice",
        "gws-platform-voice",
    )
    assert found.service("one", "x", {"gws": "gws-platform-voice"}) is not None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("x-blue", "x"), ("x-blue-srv", "x-srv"), ("x-srv", "x-srv"), ("blue", "blue")],
)
def test_stems(name: str, expected: str) -> None:
    assert stem(name) == expected


def test_consul_names_with_and_without_colour_and_management() -> None:
    found = locator(standard())
    names = ("gws-platform-voice", "gws-platform-voice-management")
    for name in (*names, "gws-platform-voice-blue"):
        assert found.consul_service(name) == ("voice", "gws-platform-voice")
    assert found.consul_service("somebody-else") is None
