"""Which series there are, and which of them a PromQL expression names."""

from __future__ import annotations

import re

from app.simulator.exporters_kube import kube_state
from tests.chart.helm import TOP

PLACES = {"consul": "consul-1.8/agent-metrics.prometheus.txt"}
HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


def names(expression: str) -> set[str]:
    """The series that a PromQL expression names: what is not in braces, a grouping, a
    string, a range or a function; those of a histogram by the name of the whole."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", expression)
    bare = re.sub(r"\b(by|on|without|ignoring)\s*\([^)]*\)", "", bare)
    words = re.findall(r"\b[a-z_][a-z0-9_]*\b(?!\s*\()", bare, re.I)
    return {HISTOGRAM.sub("", word) for word in words} - {"and", "or", "unless"}


def documented() -> set[str]:
    """Of ourselves: docs/metrics.md, which a test holds against what is exposed."""
    page = (TOP / "docs" / "metrics.md").read_text()
    return set(re.findall(r"^\| `(gws_\w+)`", page, re.M))


def recorded(exporters: str) -> set[str]:
    """Of these exporters, as tests/recorded has them, or the simulated cluster."""
    return {name for one in exporters.split() for name in _of(one)}


def _of(exporter: str) -> set[str]:
    if exporter == "kube-state-metrics":
        return {family.name for family in kube_state([], lambda spec: 0)}
    place = PLACES.get(exporter, f"telemetry/{exporter}.txt")
    lines = (TOP / "tests" / "recorded" / place).read_text().splitlines()
    told = [re.split(r"[{ ]", line)[0] for line in lines if line[:1].isalpha()]
    return {HISTOGRAM.sub("", name) for name in told}
