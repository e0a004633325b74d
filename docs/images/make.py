"""Takes the documentation's pictures from a running demo: `make pictures`.

Every page once, in the theme that it is mostly looked at in, with a fault in the
simulated deployment, so that the picture shows what the page is for.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from benchmarks.page import CHROMIUM, FLAGS, until  # noqa: E402  needs the line above
from benchmarks.stage import Process, Stage, free_port, wait_for  # noqa: E402

WIDE: Final = (1600, 1000)
WALL: Final = (1920, 1080)
NARROW: Final = (390, 844)
FAULT: Final = ("pod_crash", "redis")
NUMBER: Final = 24
BROKEN: Final = (
    f"document.querySelector(\"[data-connection='{NUMBER}'][data-status='failing']\")"
)


CONTROL: Final = re.compile(r"^Fault control: (http://[^/\s]+)", re.MULTILINE)
PAST_S: Final = 300.0
"""The demo's weeks of past are made within this time."""


@contextmanager
def demo(folder: Path, deployments: int = 1) -> Iterator[list[Stage]]:
    """A stage for each deployment, all with one dashboard."""
    port, log = free_port(), folder / f"demo-{deployments}.log"
    many = ("--deployments", str(deployments))
    process = Process(("demo", "--port", str(port), *many), log)
    process.start()
    try:
        wait_for("the demo", lambda: "dashboard: " in log.read_text(), PAST_S)
        names = [f"demo-{n}" for n in range(1, deployments + 1)]
        url = f"http://127.0.0.1:{port}"
        yield [
            Stage(url, control, name, simulator=process, server=process)
            for control, name in zip(
                _controls(log), names if deployments > 1 else ["demo"], strict=True
            )
        ]
    finally:
        process.stop()


def _controls(log: Path) -> list[str]:
    return CONTROL.findall(log.read_text())


def with_its_past(stage: Stage) -> None:
    """Which the capacity review is made of."""
    reviewed = f"/api/v1/deployments/{stage.deployment}/capacity"

    def reaches_back() -> bool:
        subjects = stage.get(reviewed).json().get("subjects", [])
        return any(one["limits"] for one in subjects)

    wait_for("its past", reaches_back, PAST_S, every_s=5.0)


@dataclass(frozen=True, slots=True)
class Shot:
    """`path` is of the page, `{id}` its deployment, `{incident}` the open incident.
    `ready` holds in the browser when there is something to see; `act` is done then."""

    name: str
    path: str
    theme: str
    size: tuple[int, int]
    ready: str = BROKEN
    act: Callable[[Page], None] = lambda page: None


def choose(page: Page) -> None:
    """The broken connection, so that the panel tells of it."""
    page.locator(f"[data-connection='{NUMBER}'][data-status='failing']").first.focus()
    page.keyboard.press("Enter")
    page.locator("#panel").get_by_role("heading").first.wait_for()


def back(page: Page) -> None:
    """To the change before, on the slider."""
    page.evaluate(until("document.querySelector('[data-replay-to]')"))
    page.keyboard.press("[")
    page.evaluate(until("document.querySelector('main[data-frozen]')"))


SHOTS: Final = (
    Shot("map-dark", "/map/{id}", "dark", WIDE, act=choose),
    Shot("map-light", "/map/{id}", "light", WIDE, act=choose),
    Shot("map-contrast", "/map/{id}", "contrast", WIDE),
    Shot("list-narrow", "/map/{id}", "light", NARROW),
    Shot("connections", "/connections/{id}", "light", WIDE),
    Shot("timeline", "/timeline/{id}", "light", WIDE,
         "document.querySelector('main svg')"),
    Shot("replay", "/map/{id}?span=all", "light", WIDE, act=back),
    Shot("compare", "/compare/{id}", "light", WIDE,
         "document.querySelector('[data-differs]')"),
    Shot("capacity", "/capacity/{id}?span=7d", "light", WIDE,
         "document.querySelector('.cap-both')"),
    Shot("lens", "/map/{id}?lens=capacity", "dark", WIDE,
         "document.querySelector('html[data-lens-drawn]')"),
    Shot("wall", "/wall/{id}", "dark", WALL),
    Shot("postmortem", "/incident/{id}/{incident}", "light", WIDE,
         "document.querySelector('.printed')"),
)  # fmt: skip


FLEET: Final = 6
FAULTS: Final = {2: FAULT, 4: ("slow", "workspace")}
"""By the place of a deployment in the fleet."""
TURNED: Final = (
    "['failing', 'degraded'].every((status) =>"
    " document.querySelector(`[data-card][data-status=${status}]`))"
)
OF_FLEET: Final = Shot("fleet", "/fleet", "light", WIDE, TURNED)


def take(browser: Browser, stage: Stage, shot: Shot, incident: str) -> None:
    width, height = shot.size
    system = "light" if shot.theme == "contrast" else shot.theme
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=system
    )
    context.add_init_script(f"localStorage.setItem('gws-theme', '{shot.theme}')")
    page = context.new_page()
    path = shot.path.format(id=stage.deployment, incident=incident)
    page.goto(f"{stage.url}{path}")
    page.evaluate(until(shot.ready))
    shot.act(page)
    page.screenshot(path=HERE / f"{shot.name}.png")
    context.close()


def opened(stage: Stage) -> str:
    """The id of the incident that the fault gave rise to."""
    path = f"/api/v1/deployments/{stage.deployment}/incidents?open=true"
    wait_for("an incident", lambda: bool(stage.get(path).json()["incidents"]))
    return str(stage.get(path).json()["incidents"][0]["id"])


def take_all(browser: Browser, folder: Path) -> None:
    with demo(folder) as (stage,):
        with_its_past(stage)
        stage.inject(*FAULT)
        incident = opened(stage)
        for shot in SHOTS:
            take(browser, stage, shot, incident)
    with demo(folder, FLEET) as stages:
        for place, fault in FAULTS.items():
            stages[place].inject(*fault)
        take(browser, stages[0], OF_FLEET, incident)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        take_all(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
