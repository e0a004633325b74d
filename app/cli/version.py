"""The version, also where the package is not installed (a checkout). A test compares
it with `pyproject.toml`."""

from typing import Final

VERSION: Final = "0.1.0"
