"""What is new on each target's metrics page, page by page. Pure but for its memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.facts import Fact
from app.domain.targets import ScrapeTarget
from collectors.errors import SourceSilent
from collectors.exposition import Labels, Page
from collectors.rates import Increases, Scrape, increases, pulse, scraped
from collectors.usage_read import is_spent, usage_of
from collectors.vendor_facts import measures_of, traffic_of
from collectors.vendor_metrics import is_counter
from collectors.windows import Interval, Window, over, slid

LONGEST_GAP: Final = 4.0
"""In intervals. After a longer silence counting begins anew."""
REPEATS_ALLOWED: Final = 2.0
"""In intervals: an exporter may cache its page for so long."""


@dataclass(frozen=True, slots=True)
class _Last:
    """What is remembered of a target's last page with news."""

    target: ScrapeTarget
    page: Page
    scrape: Scrape
    window: Window


def counts(name: str, labels: Labels) -> bool:
    """Whether a series is a counter that anybody here counts with."""
    return is_counter(name, labels) or is_spent(name)


class Pages:
    """The last page of every target; `interval_s`: how often each is read."""

    def __init__(self, interval_s: float, window_s: float) -> None:
        self._interval_s = interval_s
        self._window_s = window_s
        self._last: dict[str, _Last] = {}

    def news(
        self, target: ScrapeTarget, page: Page, at: float
    ) -> tuple[Fact, ...] | None:
        """The facts of a page that was read at `at`, in seconds of a clock that only
        goes forward; `None`: it is the last page once more.

        Raises `SourceSilent` when it has been that for too long.
        """
        last = self._last.get(target.name)
        if last is not None and last.target != target:
            last = None  # another pod under the same name
        if last is not None and pulse(page) and pulse(page) == pulse(last.page):
            self._doubt(last, at)
            return None
        before = None if last is None else last.scrape
        counters = frozenset(key for key in page.samples if counts(*key))
        scrape = scraped(page, counters, at, before)
        grown = increases(before, scrape, LONGEST_GAP * self._interval_s)
        window = self._window(target, page, last, grown)
        self._last[target.name] = _Last(target, page, scrape, window)
        traffic = over(window) if window else ()
        measures = measures_of(target.node, target.name, page)
        return (*traffic, *measures, *usage_of(target.node, target.name, page, grown))

    def forget(self, target: ScrapeTarget) -> None:
        self._last.pop(target.name, None)

    def _window(
        self,
        target: ScrapeTarget,
        page: Page,
        last: _Last | None,
        grown: Increases | None,
    ) -> Window:
        """Lately until now; empty where counting begins."""
        if last is None or grown is None:
            return ()
        traffic = traffic_of(target.node, target.name, page, grown)
        return slid(last.window, Interval(grown.window_s, traffic), self._window_s)

    def _doubt(self, last: _Last, at: float) -> None:
        silent_s = at - last.scrape.at
        if silent_s > REPEATS_ALLOWED * self._interval_s:
            raise SourceSilent(
                f"the exporter has repeated the same page for {silent_s:.0f} s"
            )
