"""A page of the dashboard in a real browser, asked in the contract's own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request

from benchmarks.page import ALL_DRAWN, until
from benchmarks.stage import Stage

RECORD: Final = Path(__file__).with_name("record.js")
WITHIN_MS: Final = 30_000
BAD: Final = ("failing", "degraded")
THEMES: Final = ("light", pytest.param("dark", marks=pytest.mark.thorough))
"""Both; CI has time for one."""

READ: Final = """of => Object.fromEntries(
    [...document.querySelectorAll(`[data-${of}][data-status]`)]
        .map(element => [element.dataset[of], element.dataset.status]))"""
HAVE: Final = """given.ids.every(id => given.statuses.includes(
    document.querySelector(`[data-${given.of}="${id}"][data-status]`)?.dataset.status))"""
NONE_HAS: Final = """
    [...document.querySelectorAll(`[data-${given.of}][data-status]`)]
        .every(element => !given.statuses.includes(element.dataset.status))"""
VERSION: Final = "Number(document.querySelector('main').dataset.version)"


@dataclass
class MapPage:
    """`complaints`: what the console, the network or another host gave rise to."""

    page: Page
    stage: Stage
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(path=RECORD)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._complain(f"error: {error}"))
        self.page.on("request", self._request)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complain(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.stage.url, "data:", "blob:")):
            self._complain(f"another host: {request.url}")

    def open(self, path: str = "") -> None:
        """The map of the deployment, or a page with that path; wait until it is live."""
        self.page.goto(f"{self.stage.url}{path or f'/map/{self.stage.deployment}'}")
        self.page.evaluate(ALL_DRAWN)

    def connection(self, number: int) -> Locator:
        return self.page.locator(f"[data-connection='{number}'][data-status]").first

    def label(self, number: int) -> str:
        return self.connection(number).get_attribute("aria-label") or ""

    def statuses(self, of: str = "connection") -> dict[str, str]:
        """What is painted now, by number, box or source."""
        return dict(self.page.evaluate(READ, of))

    def bad(self) -> set[int]:
        """The numbers of the connections that are painted failing or degraded."""
        painted = self.statuses().items()
        return {int(number) for number, status in painted if status in BAD}

    def wait_until(
        self,
        of: str,
        ids: Iterable[Any],
        *statuses: str,
        within_ms: float = WITHIN_MS,
    ) -> None:
        """Each of `ids` is painted with one of `statuses`."""
        wanted = {"of": of, "ids": [str(id_) for id_ in ids], "statuses": [*statuses]}
        self._wait(HAVE, wanted, within_ms)

    def wait_error(self, source: str, words: str) -> None:
        """The source is painted with an error that holds these words."""
        title = "document.querySelector(`[data-source='${given.source}']`)?.title"
        given = {"source": source, "words": words}
        self._wait(f"({title} ?? '').includes(given.words)", given)

    def wait_calm(self, within_ms: float = WITHIN_MS) -> None:
        """No connection, box or source is bad, stale or unheard."""
        unwell = [*BAD, "stale"]
        for of in ("connection", "node", "source"):
            self._wait(NONE_HAS, {"of": of, "statuses": unwell}, within_ms)

    def _wait(self, condition: str, given: Any, within_ms: float = WITHIN_MS) -> None:
        try:
            self.page.evaluate(until(condition, within_ms), given)
        except Error as exc:
            unwell = {
                (of, id_): status
                for of in ("connection", "node", "source")
                for id_, status in self.statuses(of).items()
                if status not in ("ok", "idle")
            }
            raise AssertionError(f"waited for {given}; not well: {unwell}") from exc

    def wait_pictures(self, count: int) -> None:
        """So many more snapshots are painted."""
        seen = self.page.evaluate(VERSION)
        self._wait(f"{VERSION} >= given", seen + count)

    def forget_changes(self) -> None:
        self.page.evaluate("window.testChanges = []")

    def changes(self, of: str = "connection") -> list[tuple[str, str, str]]:
        """(id, from, to) of every change since they were last forgotten."""
        changes = self.page.evaluate("window.testChanges")
        return [(c["id"], c["from"], c["to"]) for c in changes if c["of"] == of]

    def forgive(self, *causes: str) -> None:
        """Complaints that a test caused itself."""
        self.complaints = [
            text for text in self.complaints if not any(c in text for c in causes)
        ]

    def choose(self, number: int) -> None:
        """Open the details of a connection; wait until they are about it."""
        self.connection(number).focus()
        self.page.keyboard.press("Enter")
        panel = self.page.locator("#panel")
        panel.get_by_role("heading").first.wait_for()

    def wait_panel_closed(self) -> None:
        self._wait("!document.querySelector('#panel').textContent.trim()", None)

    def wait_focus(self, number: int) -> None:
        """The connection has the focus."""
        self._wait("document.activeElement?.dataset.connection === given", str(number))
