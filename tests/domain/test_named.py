"""Whom a name means."""

from __future__ import annotations

import pytest

from app.domain.facts import PodFact, ServiceFact
from app.domain.knowledge import Knowledge, learn
from app.domain.locate import locator
from app.domain.named import Names, addresses
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.domain.topology import standard
from tests.domain.scene import NOW

PICTURE = standard()
NAMES = Names(
    PICTURE,
    locator(PICTURE),
    {"10.0.0.7": NodeId("voice"), "fd00::7": NodeId("voice")},
)


@pytest.mark.parametrize(
    ("text", "namespace", "box"),
    [
        ("gws-app-workspace-blue", "gws", "workspace"),
        ("gws-app-workspace", None, "workspace"),
        ("gws-app-workspace", "elsewhere", None),
        ("gws-platform-voice-blue-srv", "gws", "voice"),
        ("gauth-auth.gauth", None, "authentication"),
        ("gauth-auth.gauth.svc.cluster.local:80", None, "authentication"),
        ("http://gauth-auth.gauth:80/auth/v3?x=y", None, "authentication"),
        ("gauth-auth.elsewhere", "gauth", None),
        ("infra-redis-redis-cluster.infra:6379", None, "redis"),
        ("gws-platform-configuration-management", None, "configuration"),
        ("gws-platform-configuration", "elsewhere", None),
        ("gws-platform-configuration.service.consul", None, "configuration"),
        ("green.gws-platform-configuration.service.consul:80", None, "configuration"),
        ("gws-core-auth", None, "authentication"),
        ("10.0.0.7:6379", None, "voice"),
        ("http://[fd00::7]:80/", None, "voice"),
        ("fd00::7", None, "voice"),
        ("10.0.0.8", None, None),
        ("/k8s/gws/gws-app-workspace-blue-7d9f8b6c5d-x2k4q/main", None, "workspace"),
        ("/k8s/infra/infra-redis-redis-cluster-0/redis", None, "redis"),
        ("/k8s/elsewhere/gws-app-workspace-blue-7d9f8b6c5d-x2k4q/main", None, None),
        ("/k8s/", None, None),
        ("PassthroughCluster", "unknown", None),
        ("unknown", None, None),
        ("", None, None),
        ("a b", None, None),
    ],
)  # fmt: skip
def test_a_name_means_one_box_or_none(
    text: str, namespace: str | None, box: str | None
) -> None:
    assert NAMES.box(text, namespace) == box


@pytest.mark.parametrize(
    ("source", "to", "number"),
    [
        ("workspace", "voice", 29),
        ("voice", "redis", 25),
        ("statistics", "authentication", 11),
        ("service-proxy", "voice", 2),
        ("voice", "workspace", None),
    ],
)
def test_two_boxes_make_a_connection_themselves_or_by_their_group(
    source: str, to: str, number: int | None
) -> None:
    assert NAMES.connection(NodeId(source), NodeId(to)) == number


def test_an_address_is_a_pod_s_or_a_service_s() -> None:
    redis = NodeId("redis")
    pod = PodFact(redis, "redis", "infra", "r-0", "Running", True, 0, False, "10.0.0.1")
    served = ServiceFact(redis, "redis", "infra", "redis", "10.96.0.1", ())
    headless = ServiceFact(redis, "redis", "infra", "redis-headless", None, ())
    feed = Feed("kubernetes", "x", 60)
    known = learn(Knowledge(), Reading(feed, NOW, (pod, served, headless)))
    assert addresses(known) == {"10.0.0.1": redis, "10.96.0.1": redis}
