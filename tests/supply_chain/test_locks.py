"""What is installed is what was looked at: pinned, by its hashes, from nowhere in
particular."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.supply_chain.locked import DEVELOPMENT, RUNTIME, TOP, locked

INSTALLS = re.compile(
    r"(^|/)(Makefile|Dockerfile|pyproject\.toml|[^/]+\.(lock|sh|cfg|ini)|\.ci/run)$"
)
ADDRESS = re.compile(r"\w+://(?!127\.0\.0\.1|localhost|\$)|(?<!no-emit-)index-url")


@pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT], ids=lambda file: file.name)
def test_every_requirement_is_pinned_with_its_hashes(file):
    found = locked(file)
    assert len(found) > 50
    for one in found:
        assert one.version
        assert one.hashes, one.name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in one.hashes), (
            one.name
        )
        assert one.requirement.url is None, one.name
    names = [(one.name, str(one.requirement.marker)) for one in found]
    assert len(names) == len(set(names))


def test_what_is_developed_with_is_what_runs():
    """Nothing is tested in another version than is shipped."""
    developed = {one.name: one.version for one in locked(DEVELOPMENT)}
    for one in locked(RUNTIME):
        assert developed[one.name] == one.version


def test_what_installs_names_no_address_to_install_from():
    """The machine's own settings say where from."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    )
    installs = [name for name in listed.stdout.split("\n") if INSTALLS.search(name)]
    assert {"Makefile", "Dockerfile", RUNTIME.name, DEVELOPMENT.name} <= {*installs}
    for name in installs:
        found = ADDRESS.search((TOP / name).read_text(encoding="utf-8"))
        assert found is None, f"{name}: {found}"


def test_whoever_installs_asks_for_the_hashes():
    assert "--require-hashes" in (TOP / "Makefile").read_text()
    assert "--require-hashes" in (TOP / "Dockerfile").read_text()
