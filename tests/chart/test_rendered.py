"""What the chart renders is what Kubernetes takes, and what the product takes."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from helm_python.chart import lint
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import all_versions, schema_contents
from referencing import Registry, Resource

from app.config.load import check
from tests.chart.custom_resources import SPECS
from tests.chart.helm import (
    CHART,
    FOLDER,
    LEAST,
    RELEASE,
    TOP,
    configuration,
    merged,
    named,
    of,
    pods,
    rendered,
)
from tests.chart.sites import EVERYTHING, SITES

VERSIONS = all_versions()
FEW = (VERSIONS[0], VERSIONS[len(VERSIONS) // 2], VERSIONS[-1])
LINT_WARNING = 2
each_site = pytest.mark.parametrize("site", SITES)


@functools.cache
def validator(version: str, kind: str, api: str) -> Draft202012Validator:
    """What kubernetes-validate would hold an object against, read once."""
    group, _, number = api.rpartition("/")
    suffix = "-".join(filter(None, (group.partition(".")[0], number)))
    folder = f"kubernetes-json-schema/v{version}-local-strict"
    schema = schema_contents(f"{folder}/{kind.lower()}-{suffix}.json", version)
    return Draft202012Validator(schema, registry=definitions(version))


@functools.cache
def definitions(version: str) -> Registry:
    folder = f"kubernetes-json-schema/v{version}-local-strict"
    found = schema_contents(f"{folder}/_definitions.json", version)
    return Resource.from_contents(found) @ Registry()


@functools.cache
def valid(document: str, version: str) -> None:
    """Each object once a version: most sites have most of them in common."""
    one = json.loads(document)
    validator(version, one["kind"], one["apiVersion"]).validate(one)


def validated(version: str) -> Iterator[str]:
    """The kinds of all that every site makes, each of them valid."""
    for site in SITES.values():
        for one in rendered(site):
            if (one["apiVersion"], one["kind"]) not in SPECS:
                valid(json.dumps(one), version)
                yield one["kind"]


@pytest.mark.parametrize("version", FEW)
def test_every_object_is_valid_in_kubernetes(version: str) -> None:
    assert {
        "ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job",
        "NetworkPolicy", "PersistentVolumeClaim", "Pod", "PodDisruptionBudget", "Role",
        "Service", "ServiceAccount", "ClusterRoleBinding",
    } <= set(validated(version))  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("version", sorted(set(VERSIONS) - set(FEW)))
def test_every_object_is_valid_in_every_version_of_kubernetes(version: str) -> None:
    assert set(validated(version))


def test_a_key_that_kubernetes_does_not_know_would_be_noticed() -> None:
    wrong = merged(named(rendered(), "Deployment"), {"spec": {"replicsa": 1}})
    for version in FEW:
        with pytest.raises(jsonschema.ValidationError, match="replicsa"):
            valid(json.dumps(wrong), version)
        with pytest.raises(jsonschema.ValidationError, match="replicsa"):
            kubernetes_validate.validate(wrong, version, strict=True)


@each_site
def test_objects_of_other_makers_are_as_these_define_them(site: str) -> None:
    for one in rendered(SITES[site]):
        schema = SPECS.get((one["apiVersion"], one["kind"]))
        if schema is not None:
            jsonschema.validate(one["spec"], schema)


def test_everything_that_is_not_kubernetes_own_is_rendered_once() -> None:
    made = {one["kind"] for one in rendered(EVERYTHING)}
    assert {kind for _, kind in SPECS} <= made


@each_site
def test_helm_has_nothing_to_object_to(site: str) -> None:
    report = lint(CHART, merged(LEAST, SITES[site]), strict=True)
    said = [one for one in report["messages"] if one["severity"] >= LINT_WARNING]
    assert (said, report["errors"] or []) == ([], [])


@each_site
def test_no_two_objects_share_a_name(site: str) -> None:
    found = [
        (one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"])
        for one in rendered(SITES[site])
    ]
    assert len(found) == len(set(found))


@each_site
def test_the_product_takes_each_configuration(site: str, tmp_path: Path) -> None:
    objects = rendered(SITES[site])
    for component, pod in pods(objects):
        if component in ("observatory", "collect", "web"):
            text = mounted(objects, pod, tmp_path)
            check(text, "config.yaml", tmp_path, environment(pod))


def mounted(objects: tuple[dict[str, Any], ...], pod: dict[str, Any], top: Path) -> str:
    """The configuration of a pod with the files that it names, below `top`: those that
    are mounted into it, and no other."""
    volumes = {one["name"]: one for one in pod["volumes"]}
    name = volumes["config"]["configMap"]["name"]
    config = configuration(objects, name)
    text = yaml.safe_dump(config).replace(FOLDER, str(top / name))
    folders = [one["mountPath"] for one in pod["containers"][0]["volumeMounts"]]
    for file in re.findall(rf"{top / name}\S+", text):
        path = Path(file)
        folder = f"{FOLDER}/{path.parent.relative_to(top / name)}"
        assert folder in folders, f"{file} is not mounted"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return text


def environment(pod: dict[str, Any]) -> dict[str, str]:
    listed = pod["containers"][0]["env"]
    return {one["name"]: one["value"] for one in listed if "value" in one}


def test_check_config_itself_says_that_all_is_fine(tmp_path: Path) -> None:
    objects = rendered(EVERYTHING)
    ((_, pod),) = [one for one in pods(objects) if one[0] == "observatory"]
    file = tmp_path / "config.yaml"
    file.write_text(mounted(objects, pod, tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "app", "check-config", str(file)],
        cwd=TOP,
        env=environment(pod),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "fine; watches prod-east" in done.stdout
    assert "/var/lib/gws-observatory/history.db" in done.stdout


def test_the_configuration_is_checked_before_anything_is_changed() -> None:
    objects = rendered(EVERYTHING)
    job, config = (
        named(objects, kind, f"{RELEASE}-check") for kind in ("Job", "ConfigMap")
    )
    weights = []
    for one in (config, job):
        notes = one["metadata"]["annotations"]
        assert notes["helm.sh/hook"] == "pre-install,pre-upgrade"
        weights.append(int(notes["helm.sh/hook-weight"]))
    assert weights == sorted(weights)
    assert config["data"] == named(objects, "ConfigMap")["data"]


def test_the_charts_versions_are_the_products() -> None:
    about = yaml.safe_load((CHART / "Chart.yaml").read_text())
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    assert about["appVersion"] == about["version"] == project["version"]


def test_nothing_is_written_into_a_secret() -> None:
    for site in SITES.values():
        assert of(rendered(site), "Secret") == []
