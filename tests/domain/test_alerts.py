"""Alerts colour what they are about, and a silence says who works on it, till when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.alerted import VENDOR, Directory
from app.domain.facts_alerts import AlertFact, Silence, SilenceFact
from app.domain.locate import locator
from app.domain.reading import Feed
from app.domain.subject import NodeId, Subject
from app.domain.topology import standard
from tests.domain.scene import NOW, Scene

FEED = Feed("alertmanager", "alerts", 45)
PICTURE = standard()
DIRECTORY = Directory("demo", PICTURE, locator(PICTURE))
REDIS = NodeId("redis")
END = NOW + timedelta(hours=1)
JANE = Silence("jane", "new disks", END)


def alert(
    subject: Subject = REDIS,
    severity: str = "warning",
    muted: Silence | None = None,
    **more: object,
) -> AlertFact:
    return AlertFact(subject, "f1", "Slow", severity, "p99 high", muted=muted, **more)


def told(scene: Scene, number: int) -> list[str]:
    return [reason.text for reason in scene.connection(number).reasons]


def lasting(scene: Scene, *facts: AlertFact | SilenceFact) -> None:
    """Heard twice, long enough apart to colour."""
    scene.hear(FEED, *facts)
    scene.look()
    scene.hear(FEED, *facts)
    scene.look(scene.limits.enter + 1)


@pytest.mark.parametrize(
    ("severity", "status"),
    [
        ("critical", "failing"),
        ("Page", "failing"),
        ("warning", "degraded"),
        ("", "degraded"),
        ("info", "ok"),
        ("none", "ok"),
    ],
)
def test_the_severity_gives_the_status_of_the_box(
    scene: Scene, severity: str, status: str
) -> None:
    lasting(scene, alert(severity=severity))
    assert scene.node("redis").status == status
    assert scene.off() == {}, "the box alone: who calls it may feel nothing"


def test_an_alert_that_callers_feel_colours_their_connections(scene: Scene) -> None:
    lasting(scene, alert(severity="", felt=True))
    assert scene.off() == {
        12: "degraded",
        18: "degraded",
        24: "degraded",
        25: "degraded",
    }
    assert told(scene, 24) == ["alert Slow (no severity): p99 high"]


def test_an_alert_about_a_connection_colours_it_alone(scene: Scene) -> None:
    lasting(scene, alert(24, "critical"))
    assert scene.off() == {24: "failing"}
    assert scene.connection(24).reasons[0].witness == "alerts"


def test_an_alert_that_ends_is_forgotten(scene: Scene) -> None:
    lasting(scene, alert(24, "critical"))
    scene.hear(FEED)
    scene.look(1)
    scene.hear(FEED)
    assert scene.off(scene.limits.leave + 1) == {}


def test_an_alert_speaks_as_a_witness_of_its_own(scene: Scene) -> None:
    assert "alerts" not in {m.witness for m in scene.connection(24).witnesses}
    scene.hear(FEED, alert(24, "critical"))
    marks = {m.witness: m for m in scene.connection(24).witnesses}
    assert marks["alerts"].status == "failing"
    scene.hear(FEED, alert(24, "info"))
    marks = {m.witness: m for m in scene.connection(24).witnesses}
    assert (marks["alerts"].status, marks["alerts"].text) == (
        "no_data",
        "fires, and is silenced, slight or the box's own affair",
    )


def test_a_silenced_box_is_in_maintenance_whatever_is_said(scene: Scene) -> None:
    scene.crash("redis")
    scene.hear(FEED, SilenceFact(REDIS, "s1", JANE))
    assert scene.off() == dict.fromkeys((12, 18, 24, 25), "maintenance")
    node = scene.node("redis")
    assert node.status == "maintenance"
    assert node.reasons[0].text == (
        "silenced until 2026-11-24 11:00 UTC by jane: new disks"
    )
    assert len(node.reasons) > 1, "what is said against it stays to be read"
    assert scene.snapshot is not None
    assert scene.snapshot.suspects == ()


def test_a_silenced_connection_leaves_the_others_alone(scene: Scene) -> None:
    scene.crash("redis")
    silence = SilenceFact(24, "s1", Silence("jane", "", END))
    scene.hear(FEED, silence)
    assert scene.statuses()[24] == "maintenance"
    assert scene.statuses()[25] == "failing"
    assert told(scene, 24)[0] == "silenced until 2026-11-24 11:00 UTC by jane"


def test_a_silence_ends_at_its_end_though_alertmanager_is_gone(scene: Scene) -> None:
    scene.hear(FEED, SilenceFact(24, "s1", JANE))
    scene.trouble(FEED)
    assert scene.connection(24).status == "maintenance"
    assert scene.wake_at is not None
    assert scene.wake_at <= END
    scene.sight_kept()
    assert scene.connection(24, after=3601).status != "maintenance"


def test_a_silenced_alert_never_hides_an_outage(scene: Scene) -> None:
    scene.hear(FEED, alert(severity="critical", muted=JANE, felt=True))
    assert scene.node("redis").status == "maintenance"
    assert scene.connection(24).status == "maintenance"
    scene.crash("redis")
    assert scene.node("redis").status == "failing"
    assert scene.connection(24).status == "failing"
    scene.heal("redis")
    scene.look(1)
    assert scene.node("redis").status == "failing", (
        "better, but not yet for long enough"
    )
    scene.look(scene.limits.leave_hard)
    assert scene.node("redis").status == "maintenance"


def test_a_silenced_alert_about_the_box_leaves_its_callers_alone(scene: Scene) -> None:
    scene.hear(FEED, alert(severity="warning", muted=JANE))
    assert scene.node("redis").status == "maintenance"
    assert scene.off() == {}


def test_a_silenced_alert_that_would_colour_nothing_shows_nothing(scene: Scene) -> None:
    scene.hear(FEED, alert(severity="info", muted=JANE, felt=True))
    assert scene.node("redis").status == "ok"


def test_a_silenced_alert_does_not_hide_that_nobody_is_heard() -> None:
    blind = Scene()
    blind.hear(FEED, alert(severity="critical", muted=JANE, felt=True))
    assert blind.node("redis").status == "no_data"


def test_callers_of_a_group_feel_what_those_of_its_parts_feel(scene: Scene) -> None:
    lasting(scene, alert(NodeId("voice"), "critical", felt=True))
    assert scene.statuses()[2] == "degraded"
    assert scene.node("platform-services").status == "degraded"


def test_an_alert_about_a_group_means_all_of_it(scene: Scene) -> None:
    lasting(scene, alert(NodeId("platform-services"), "critical"))
    assert scene.node("platform-services").status == "failing"


def test_what_is_not_installed_stays_absent(scene: Scene) -> None:
    scene.topology = replace(PICTURE, absent=frozenset({NodeId("iwd")}))
    scene.hear(FEED, SilenceFact(NodeId("iwd"), "s1", JANE))
    assert scene.node("iwd").status == "absent"


@pytest.mark.parametrize(
    ("labels", "subject"),
    [
        ({"connection": "17"}, 17),
        ({"connection": "99"}, None),
        ({"connection": "17", "deployment": "another"}, None),
        ({"connection": "9" * 5000}, None),
        ({"box": "voice", "deployment": "gws-platform-voice"}, "voice"),
        ({"box": "redis"}, "redis"),
        ({"box": "nothing"}, None),
        ({"box": "redis", "deployment": "another"}, None),
        ({"namespace": "infra", "pod": "infra-redis-redis-cluster-2"}, "redis"),
        ({"namespace": "gws", "pod": "gws-platform-voice-7c9d8f6b5d-x2x4z"}, "voice"),
        ({"namespace": "gws", "deployment": "gws-platform-voice-blue"}, "voice"),
        # Of kube-state-metrics: the labels of who tells stand beside whom it is about.
        (
            {
                "namespace": "gws",
                "pod": "kube-state-metrics-6d9c8b7f5d-x2x4z",
                "deployment": "gws-platform-voice",
                "job": "kube-state-metrics",
            },
            "voice",
        ),
        (
            {"namespace": "gws", "service": "gws-platform-voice", "job": "x"},
            "voice",
        ),
        # Names that only look alike: a Job's pod, an agent's, somebody's own store.
        ({"namespace": "infra", "pod": "infra-redis-redis-cluster-backup-x2x4z"}, None),
        ({"namespace": "infra", "pod": "keycloak-0", "container": "consul"}, None),
        ({"namespace": "infra", "deployment": "infra-redis-redis-cluster-2"}, None),
        ({"namespace": "shop", "service_name": "gws-platform-voice"}, None),
        (
            {"alertname": "gws_high_500_responces_workspace", "namespace": "gws-test"},
            None,
        ),
        (
            {"client": "gws-service-proxy", "server": "gws-platform-voice"},
            2,
        ),
        (
            {
                "source_workload": "gws-app-workspace",
                "destination_workload": "unknown",
                "destination_service_name": "voice-voicemail",
                "destination_service_namespace": "voice",
            },
            17,
        ),
        ({"pod": "gws-app-workspace-7c9d8f6b5d-x2x4z"}, "workspace"),
        ({"namespace": "elsewhere", "pod": "gws-app-workspace-0"}, None),
        ({"consul_service": "gws-platform-configuration-management"}, "configuration"),
        ({"alertname": "gws_high_500_responces_workspace"}, "workspace"),
        ({"alertname": "GES_GWS_AUTH_DOWN"}, "authentication"),
        ({"alertname": "NodeDiskFull", "instance": "10.0.0.1:9100"}, None),
        ({}, None),
        (
            {
                "source_workload": "gws-app-workspace",
                "destination_workload": "voice-voicemail",
                "destination_workload_namespace": "voice",
            },
            17,
        ),
        ({"client": "unknown", "server": "gws-platform-voice"}, "voice"),
        ({"client": "gws-platform-voice", "server": "unknown"}, None),
    ],
)
def test_labels_name_a_box_or_a_connection(
    labels: dict[str, str], subject: Subject | None
) -> None:
    assert DIRECTORY.about(labels) == subject


def test_of_a_shared_alertmanager_only_what_is_meant_is_heard() -> None:
    east = Directory("demo", PICTURE, locator(PICTURE), {"cluster": "east"})
    assert east.about({"box": "redis", "cluster": "east"}) == "redis"
    assert east.about({"box": "redis", "cluster": "west"}) is None
    assert east.about({"box": "redis"}) is None


def test_our_own_metrics_are_known_by_both_of_their_labels() -> None:
    assert DIRECTORY.is_our_own({"connection": "17", "deployment": "demo"})
    assert not DIRECTORY.is_our_own({"connection": "17"})
    assert not DIRECTORY.is_our_own({"connection": "17", "deployment": "east"})


def test_the_label_of_the_vendor_names_the_box() -> None:
    box = PICTURE.box(NodeId("voice"))
    label = box.workloads[0].label
    assert label is not None
    assert DIRECTORY.about({"namespace": "gws", "gws": label}) == "voice"
    assert DIRECTORY.about({"namespace": "gws", "gws": "no such"}) is None


def test_every_rule_of_the_vendor_is_known() -> None:
    own = [name for name in VENDOR if not name.startswith("GES_")]
    assert len(own) == 11
    assert [name for name, rule in VENDOR.items() if rule.lacks] == [
        "total_count_of_errors_in_PSDK_connections",
        "total_count_of_errors_during_context_initialization",
    ]
    boxes = {box.id for box in PICTURE.boxes}
    assert {rule.node for rule in VENDOR.values() if rule.node} <= boxes
