"""The list of what is shipped says all of it, and the same each time it is made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.supply_chain.locked import RUNTIME, TOP, locked

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Twice, as `make sbom` makes it."""
    folder: Path = tmp_path_factory.mktemp("sbom")
    written = []
    for name in ("first.json", "second.json"):
        subprocess.run(
            ["make", "--no-print-directory", "-o", ".venv/.installed-dev", "sbom", f"SBOM={folder / name}"],
            cwd=TOP, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        written.append((folder / name).read_bytes())
    return written


def test_it_is_the_same_each_time(made):
    assert made[0] == made[1]


def test_it_lists_what_is_locked_with_its_hashes(made):
    bill = json.loads(made[0])
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == (
        "CycloneDX", "gws-observatory",
    )  # fmt: skip
    listed = {
        (one["name"].lower().replace("_", "-"), one["version"])
        for one in bill["components"]
    }
    wanted = {(one.name, one.version) for one in locked(RUNTIME)}
    assert {(name.replace(".", "-"), version) for name, version in listed} == wanted
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])
    assert "sha256" in made[0].decode().lower().replace("-", "")
