"""The colours of `gws.css`: told apart by everybody, legible on every surface.

Colour-blindness after Machado, Oliveira and Fernandes 2009, severity 1.0; distances in
CIEDE2000; contrast as WCAG 2.2 defines it.
"""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

import layouts

ASSETS = Path(layouts.__file__).parent / "assets"
CSS, HIGH = ((ASSETS / name).read_text() for name in ("gws.css", "contrast.css"))
LEAST_DISTANCE = 20
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
STATUSES = ("ok", "degraded", "failing", "no-data")
SURFACES = ("ground", "raised", "card")


def block(css, selector):
    body = css[css.index(selector) :]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", body[: body.index("}")]))


THEMES = {
    "light": block(CSS, ":root {"),
    "dark": block(CSS, ':root[data-theme="dark"] {'),
    "white": block(HIGH, '\n:root[data-theme="contrast"] {'),
    "black": block(HIGH, '\n  :root[data-theme="contrast"] {'),
}
"""`white` and `black` are the two grounds of high contrast."""


def linear(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def lab(colour, sight):
    rgb = linear(colour)
    seen = [
        min(1, max(0, sum(m * c for m, c in zip(row, rgb, strict=True))))
        for row in SIGHT[sight]
    ]
    red, green, blue = seen
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one, two):
    (l1, a1, b1), (l2, a2, b2) = one, two
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    mean_h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    cos = [
        math.cos(math.radians(k * mean_h + s))
        for k, s in ((1, -30), (2, 0), (3, 6), (4, -63))
    ]
    t = 1 - 0.17 * cos[0] + 0.24 * cos[1] + 0.32 * cos[2] - 0.20 * cos[3]
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    r_t = (
        -2
        * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2))))
    )
    dl, dc = (l2 - l1) / s_l, (c2 - c1) / s_c
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / s_h
    return math.sqrt(dl**2 + dc**2 + dh**2 + r_t * dc * dh)


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
     ((50, 2.5, 0), (73, 25, -18), 27.1492),
     ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
     ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082)],
)  # fmt: skip
def test_the_distance_is_that_of_the_published_examples(one, two, distance):
    assert ciede2000(one, two) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHT)
def test_statuses_are_told_apart(theme, sight):
    seen = {status: lab(THEMES[theme][status], sight) for status in STATUSES}
    distances = {
        pair: ciede2000(*(seen[s] for s in pair)) for pair in combinations(STATUSES, 2)
    }
    assert min(distances.values()) >= LEAST_DISTANCE, distances


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("status", [*STATUSES, "maintenance", "focus"])
def test_what_is_drawn_stands_out_from_every_surface(theme, status):
    colours = THEMES[theme]
    assert min(contrast(colours[status], colours[on]) for on in SURFACES) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", [*SURFACES, "wash"])
def test_text_is_legible(theme, surface):
    colours = THEMES[theme]
    assert contrast(colours["ink"], colours[surface]) >= 7
    if surface != "wash":
        assert contrast(colours["quiet"], colours[surface]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"), [("on-failing", "failing"), ("on-alarm", "alarm")]
)
def test_text_on_a_filled_badge_is_legible(theme, text, ground):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


def test_what_a_system_asks_for_looks_as_what_is_chosen():
    asked = "  :root:not([data-theme]) {"
    assert block(CSS, asked) == THEMES["dark"]
    white = HIGH.index("@media (prefers-contrast: more) {")
    black = HIGH.index(
        "@media (prefers-contrast: more) and (prefers-color-scheme: dark) {"
    )
    assert block(HIGH[white:], asked) == THEMES["white"]
    assert block(HIGH[black:], asked) == THEMES["black"]


@pytest.mark.parametrize("theme", ["white", "black"])
def test_high_contrast_is_high(theme):
    colours = THEMES[theme]
    grounds = {colours[surface] for surface in (*SURFACES, "wash")}
    assert grounds == {"#ffffff" if theme == "white" else "#000000"}
    (ground,) = grounds
    assert min(contrast(colours[text], ground) for text in ("ink", "quiet")) >= 7
    assert contrast(colours["on-failing"], colours["failing"]) >= 7
    assert contrast(colours["on-alarm"], colours["alarm"]) >= 7
    drawn = [*STATUSES, "maintenance", "focus", "edge", "boundary"]
    assert min(contrast(colours[name], ground) for name in drawn) >= 4.5


@pytest.mark.parametrize(
    "status",
    ["ok", "degraded", "failing", "idle", "no_data", "stale", "maintenance", "absent"],
)
def test_every_status_has_a_line_of_its_own(status):
    if status != "ok":
        assert f'[data-status="{status}"] > .line' in CSS
