"""The questions of every kind of telemetry as `docs/telemetry.md` shows them.

`python -m tests.docs.telemetry_page` writes them into the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.domain.telemetry import TITLES
from collectors.telemetry_boxes import ALL

PAGE = Path(__file__).parents[2] / "docs" / "telemetry.md"
BEGIN = "<!-- questions: written by python -m tests.docs.telemetry_page -->\n"
END = "<!-- end of questions -->\n"


def lines() -> Iterator[str]:
    for name, kind in ALL.items():
        marks = " or ".join(f"`{mark}`" for mark in kind.marks)
        yield f"### `{name}`: {TITLES[name]}\n"
        yield f"Known by {marks}.\n"
        yield "```text"
        for ask, query in kind.asks.items():
            yield f"{ask}: {query}"
        yield "```\n"


def parts() -> tuple[str, str, str]:
    """What stands before the questions, they, and what stands after."""
    before, rest = PAGE.read_text().split(BEGIN)
    shown, after = rest.split(END)
    return before, shown, after


def questions() -> str:
    return "\n" + "\n".join(lines()) + "\n"


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + BEGIN + questions() + END + tail)
