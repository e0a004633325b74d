"""What stands in a lock: name, version, hashes, and where it applies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

TOP = Path(__file__).parents[2]
RUNTIME = TOP / "requirements.lock"
DEVELOPMENT = TOP / "requirements-dev.lock"


@dataclass(frozen=True)
class Locked:
    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the index of packages normalises it."""
        return re.sub(r"[-_.]+", "-", self.requirement.name).lower()

    @property
    def version(self) -> str:
        (only,) = self.requirement.specifier
        assert only.operator == "==", self.requirement
        return only.version

    @property
    def applies(self) -> bool:
        """On this machine."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate()


def locked(file: Path) -> list[Locked]:
    """Raises where a line is neither a pinned requirement nor one of its hashes."""
    text = "\n".join(
        line
        for line in file.read_text().splitlines()
        if not line.lstrip().startswith("#")
    )
    found = []
    for whole in text.replace("\\\n", " ").splitlines():
        if whole.strip():
            said, *options = re.split(r"\s--hash=", whole.strip())
            found.append(
                Locked(Requirement(said.strip()), tuple(o.strip() for o in options))
            )
    return found
