"""A name that is asked for: told of the box, and no proof of our own place."""

from datetime import timedelta

from app.domain.facts import ConsulClusterFact, ProbeFact, ProbeOutcome
from app.domain.reading import Feed
from app.domain.sight import Answers, answers
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.view import sort
from tests.domain.scene import Scene

ZONE = Feed("probe", "dns a.service.consul", 30)
TEXT = "no such name: the zone consul is not forwarded"


def heard(scene: Scene, *oks: bool) -> None:
    outcomes = tuple(
        ProbeOutcome(scene.now - timedelta(seconds=n), ok, TEXT)
        for n, ok in zip(range(len(oks) - 1, -1, -1), oks, strict=True)
    )
    node = NodeId("consul")
    scene.hear(ZONE, ProbeFact(node, "dns", "a.service.consul", outcomes))
    scene.hear(Feed("consul", "cluster", 30), ConsulClusterFact("a:8300", 3))


def test_a_zone_that_was_forwarded_and_no_more_degrades_and_never_fails() -> None:
    scene = Scene()
    heard(scene, True)
    scene.look()
    for _ in range(5):
        scene.now += timedelta(seconds=10)
        heard(scene, False, False, False)
        scene.look()
    node = scene.node("consul")
    assert node.status is Status.DEGRADED
    told = (
        f"{TEXT}, 3 of 3 (dns a.service.consul, from the dashboard); "
        "1 of 1 targets affected"
    )
    assert told in [reason.text for reason in node.reasons]


def test_a_zone_that_never_was_forwarded_to_us_accuses_nobody() -> None:
    scene = Scene()
    heard(scene, False, False, False)
    assert scene.node("consul").status is Status.OK


def test_whoever_keeps_a_name_is_no_proof_that_anything_else_answers() -> None:
    scene = Scene()
    heard(scene, True)
    views = sort(scene.knowledge, scene.now).views
    assert answers(views, None).made == Answers(blind=False, at=None)
