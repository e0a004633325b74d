from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.config.load import Configuration, check
from app.config.problems import ConfigError

Read = Callable[..., Configuration]
Problems = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Check a text as if it stood in `gws.yaml`, with the environment given by name."""

    def _read(text: str, **environ: str) -> Configuration:
        return check(text, "gws.yaml", tmp_path, environ)

    return _read


@pytest.fixture
def problems(read: Read) -> Problems:
    """Every problem of a text, as it is printed."""

    def _problems(text: str, **environ: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read(text, **environ)
        return [str(problem) for problem in caught.value.problems]

    return _problems
