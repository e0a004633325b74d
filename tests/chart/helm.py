"""The chart as the real Helm engine renders it, and values to render it with."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from helm_python.chart import Chart

TOP = Path(__file__).parents[2]
CHART = TOP / "deploy" / "helm" / "gws-observatory"
RELEASE, NAMESPACE = "gws-observatory", "watching"
FOLDER = "/etc/gws-observatory"

Json = dict[str, Any]
LEAST: Json = {"config": {"server": {"auth": {"mode": "open"}}}}
"""Without a word about who may come in nothing is installed."""


@functools.cache
def chart() -> Chart:
    return Chart.load(CHART)


def merged(*layers: Mapping[str, Any]) -> Json:
    """As Helm lays one values file over another: maps are merged, the rest replaced."""
    found: Json = {}
    for layer in layers:
        for key, value in layer.items():
            old = found.get(key)
            both = isinstance(value, Mapping) and isinstance(old, Mapping)
            found[key] = merged(old, value) if both else value
    return found


def values_of(name: str) -> Json:
    """Those of `values-<name>.yaml`."""
    return yaml.safe_load((CHART / f"values-{name}.yaml").read_text())


@functools.cache
def _rendered(values: str) -> tuple[Json, ...]:
    found = chart().render(json.loads(values), name=RELEASE, namespace=NAMESPACE)
    texts = [text for name, text in sorted(found.items()) if name.endswith(".yaml")]
    # The loader in C: there are some hundred thousand lines.
    loaded = (yaml.load_all(text, yaml.CSafeLoader) for text in texts)
    return tuple(one for documents in loaded for one in documents if one)


def rendered(*layers: Mapping[str, Any]) -> tuple[Json, ...]:
    """Every object that an installation with these values makes. Not to be changed."""
    return _rendered(json.dumps(merged(LEAST, *layers)))


def of(objects: tuple[Json, ...], kind: str) -> list[Json]:
    return [one for one in objects if one["kind"] == kind]


def named(objects: tuple[Json, ...], kind: str, name: str = RELEASE) -> Json:
    (found,) = [one for one in of(objects, kind) if one["metadata"]["name"] == name]
    return found


def pods(objects: tuple[Json, ...]) -> Iterator[tuple[str, Json]]:
    """Each pod that is made, by hooks too: its component, and its specification."""
    for one in objects:
        pod = one if one["kind"] == "Pod" else one.get("spec", {}).get("template")
        if pod and "containers" in pod.get("spec", {}):
            labels = pod["metadata"]["labels"]
            yield labels["app.kubernetes.io/component"], pod["spec"]


def configuration(objects: tuple[Json, ...], name: str = RELEASE) -> Json:
    text: str = named(objects, "ConfigMap", name)["data"]["config.yaml"]
    return yaml.safe_load(text)
