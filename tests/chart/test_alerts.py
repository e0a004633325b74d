"""The alerts: rules that Prometheus takes, each of which fires when it should and names
series that somebody tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.chart.alert_cases import CASES, Case
from tests.chart.alerts_well import WELL
from tests.chart.helm import CHART, of, rendered
from tests.chart.promtool import promtool
from tests.chart.series import documented, names, recorded
from tests.chart.sites import EAST

Json = dict[str, Any]
ON = {"prometheusRule": {"enabled": True}}
RULES = yaml.safe_load((CHART / "rules" / "alerts.yaml").read_text())
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
EXPORTERS = {
    "gws-pods": "kube-state-metrics",
    "gws-redis": "redis-exporter",
    "gws-elasticsearch": "elasticsearch-exporter",
    "gws-postgresql": "postgres-exporter",
    "gws-consul": "consul",
    "gws-proxy": "blackbox nginx",
}
"""Whose series a group is about, as tests/recorded/telemetry has them."""


def spec(*values: Json) -> Json:
    (one,) = of(rendered(ON, *values), "PrometheusRule")
    return one["spec"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the rules of an installation with the usual values."""
    made = tmp_path_factory.mktemp("rules")
    (made / "alerts.yaml").write_text(yaml.safe_dump(spec()))
    return made


def test_the_file_can_be_used_as_it_is(folder: Path) -> None:
    assert spec() == RULES
    promtool("check", "rules", "--lint-fatal", "alerts.yaml", folder=folder)


def test_every_alert_has_a_case_and_no_other() -> None:
    assert sorted(CASES) == sorted(ALERTS)


def expected(alert: str, case: Case) -> Json:
    rule = ALERTS[alert]
    said = rule["annotations"]["description"]
    for name, value in case.labels.items():
        said = said.replace(f"{{{{ $labels.{name} }}}}", value)
    assert "{{" not in said, "a description names labels alone"
    return {
        "exp_labels": {**case.labels, **rule["labels"]},
        "exp_annotations": {"summary": case.summary, "description": said},
    }


def series(found: dict[str, str]) -> list[Json]:
    return [{"series": name, "values": values} for name, values in found.items()]


def test_each_alert_fires_when_it_should_and_not_before(folder: Path) -> None:
    tests = []
    for alert, case in CASES.items():
        looks = [
            {
                "eval_time": f"{case.after}m",
                "alertname": alert,
                "exp_alerts": [expected(alert, case)],
            },
            {"eval_time": f"{case.before}m", "alertname": alert, "exp_alerts": []},
        ]
        fed = series(case.series)
        tests.append({"interval": "1m", "input_series": fed, "alert_rule_test": looks})
    told(folder, tests)


def test_nothing_fires_while_all_is_well(folder: Path) -> None:
    silent = {"expr": "ALERTS", "eval_time": "80m", "exp_samples": []}
    one = {"interval": "1m", "input_series": series(WELL), "promql_expr_test": [silent]}
    told(folder, [one])


def test_well_is_more_than_the_absence_of_series() -> None:
    fed = {name for series in WELL for name in names(series)}
    used = {name for rule in ALERTS.values() for name in names(rule["expr"])}
    assert used == fed


def told(folder: Path, tests: list[Json]) -> None:
    file = folder / "test.yaml"
    whole = {"rule_files": ["alerts.yaml"], "evaluation_interval": "1m", "tests": tests}
    file.write_text(yaml.safe_dump(whole))
    promtool("test", "rules", file.name, folder=folder)


@pytest.mark.parametrize("group", RULES["groups"], ids=lambda group: group["name"])
def test_every_series_is_one_that_somebody_tells(group: Json) -> None:
    used = {name for rule in group["rules"] for name in names(rule["expr"])}
    by = EXPORTERS.get(group["name"])
    assert used <= (documented() if by is None else recorded(by))


def test_rules_are_about_the_watched_namespaces() -> None:
    text = yaml.safe_dump(spec(EAST))
    assert 'namespace=~"gauth|gws|nexus|stores|ucsx|voice|voicemail"' in text
    assert "iwd|infra" not in text
    own = yaml.safe_dump(spec({"prometheusRule": {"namespaces": ["one", "two"]}}))
    assert 'namespace=~"one|two"' in own


def test_a_site_may_leave_out_an_alert_or_a_group_and_add_its_own() -> None:
    ours = {
        "name": "ours",
        "rules": [
            {"alert": "Ours", "expr": "up == 0", "labels": {}, "annotations": {}}
        ],
    }
    wanted = {
        "disabled": ["GwsRedisDown"],
        "groups": {"gws-consul": False},
        "additionalGroups": [ours],
    }
    groups = {
        one["name"]: one["rules"] for one in spec({"prometheusRule": wanted})["groups"]
    }
    assert "gws-consul" not in groups and groups["ours"] == ours["rules"]
    assert "GwsRedisDown" not in {rule["alert"] for rule in groups["gws-redis"]}


def test_every_pod_is_scraped_once() -> None:
    on = {
        "serviceMonitor": {
            "enabled": True,
            "authorization": {"credentials": {"name": "a", "key": "b"}},
        }
    }
    for site in ({}, EAST):
        objects = rendered(on, site)
        (monitor,) = of(objects, "ServiceMonitor")
        wanted = monitor["spec"]["selector"]["matchLabels"]
        found = [
            one for one in of(objects, "Service")
            if wanted.items() <= one["metadata"]["labels"].items()
        ]  # fmt: skip
        assert [one["metadata"]["name"] for one in found] == ["gws-observatory-metrics"]
        for one in of(objects, "Deployment"):
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert found[0]["spec"]["selector"].items() <= labels.items()
