"""What an earlier release has kept can be shown by this one."""

from app.domain import wire
from app.domain.filled import FIELDS, filled
from tests.domain.scene import Scene


def test_the_fields_are_those_that_are_told_today(scene: Scene) -> None:
    told = wire.encode(scene.look(), scene.topology)
    assert {part: tuple(told[part][0]) for part in FIELDS} == FIELDS


def test_a_picture_of_today_is_as_it_was(scene: Scene) -> None:
    told = wire.encode(scene.look(), scene.topology)
    assert filled(told) == told


def test_what_was_not_told_then_is_null(scene: Scene) -> None:
    told = wire.encode(scene.look(), scene.topology)
    nodes = [{k: v for k, v in n.items() if k != "users"} for n in told["nodes"]]
    assert filled(told | {"nodes": nodes}) == told
