"""The last warnings and errors of this process's log, for who can't read the log."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, Final

KEPT: Final = 50
LEVELS: Final = ("warning", "error", "critical")
LONGEST: Final = 400
BESIDE: Final = frozenset(
    (
        "event", "level", "timestamp", "exc_info", "stack_info", "_record",
        "_from_structlog",
    )
)  # fmt: skip
"""What is not among the values that are told."""


@dataclass(frozen=True, slots=True)
class Line:
    """`at`: UTC, as the log has it; `text`: the event and its values."""

    at: str
    level: str
    text: str


class Warned:
    """A processor of structlog that keeps what passes it. From any thread."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter(dict.fromkeys(LEVELS, 0))

    def __call__(
        self, _logger: Any, _method: str, said: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        level = str(said.get("level", ""))
        if level in LEVELS:
            self._counts[level] += 1
            at = str(said.get("timestamp", ""))
            self._lines.append(Line(at, level, _told(said)))
        return said

    def lines(self) -> tuple[Line, ...]:
        """The newest first."""
        return tuple(reversed(tuple(self._lines)))

    def counts(self) -> dict[str, int]:
        """How many there were of each level since the start."""
        return dict(self._counts)


def _told(said: MutableMapping[str, Any]) -> str:
    values = [f"{key}={said[key]}" for key in sorted(said) if key not in BESIDE]
    whole = " ".join([str(said.get("event", "")), *values])
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
