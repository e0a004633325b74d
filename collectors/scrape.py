"""The metrics pages of pods, scraped directly.

Each target is read on its own (`rounds`), within its own time-outs and size
(`sockets`, `http_get`), parsed (`exposition`) and turned into facts (`scrape_pages`).
Traffic needs two pages: the first one only tells gauges. From then on it is told over
the scrapes of the last minute (`windows`). A page that repeats the last one (an
exporter that hangs behind a cache) is no news, and soon a trouble.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.reading import Feed, Reading
from app.domain.targets import ScrapeTarget
from collectors.base import Clock, Report
from collectors.errors import (
    CollectorError,
    SourceMisread,
    SourceRefused,
    SourceUnreachable,
)
from collectors.exposition import ACCEPT, Page, read_page
from collectors.http_get import Answer, get, host_header
from collectors.rates import OWN_NAMES
from collectors.rounds import AT_ONCE, Asked, InRounds, Rounds
from collectors.scrape_pages import Pages, counts
from collectors.sockets import Line, Lines, Patience, untrusting
from collectors.trust import Trust
from collectors.usage_read import NAMES as USAGE_NAMES
from collectors.vendor_metrics import NAMES
from collectors.windows import WINDOW_S

log = logging.getLogger(__name__)

WANTED: Final = NAMES | OWN_NAMES | USAGE_NAMES
LARGEST_PAGE: Final = 4 * 1024 * 1024
"""A busy JVM's page is well under 1 MB; parsing takes some ten times the page."""
PATIENCE: Final = Patience(connect_s=2.0, read_s=5.0, total_s=8.0)
TWO_PAGES_S: Final = 1.0


ADVICE: Final = "see scrape.ca_file, scrape.server_name, scrape.insecure_skip_verify"


@dataclass(frozen=True, slots=True)
class PageTls:
    """How a page over TLS is trusted. `server_name`: the name that certificates must
    carry; `None`: the pod's address. `verify`: False: whoever answers is believed."""

    ca_file: str | None = None
    server_name: str | None = None
    verify: bool = True


class ScrapeCollector(InRounds):
    name: Final = "scrape"

    def __init__(
        self,
        targets: Callable[[], Sequence[ScrapeTarget]],
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
        window_s: float = WINDOW_S,
        patience: Patience = PATIENCE,
        largest_page: int = LARGEST_PAGE,
        at_once: int = AT_ONCE,
        tls: PageTls = PageTls(),
    ) -> None:
        self._clock = clock
        self._interval_s = interval_s
        self._patience = patience
        self._largest_page = largest_page
        self._lines = Lines()
        self._tls, self._trust = tls, Trust(tls.ca_file)
        self._pages = Pages(interval_s, window_s)
        self._noted: dict[str, tuple[str, ...]] = {}
        self._stopped = threading.Event()
        self._rounds = Rounds(
            targets=targets,
            feed=self.feed,
            ask=lambda target: Asked(self.read(target)),
            retired=self._forget,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=at_once,
        )

    def feed(self, target: ScrapeTarget) -> Feed:
        return Feed(self.name, target.name, max_age_s=3 * self._interval_s)

    def stop(self) -> None:
        self._stopped.set()
        super().stop()
        self._lines.cut()

    def ask_once(self) -> tuple[Reading, ...]:
        """Every page twice, a second apart: one page alone gives no rate."""
        first = self._rounds.once()
        if not first:
            return ()
        self._stopped.wait(TWO_PAGES_S)
        return self._rounds.once()

    def read(self, target: ScrapeTarget) -> Reading:
        """Scrape one target now."""
        feed = self.feed(target)
        try:
            page, at = self._page(target)
            facts = self._pages.news(target, page, at)
        except CollectorError as exc:
            told = type(exc)(f"{target.name}: {exc}")
            return Reading(feed, self._clock(), trouble=told.trouble())
        if facts is None:
            return Reading(feed, self._clock(), complete=False)
        return Reading(feed, self._clock(), facts)

    def _page(self, target: ScrapeTarget) -> tuple[Page, float]:
        answer = self._answer(target)
        check_status(answer.status, target.path)
        page = read_page(answer.body, answer.content_type, WANTED, counts)
        if page.notes != self._noted.get(target.name, ()):
            self._noted[target.name] = page.notes
            log.warning("%s: left out: %s", target.name, "; ".join(page.notes) or "-")
        return page, answer.answered_at

    def _answer(self, target: ScrapeTarget) -> Answer:
        line = self._lines.dial(target.host, target.port, self._patience)
        try:
            if target.tls:
                self._secure(line, target.host)
            host = host_header(target.host, target.port, target.tls)
            return get(line, host, target.path, accept=ACCEPT, most=self._largest_page)
        finally:
            line.hang_up()

    def _secure(self, line: Line, host: str) -> None:
        if not self._tls.verify:
            line.secure(untrusting(), None)
            return
        context = self._trust.context()
        try:
            line.secure(context, self._tls.server_name or host)
        except SourceRefused as exc:
            text = f"TLS certificate not trusted: {exc}; {ADVICE}"
            raise SourceRefused(text) from exc

    def _forget(self, target: ScrapeTarget) -> None:
        self._pages.forget(target)
        self._noted.pop(target.name, None)


def check_status(status: int, path: str) -> None:
    """Raises what an answer other than 200 means."""
    if status == 200:
        return
    said = f"HTTP {status} from {path}"
    if status in (401, 403):
        raise SourceRefused(f"{said}: scraping is not allowed")
    if status == 404:
        raise SourceMisread(f"{said}: there is no metrics page")
    if 300 <= status < 400:
        raise SourceMisread(f"{said}: redirects are not followed")
    if status >= 500:
        raise SourceUnreachable(said)
    raise SourceMisread(said)
