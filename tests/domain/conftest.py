"""A deployment in which all is well."""

from __future__ import annotations

import pytest

from tests.domain.calling import OFFICE
from tests.domain.scene import Scene


@pytest.fixture
def scene() -> Scene:
    """All is well, seen by Kubernetes alone."""
    made = Scene()
    made.staff()
    made.look()
    return made


@pytest.fixture
def office(scene: Scene) -> Scene:
    """A Tuesday morning, eleven o'clock in Berlin."""
    scene.calendar = OFFICE
    return scene
