"""What moved on a page without anybody's doing, as the browser itself counts it.

Chromium keeps a `layout-shift` entry for every frame in which something that is seen
changed its place; those just after a click or a key do not count. The sum of the worst
five seconds is what is called the cumulative layout shift.
"""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Page

CALM: Final = 0.01
"""A tenth of what counts as good on the web."""

READ: Final = """() => new Promise(done => {
    const found = [];
    const name = node => {
        if (!node) return "gone";
        const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
        const { tagName, id, className } = element || {};
        return `${tagName}#${id}.${className?.baseVal ?? className} ${JSON.stringify({ ...element?.dataset })}`;
    };
    const keep = entries => {
        for (const entry of entries) {
            if (entry.hadRecentInput) continue;
            found.push({ value: entry.value, at: entry.startTime, moved: entry.sources.map(({ node, previousRect, currentRect }) =>
                `${name(node)}: ${[previousRect, currentRect].map(r => `${r.x},${r.y} ${r.width}x${r.height}`).join(" -> ")}`) });
        }
    };
    const observer = new PerformanceObserver(list => keep(list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => {
        keep(observer.takeRecords());
        observer.disconnect();
        done(found);
    }, 100));
})"""
GAP_MS: Final = 1000
WINDOW_MS: Final = 5000


def shifts(page: Page) -> list[dict[str, Any]]:
    """Every one since the page was opened: its weight, when, and what moved."""
    return list(page.evaluate(READ))


def worst(found: list[dict[str, Any]]) -> float:
    """The weight of the worst burst."""
    most = total = 0.0
    began = last = float("-inf")
    for one in found:
        if one["at"] - last > GAP_MS or one["at"] - began > WINDOW_MS:
            began, total = one["at"], 0.0
        last = one["at"]
        total += one["value"]
        most = max(most, total)
    return most


def told(found: list[dict[str, Any]]) -> str:
    """For a person: what moved from where to where."""
    return "\n".join(
        f"{one['value']:.4f} at {one['at']:.0f} ms: " + "; ".join(one["moved"])
        for one in found
    )
