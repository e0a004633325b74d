"""The simulated Alertmanager: what fires, after how long, and what silences it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from app.domain.alerted import Directory
from app.domain.facts_alerts import AlertFact, SilenceFact
from app.domain.locate import locator
from app.domain.topology import standard
from app.simulator.alerts_app import create_alertmanager_app, fingerprint
from app.simulator.alerts_rules import Alert, Moment, firing
from app.simulator.alerts_silences import iso
from app.simulator.faults import Fault
from app.simulator.world import WORKLOADS, Pod
from collectors.alertmanager import AlertmanagerCollector
from collectors.http_line import HttpAddress
from tests.simulator.living import Living
from tests.simulator.loopback import Loopback

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
PICTURE = standard()


def pods(workload: str, **more: Any) -> list[Pod]:
    spec = next(spec for spec in WORKLOADS if spec.name == workload)
    return [
        Pod(spec, f"{workload}-{number}", f"u{number}", f"10.0.0.{number + 1}", "n1",
            spec.ports, spec.version, NOON - AN_HOUR, **more)
        for number in range(spec.replicas)
    ]  # fmt: skip


def errors(target: str, share: float, ago_s: float) -> Fault:
    started = NOON - timedelta(seconds=ago_s)
    return Fault("f1", "errors", target, {"share": share}, started, None)


def names(fault: Fault, of: list[Pod], load_hour: int = 12) -> list[str]:
    load_at = NOON.replace(hour=load_hour).timestamp()
    return [
        alert.labels["alertname"]
        for alert in firing([fault], of, Moment(NOON, load_at, 1))
    ]


@pytest.mark.parametrize(
    ("ago_s", "fired"),
    [
        (9, []),
        (11, ["gws_high_500_responces_java"] * 2),
        (
            101,
            ["gws_high_5xx_responces_count"] * 2 + ["gws_high_500_responces_java"] * 2,
        ),
    ],
)
def test_a_rule_fires_when_it_has_lasted(ago_s: float, fired: list[str]) -> None:
    assert names(errors("voice", 0.5, ago_s), pods("gws-platform-voice")) == fired


def test_workspace_has_a_rule_of_its_own_once_for_all_pods() -> None:
    found = names(errors("workspace", 0.5, 60), pods("gws-app-workspace"))
    assert found == ["gws_high_500_responces_workspace"]


def test_one_bad_workload_of_a_group_fires_nothing() -> None:
    fault = errors("gws-platform-chat", 0.5, 600)
    assert names(fault, pods("gws-platform-chat")) == []


def test_a_few_errors_fire_nothing() -> None:
    assert names(errors("voice", 0.05, 600), pods("gws-platform-voice")) == []


def test_with_little_to_do_the_greater_count_is_not_reached() -> None:
    chat = pods("gws-platform-chat")
    assert "gws_high_5xx_responces_count" in names(
        errors("platform-services", 0.2, 600), chat
    )
    assert names(errors("platform-services", 0.2, 600), chat, load_hour=3) == [
        "gws_high_500_responces_java"
    ]


def test_a_pod_that_does_not_work_counts_nothing() -> None:
    dead = pods("gws-platform-voice", serving=False, ready=False)
    assert names(errors("voice", 1.0, 600), dead) == []


def test_fingerprints_are_those_of_alertmanager() -> None:
    """Seen from a real one, for the same labels."""
    assert fingerprint({"alertname": "a", "x": "y"}) == "737502c031c40ba6"


def heard(url: str) -> tuple[dict[str, AlertFact], list[SilenceFact]]:
    directory = Directory("demo", PICTURE, locator(PICTURE))
    collector = AlertmanagerCollector(
        HttpAddress(url),
        directory,
        lambda reading: None,
        lambda: datetime.fromtimestamp(time.time(), UTC),
    )
    (reading,) = collector.ask_once()
    collector.stop()
    assert reading.trouble is None
    alerts = [fact for fact in reading.facts if isinstance(fact, AlertFact)]
    silences = [fact for fact in reading.facts if isinstance(fact, SilenceFact)]
    return {f"{fact.name} {fact.subject}": fact for fact in alerts}, silences


def silence(**more: Any) -> dict[str, Any]:
    return {
        "matchers": [{"name": "namespace", "value": "gws", "isRegex": False}],
        "startsAt": iso(NOON),
        "endsAt": iso(NOON + AN_HOUR),
        "createdBy": "jane",
        "comment": "planned",
    } | more


@pytest.fixture
def url(loopback: Loopback) -> str:
    (pod, _) = pods("gws-platform-voice")
    fault = errors("voice", 0.5, 60)
    app = create_alertmanager_app(
        lambda: firing([fault], [pod], Moment(NOON, NOON.timestamp(), 1)), lambda: NOON
    )
    return loopback.served(app)


def test_an_alert_is_about_its_box_and_a_silence_mutes_it(url: str) -> None:
    alerts, _ = heard(url)
    (fact,) = [alerts["gws_high_500_responces_java voice"]]
    assert (fact.severity, fact.muted) == ("critical", None)
    matchers = [{"name": "alertname", "value": "gws_high_500.*", "isRegex": True}]
    made = requests.post(
        f"{url}/api/v2/silences", json=silence(matchers=matchers), timeout=30
    )
    assert made.status_code == 200
    muted = heard(url)[0]["gws_high_500_responces_java voice"].muted
    assert muted is not None
    assert muted.author == "jane"
    (alert,) = requests.get(f"{url}/api/v2/alerts", timeout=30).json()
    assert alert["status"] == {
        "inhibitedBy": [],
        "silencedBy": [made.json()["silenceID"]],
        "state": "suppressed",
    }
    id_ = made.json()["silenceID"]
    assert requests.delete(f"{url}/api/v2/silence/{id_}", timeout=30).status_code == 200
    one = requests.get(f"{url}/api/v2/silence/{id_}", timeout=30).json()
    assert one["status"] == {"state": "expired"}
    assert heard(url)[0]["gws_high_500_responces_java voice"].muted is None


def test_a_silence_of_a_whole_box_is_heard_as_one(url: str) -> None:
    matchers = [{"name": "box", "value": "voice", "isRegex": False, "isEqual": True}]
    requests.post(f"{url}/api/v2/silences", json=silence(matchers=matchers), timeout=30)
    (fact,) = heard(url)[1]
    assert fact.subject == "voice"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (silence(matchers=[]), 422,
         {"code": 612, "message": "matchers in body should have at least 1 items"}),
        (silence(endsAt=iso(NOON - AN_HOUR)), 400,
         "Failed to create silence: start time must be before end time"),
        ({k: v for k, v in silence().items() if k != "createdBy"}, 422,
         {"code": 602, "message": "createdBy in body is required"}),
    ],
)  # fmt: skip
def test_a_wrong_silence_is_refused_as_the_real_one_does(
    url: str, body: Any, status: int, told: Any
) -> None:
    answer = requests.post(f"{url}/api/v2/silences", json=body, timeout=30)
    assert (answer.status_code, answer.json()) == (status, told)


def test_answers_have_the_fields_of_a_real_one(url: str) -> None:
    """As Alertmanager 0.25 was seen to answer."""
    requests.post(f"{url}/api/v2/silences", json=silence(), timeout=30)
    (alert,) = requests.get(f"{url}/api/v2/alerts", timeout=30).json()
    assert list(alert) == [
        "annotations", "endsAt", "fingerprint", "receivers", "startsAt", "status",
        "updatedAt", "generatorURL", "labels",
    ]  # fmt: skip
    (made,) = requests.get(f"{url}/api/v2/silences", timeout=30).json()
    assert list(made) == [
        "id", "status", "updatedAt", "comment", "createdBy", "endsAt", "matchers",
        "startsAt",
    ]  # fmt: skip
    assert list(made["matchers"][0]) == ["isEqual", "isRegex", "name", "value"]


def test_a_healthy_deployment_fires_nothing(living: Living) -> None:
    assert heard(living.served.alertmanager) == ({}, [])


def test_alerts_are_values() -> None:
    (alert,) = firing([errors("workspace", 0.5, 60)], pods("gws-app-workspace"),
                      Moment(NOON, NOON.timestamp(), 1))  # fmt: skip
    assert alert == Alert(
        {"alertname": "gws_high_500_responces_workspace", "service": "gws",
         "severity": "critical"},
        "Too many 500 responses of Workspace", NOON - timedelta(seconds=50),
    )  # fmt: skip
