"""What is installed is what was looked at: pinned, by its hashes, from nowhere in
particular."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.supply_chain.locked import DEVELOPMENT, RUNTIME, TOP, locked

ADDRESSES = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|npmjs|docker\.io|ghcr)[\w.-]*|(?<!no-emit-)index-url", re.I)  # fmt: skip
OWN = ("tests/supply_chain/test_locks.py",)


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


def test_no_address_of_a_registry_stands_anywhere():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = TOP / name
        if name in OWN or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = ADDRESSES.search(text)
        assert found is None, f"{name}: {found}"


def test_whoever_installs_asks_for_the_hashes():
    assert "--require-hashes" in (TOP / "Makefile").read_text()
    assert "--require-hashes" in (TOP / "Dockerfile").read_text()
