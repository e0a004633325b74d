"""The dashboard for Grafana: every panel asks for what is told, in words and units."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.chart.helm import CHART, of, rendered
from tests.chart.promtool import promtool
from tests.chart.series import documented, names

BOARD: dict[str, Any] = json.loads(
    (CHART / "dashboards" / "gws-observatory.json").read_text()
)
PANELS = [one for one in BOARD["panels"] if one["type"] != "row"]


def questions() -> list[tuple[str, str]]:
    return [
        (panel["title"], target["expr"].replace("$deployment", "demo"))
        for panel in PANELS
        for target in panel["targets"]
    ]


def test_every_panel_asks_for_series_that_are_told() -> None:
    for title, question in questions():
        assert names(question) and names(question) <= documented(), title


def test_prometheus_takes_every_question_of_the_dashboard(tmp_path: Path) -> None:
    rules = [
        {"record": f"q{at}", "expr": expr} for at, (_, expr) in enumerate(questions())
    ]
    page = {"groups": [{"name": "board", "rules": rules}]}
    (tmp_path / "board.yaml").write_text(yaml.safe_dump(page))
    promtool("check", "rules", "board.yaml", folder=tmp_path)


def test_every_panel_has_a_unit_a_title_and_a_sentence() -> None:
    assert len({one["title"] for one in PANELS}) == len(PANELS)
    for one in PANELS:
        assert one["description"].endswith(".")
        assert one["fieldConfig"]["defaults"]["unit"]


def test_panels_do_not_overlap_and_fill_the_page() -> None:
    taken: set[tuple[int, int]] = set()
    for one in BOARD["panels"]:
        place = one["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, one["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert len(taken) == 24 * (max(y for _, y in taken) + 1)


def test_grafanas_sidecar_finds_the_dashboard() -> None:
    values = {"dashboard": {"enabled": True}}
    found = [
        one
        for one in of(rendered(values), "ConfigMap")
        if "gws-observatory.json" in one["data"]
    ]
    assert found[0]["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert json.loads(found[0]["data"]["gws-observatory.json"]) == BOARD
