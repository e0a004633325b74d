"""Signs of what happened, for the strip above the lanes, the lanes and the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.timeline import Turn, What
from app.domain.timeline_lanes import Span
from layouts.glyphs import definitions
from layouts.markup import Markup, tag
from layouts.strings_timeline import NOTE, WHATS

_LINE: Final = 'class="sign-line"'
_BODY: Final = 'class="sign-body"'
SHAPES: Final[dict[str, str]] = {
    What.ROLLOUT_BEGUN: f'<path {_LINE} d="M7 12V3M3 6.4 7 2.4l4 4"/>',
    What.ROLLOUT_ENDED: f'<path {_LINE} d="M7 13V5M3 8.4 7 4.4l4 4M2 1.6h10"/>',
    What.VERSION: f'<path {_LINE} d="M1.5 2h5L12.6 8 8 12.6 1.5 6.2ZM4.2 4.7h.1"/>',
    What.SCALED: f'<path {_LINE} d="M7 1.5v11M4 4.2l3-3 3 3M4 9.8l3 3 3-3"/>',
    What.RESTART: f'<path {_LINE} d="M12 7a5 5 0 1 1-1.7-3.8M10.6.6v3H7.6"/>',
    What.EVICTED: f'<path {_BODY} d="M7 1 12.6 7.6H1.4ZM1.4 9.8h11.2v2.6H1.4Z"/>',
    What.ALERT: (
        f'<path {_BODY} d="M7 .8a4 4 0 0 1 4 4v3.4l1.6 2.4H1.4L3 8.2V4.8a4 4 0 0 1 '
        '4-4ZM5.4 11.6h3.2a1.6 1.6 0 0 1-3.2 0Z"/>'
    ),
    What.ALERT_OVER: (
        f'<path {_LINE} d="M7 1.4a3.6 3.6 0 0 1 3.6 3.6v3.2l1.4 2.2H2l1.4-2.2V5A3.6 '
        '3.6 0 0 1 7 1.4ZM5.6 12.8h2.8"/>'
    ),
    NOTE: f'<path {_LINE} d="M1.6 2h10.8v7.6H7L3.8 12.4V9.6H1.6ZM4 4.6h6M4 7h4"/>',
}
NEAR: Final = 0.03
"""Of the span: what is nearer to each other than a sign is wide stands as one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`href`: where it leads to."""

    at: datetime
    what: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Marks too near to each other to stand apart."""

    marks: tuple[Mark, ...]

    @property
    def first(self) -> Mark:
        return self.marks[0]

    @property
    def title(self) -> str:
        return "\n".join(mark.text for mark in self.marks[:8]) + (
            f"\nand {len(self.marks) - 8} more" if len(self.marks) > 8 else ""
        )


def clusters(marks: Iterable[Mark], span: Span) -> list[Cluster]:
    near = (span.end - span.begin) * NEAR
    found: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda one: one.at):
        if found and mark.at - found[-1][0].at < near:
            found[-1].append(mark)
        else:
            found.append([mark])
    return [Cluster(tuple(marks)) for marks in found]


def words(turn: Turn, label: str) -> str:
    """`Redis: restart, redis-0 restarted`."""
    return f"{label}: {WHATS[turn.what]}, {turn.text}"


def symbols() -> Markup:
    """The definitions that `sign` refers to; once in a page."""
    return definitions("gws-what", SHAPES)


def sign(what: str) -> Markup:
    return tag(
        "svg",
        tag("use", href=f"#gws-what-{what}"),
        class_="sign",
        viewBox="0 0 14 14",
        aria_hidden="true",
        focusable="false",
    )


def shown(cluster: Cluster, place: str) -> Markup:
    """A sign in a track; several near each other are counted."""
    several = len(cluster.marks) > 1
    return tag(
        "a",
        sign(cluster.first.what),
        tag("span", len(cluster.marks)) if several else None,
        class_="tl-mark",
        style=place,
        href=cluster.first.href,
        title=cluster.title,
        tabindex=-1,
        data_what=cluster.first.what,
    )


def kinds(turns: Sequence[Turn]) -> list[str]:
    """Which of them there are, in their own order, for the legend."""
    there = {turn.what for turn in turns}
    return [what for what in WHATS if what in there]
