"""Counts of requests, told one after another to a scene in which calls are expected."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.domain.expected import Calendar, Span
from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Feed
from app.domain.subject import NodeId, Subject
from tests.domain.scene import Scene

IWD = NodeId("iwd")
"""Where connection 26 ends."""
OFFICE = Calendar(
    ZoneInfo("Europe/Berlin"), (Span(frozenset(range(5)), 8 * 60, 20 * 60),)
)
PACE = 15
WHY = "traffic is expected Mon-Fri 08:00-20:00 Europe/Berlin"


def counts(
    scene: Scene,
    subject: Subject,
    requests: float | None,
    target: str = "pod-1",
    by: str = "",
) -> None:
    fact = TrafficFact(subject, target, PACE, requests, 0.0, by=by)
    scene.hear(Feed("scrape", f"{target}{by}", 45), fact)


def for_a_while(scene: Scene, seconds: int, said: dict[Subject, float]) -> None:
    """Counted every fifteen seconds; the last time at the end of the while."""
    for _ in range(seconds // PACE):
        scene.look(after=PACE)
        scene.sight_kept()
        for at, (subject, requests) in enumerate(said.items()):
            counts(scene, subject, requests, f"pod-{at}")
    scene.look()


def falls_silent(scene: Scene, seconds: int, subject: Subject = IWD) -> None:
    """It was called until now, and for so long it is not."""
    counts(scene, subject, 5.0, "pod-0")
    scene.look()
    for_a_while(scene, seconds, {subject: 0.0})
