"""A server that speaks OpenSearch's API and is none: what it does not know is not told.

No Elasticsearch can be had where the tests run. `osmem-server` answers the cluster's
health as OpenSearch 3 does, and refuses the nodes' statistics, as a managed service may.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import osmem_server
import pytest

from app.domain.facts_stores import StoreFact
from benchmarks.engines import running
from benchmarks.stage import free_port
from collectors.elasticsearch_store import ElasticsearchAddress, ElasticsearchCollector

pytestmark = pytest.mark.real

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_health_is_told_where_statistics_are_not(tmp_path: Path) -> None:
    program = Path(osmem_server.__file__).with_name("bin") / "osmem-server"
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(program), "-addr", url.removeprefix("http://"), "-no-stdin-watch"]
    with running(command, tmp_path, url, "/_cluster/health"):
        asked = ElasticsearchCollector(
            ElasticsearchAddress(url), dict, lambda reading: None, lambda: NOW
        )
        (reading,) = asked.ask_once()
        asked.stop()
    assert reading.trouble is None
    (fact,) = reading.facts
    assert isinstance(fact, StoreFact)
    assert (fact.state, fact.missing, fact.clients) == ("green", 0, None)
    assert not fact.names_callers
    assert fact.role.startswith("1 nodes; who is connected is not told (HTTP 400")
