"""The fold that explains a colour: where it stands, and that it lacks no word."""

from typing import get_args

from app.domain.explain_past import SAID
from app.domain.facts import Fact
from app.domain.status import Status
from layouts.components import Explain
from layouts.panel import panel
from layouts.strings_explain import KINDS, UNDECIDED, for_browser


def folds(tree):
    """Every such fold in a component tree."""
    if isinstance(tree, Explain):
        return [tree.to_plotly_json()["props"]]
    branches = tree if isinstance(tree, list | tuple) else []
    if hasattr(tree, "children"):
        branches = [tree.children]
    return [found for branch in branches for found in folds(branch)]


def test_a_connection_can_be_asked_why(topology, mixed, now):
    (fold,) = folds(panel(topology, mixed, {"connection": 12}, now))
    assert (fold["number"], fold["title"]) == (12, "Why this colour?")


def test_a_box_cannot_since_it_has_no_explanation(topology, mixed, now):
    assert folds(panel(topology, mixed, {"node": "redis"}, now)) == []


def test_every_kind_of_fact_has_a_name():
    kinds = {kind.__name__.removesuffix("Fact").lower() for kind in get_args(Fact)}
    assert set(KINDS) - {SAID} == kinds


def test_the_browser_has_a_name_for_every_number():
    assert for_browser()["numbers"]["latency_p95_ms"] == "Latency, p95"
    assert {type(status) for status in for_browser()["undecided"]} == {str}


def test_every_status_has_words_for_being_decided_by_no_rule():
    assert set(UNDECIDED) == set(Status)
