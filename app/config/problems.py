"""What is wrong with a configuration, and where: the words for it.

A `Problem` prints as one line: `gws.yaml:12:5: deployments[0].consul.url: ...`. The
place is the file's own line and column, or the environment variable that was at fault.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    place: str
    path: Path
    text: str

    def __str__(self) -> str:
        parts = [part for part in (self.place, dotted(self.path)) if part]
        return ": ".join([*parts, self.text])


class ConfigError(ValueError):
    """Every problem with a configuration, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def dotted(path: Path) -> str:
    """`("deployments", 0, "id")` as a person would write it: `deployments[0].id`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def unknown(name: str, known: Iterable[str], what: str = "unknown key") -> str:
    """What to say about a name that does not exist, with the nearest one that does."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f'{what} "{name}"; did you mean "{near[0]}"?'
    return f'{what} "{name}"; known here: {", ".join(names) or "none"}'
