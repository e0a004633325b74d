"""What is written about the chart is what the chart is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from deploy.helm import make
from tests.chart.helm import CHART, TOP

PAGE = (TOP / "docs" / "helm.md").read_text()


def test_the_schema_has_the_products_own_keys() -> None:
    written = (CHART / "values.schema.json").read_text()
    assert written == make.schema(), "run: make chart"


def test_the_page_has_the_table_of_values() -> None:
    assert make.page() == PAGE, "run: make chart"


def leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path


def test_every_value_is_explained() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    told = [place for place, _ in make.told()]
    assert len(told) == len(set(told))
    for leaf in leaves(values):
        assert any(leaf == one or leaf.startswith(f"{one}.") for one in told), leaf


def test_every_value_is_in_the_schema_and_no_other() -> None:
    """What stands in the schema and not among the values could not be found."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(schema["properties"]) - {"global"} == set(values)
    for key, part in schema["properties"].items():
        if key != "config" and "properties" in part:
            assert set(part["properties"]) >= set(values[key]), key


def test_every_file_of_values_is_told_of() -> None:
    for file in CHART.glob("values-*.yaml"):
        assert file.name in PAGE


def test_every_alert_is_told_of() -> None:
    rules = (CHART / "rules" / "alerts.yaml").read_text()
    for alert in re.findall(r"alert: (\w+)", rules):
        assert f"`{alert}`" in PAGE
