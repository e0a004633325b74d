"""Links out: filled in safely, whatever the values are, or not shown at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.links import FIELDS, address, known_of, names, parsed
from app.domain.subject import NodeId
from app.domain.topology import standard

END = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = (END - timedelta(hours=1), END)
TOPOLOGY = standard()


def test_every_field_is_filled_in_for_a_connection():
    known = known_of(TOPOLOGY, 12, ["infra-redis-blue"], HOUR)
    assert known == {
        "connection": "12",
        "source": "data-collector",
        "destination": "redis",
        "node": "redis",
        "namespace": "infra",
        "workload": "infra-redis-blue",
        "service": "infra-redis-redis-cluster",
        "consul_name": "infra-redis-redis-cluster",
        "from_ms": "1795510800000",
        "to_ms": "1795514400000",
        "from": "2026-11-24T09:00:00.000Z",
        "to": "2026-11-24T10:00:00.000Z",
    }
    assert {*known, "deployment", "context", "datacenter"} == {*FIELDS}


def test_a_box_has_no_ends_and_is_called_as_usual_while_nothing_runs():
    known = known_of(TOPOLOGY, NodeId("workspace"), [], HOUR)
    assert known["workload"] == "gws-app-workspace"
    assert "connection" not in known


def test_who_has_no_workload_has_no_names_of_one():
    known = known_of(TOPOLOGY, NodeId("clients"), [], HOUR)
    assert address(parsed("https://x/{namespace}"), known) is None
    assert address(parsed("https://x/{node}"), known) == "https://x/clients"


def test_text_after_the_last_field_and_doubled_braces_are_kept():
    template = parsed("https://x/{node}/a?q={{b}}")
    assert names(template) == ("node",)
    assert address(template, {"node": "redis"}) == "https://x/redis/a?q={b}"


@pytest.mark.parametrize("text", ["https://x/{", "https://x/}", "https://x/{node"])
def test_a_brace_alone_is_refused(text):
    with pytest.raises(ValueError, match="stands alone"):
        parsed(text)


@pytest.mark.parametrize(
    "text", ["https://x/{}", "https://x/{node!r}", "https://x/{node:>9}"]
)
def test_only_plain_names_stand_in_braces(text):
    with pytest.raises(ValueError, match="without a plain name"):
        parsed(text)


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_value_leads_to_another_address(path, value):
    template = parsed("https://tool.example/d/{node}/end?v={workload}#{to}")
    shown = address(template, {"node": path, "workload": value, "to": value})
    assert shown is not None
    parts = urlsplit(shown)
    assert (parts.scheme, parts.netloc) == ("https", "tool.example")
    assert parts.path.count("/") == 3
    assert parts.path.startswith("/d/") and parts.path.endswith("/end")
    readable = value.encode("utf-8", "replace").decode()
    assert parse_qs(parts.query, keep_blank_values=True) == {"v": [readable]}
    assert not {*shown} & {*"<>\"'\\ \n\t`"}
