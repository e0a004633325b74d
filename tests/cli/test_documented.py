"""What `docs/cli.md` says is what the parser takes."""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

from app.cli.arguments import parser
from app.cli.version import VERSION

ROOT = Path(__file__).parents[2]


def commands() -> dict[str, argparse.ArgumentParser]:
    (chosen,) = (
        a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)
    )
    return dict(chosen.choices)


def documented() -> dict[str, set[str]]:
    text = (ROOT / "docs" / "cli.md").read_text()
    parts = re.split(r"^## `([a-z-]+)`$", text, flags=re.M)[1:]
    return {
        name: set(re.findall(r"^\| `(--[a-z-]+)`", body.split("\n## ")[0], re.M))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_every_command_and_option_is_documented_and_no_other():
    real = {
        name: {
            option
            for action in command._actions
            for option in action.option_strings
            if option not in ("-h", "--help")
        }
        for name, command in commands().items()
    }
    assert documented() == real


def test_every_command_and_option_explains_itself():
    for command in commands().values():
        assert command.description


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
