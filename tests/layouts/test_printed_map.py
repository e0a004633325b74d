"""The picture for paper: every box and line, the theme's colours, within its plane."""

import re
from pathlib import Path

import layouts
from app.domain.status import Status
from layouts.geometry import HEIGHT, ROUTES, WIDTH
from layouts.printed_map import (
    EDGE,
    INK,
    LINES,
    QUIET,
    TONES,
    UNTOLD,
    Area,
    Label,
    Line,
    Rect,
    shapes,
    svg,
)

CSS = (Path(layouts.__file__).parent / "assets" / "gws.css").read_text()


def light(name):
    return re.search(rf"--{name}: (#[0-9a-f]{{6}});", CSS)[1]


def test_the_colours_are_those_of_the_light_theme():
    assert (INK, QUIET, EDGE) == (light("ink"), light("quiet"), light("edge"))
    for status in ("ok", "degraded", "failing", "maintenance"):
        assert TONES[status] == light(status)
    assert TONES[Status.STALE] == TONES[Status.NO_DATA] == light("no-data")


def test_every_status_has_a_colour_and_a_pattern():
    assert set(TONES) == set(LINES) == {*Status, UNTOLD}
    assert len({LINES[status] for status in Status}) == len(Status)


def test_every_box_and_every_line_is_drawn(topology, mixed):
    drawn = shapes(topology, mixed)
    texts = [shape.text for shape in drawn if isinstance(shape, Label)]
    assert {str(number) for number in ROUTES} <= set(texts)
    assert "Redis" in texts
    assert "failing" in texts
    assert sum(isinstance(shape, Line) for shape in drawn) == 31
    assert sum(isinstance(shape, Area) for shape in drawn) == 31
    assert sum(isinstance(shape, Rect) for shape in drawn) == 1 + 23 + 31


def test_everything_is_within_the_plane(topology, mixed):
    for shape in shapes(topology, mixed):
        points = getattr(shape, "points", None) or ((shape.x, shape.y),)
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_what_is_not_told_is_thin_and_wordless(topology):
    drawn = shapes(topology, {"connections": [], "nodes": []})
    assert {shape.stroke for shape in drawn if isinstance(shape, Line)} == {EDGE}
    texts = {shape.text for shape in drawn if isinstance(shape, Label)}
    assert not texts & {"no data", "ok", "failing"}


def test_a_drawing_says_in_words_what_it_shows(topology, mixed):
    text = svg(shapes(topology, mixed), "Redis <down>")
    assert text.startswith('<svg class="printed" viewBox="0 0 1600 900" role="img"')
    assert 'aria-label="Redis &lt;down&gt;"' in text
    assert 'stroke-dasharray="20 5"' in text
    assert 'text-anchor="start"' in text
