"""What `docs/api.md` says is what the API does, and what its description says is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

DOC = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
WEB = Path(__file__).parents[2] / "app" / "web"


def test_the_documented_paths_are_the_described_ones(live):
    described = set(live.get("/openapi.json").json()["paths"])
    assert set(re.findall(r"^\| `(/[^`]*)`", DOC, re.M)) == described


def test_the_documented_error_codes_are_the_ones_in_the_code():
    documented = re.findall(r"^\| (\d{3}) \| `(\w+)`", DOC, re.M)
    code = "".join(path.read_text() for path in WEB.rglob("*.py"))
    for _status, name in documented:
        assert f'"{name}"' in code, name
    used = set(
        re.findall(r'(?:(?:ApiError|answer)\(\s*\d{3}, |Nobody\(\s*)"(\w+)"', code)
    )
    assert used <= {name for _, name in documented}


@pytest.mark.timeout(300)  # hundreds of requests, and a machine may be slow
def test_the_api_answers_every_request_as_it_describes(live):
    """Fuzzed from its own description: wanted, odd and wrong requests alike."""
    every_operation(live, examples=6)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
def test_it_does_so_however_often_it_is_asked(live):
    every_operation(live, examples=300)


def every_operation(live, examples):
    """`examples` of each kind; every check of schemathesis is made."""
    described = schemathesis.openapi.from_url(f"{live.url}/openapi.json")
    fuzzed = [
        operation.ok()
        for operation in described.exclude(path_regex="/stream$").get_all_operations()
    ]
    paths = live.get("/openapi.json").json()["paths"]
    ending = [path for path in paths if not path.endswith("/stream")]
    assert len(fuzzed) == sum(len(paths[path]) for path in ending)
    for operation in fuzzed:
        fuzz(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), examples)
        if "{" in operation.path:
            wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            fuzz(wrong, examples)


def fuzz(cases, examples) -> None:
    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(cases)
    def answers_as_described(case):
        case.call_and_validate()

    answers_as_described()
