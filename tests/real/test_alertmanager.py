"""Debian's Alertmanager: what it says is what the collector hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from app.domain.alerted import Directory
from app.domain.facts_alerts import AlertFact, SilenceFact
from app.domain.locate import locator
from app.domain.reading import Reading
from app.domain.topology import standard
from benchmarks.engines import running
from benchmarks.stage import free_port, wait_for
from collectors.alertmanager import AlertmanagerCollector
from collectors.http_line import HttpAddress

pytestmark = pytest.mark.real

CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"
PICTURE = standard()
DIRECTORY = Directory("demo", PICTURE, locator(PICTURE))
DISTANT = timedelta(hours=2)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test against a real server's clock


class Alertmanager:
    """A real one, and what Prometheus and operators do to it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def fire(self, name: str, summary: str = "", **labels: str) -> None:
        alert = {
            "labels": {"alertname": name, **labels},
            "annotations": {"summary": summary} if summary else {},
            "startsAt": now().isoformat(),
        }
        self._post("/api/v2/alerts", [alert])

    def silence(self, comment: str, **matchers: str) -> str:
        wanted = [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in matchers.items()
        ]
        begin, end = now(), now() + DISTANT
        body = {
            "matchers": wanted,
            "startsAt": begin.isoformat(),
            "endsAt": end.isoformat(),
            "createdBy": "jane",
            "comment": comment,
        }
        return str(self._post("/api/v2/silences", body)["silenceID"])

    def hear(self) -> Reading:
        collector = AlertmanagerCollector(
            HttpAddress(self.url), DIRECTORY, lambda reading: None, now
        )
        (reading,) = collector.ask_once()
        collector.stop()
        return reading

    def _post(self, path: str, body: Any) -> Any:
        answer = requests.post(f"{self.url}{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def alertmanager(tmp_path: Path) -> Iterator[Alertmanager]:
    (tmp_path / "config.yml").write_text(CONFIG)
    url = f"http://127.0.0.1:{free_port()}"
    command = [
        "prometheus-alertmanager",
        f"--config.file={tmp_path / 'config.yml'}",
        f"--storage.path={tmp_path / 'data'}",
        f"--web.listen-address={url.removeprefix('http://')}",
        "--cluster.listen-address=",
    ]
    with running(command, tmp_path, url, "/-/ready"):
        yield Alertmanager(url)


def alerts(reading: Reading) -> dict[str, AlertFact]:
    return {f.name: f for f in reading.facts if isinstance(f, AlertFact)}


def test_alerts_are_heard_with_whom_they_are_about(alertmanager: Alertmanager) -> None:
    alertmanager.fire(
        "RedisSlow", "p99 above 50 ms", namespace="infra", severity="warning",
        pod="infra-redis-redis-cluster-2",
    )  # fmt: skip
    alertmanager.fire("Elsewhere", pod="some-other-thing-0", severity="critical")
    wait_for("the alert", lambda: alerts(alertmanager.hear()), 10)
    heard = alerts(alertmanager.hear())
    assert set(heard) == {"RedisSlow"}
    fact = heard["RedisSlow"]
    assert (fact.subject, fact.severity, fact.summary, fact.muted) == (
        "redis",
        "warning",
        "p99 above 50 ms",
        None,
    )


def test_a_silence_is_heard_with_its_author_and_end(alertmanager: Alertmanager) -> None:
    alertmanager.fire("RedisSlow", box="redis", severity="critical")
    alertmanager.silence("disk is being replaced", alertname="RedisSlow")
    alertmanager.silence("upgrade of voicemail", box="voicemail")

    def muted() -> bool:
        known = alerts(alertmanager.hear())
        return "RedisSlow" in known and known["RedisSlow"].muted is not None

    wait_for("the silenced alert", muted, 10)
    reading = alertmanager.hear()
    silence = alerts(reading)["RedisSlow"].muted
    assert silence is not None
    assert (silence.author, silence.comment) == ("jane", "disk is being replaced")
    assert now() < silence.ends_at <= now() + DISTANT
    (whole,) = [f for f in reading.facts if isinstance(f, SilenceFact)]
    assert (whole.subject, whole.silence.comment) == (
        "voicemail",
        "upgrade of voicemail",
    )


def test_another_server_there_is_told_as_such(alertmanager: Alertmanager) -> None:
    wrong = Alertmanager(f"{alertmanager.url}/nowhere")
    trouble = wrong.hear().trouble
    assert trouble is not None
    assert "HTTP 404, is this Alertmanager?" in trouble.text


def test_one_that_is_gone_is_told_with_its_address() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    trouble = Alertmanager(url).hear().trouble
    assert trouble is not None
    assert trouble.text == f"Alertmanager at {url}: connection refused"
