"""The page `/debug`: how the dashboard itself does. Painted whole by the server from
the JSON of `/api/v1/debug`; it shows the moment at which it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from layouts import debug_sources, figures, times
from layouts import strings_debug as words
from layouts.debug_parts import grid, seconds
from layouts.glyphs import symbols
from layouts.markup import Markup, join, tag
from layouts.pages import DEBUG
from layouts.plain import figure_words, plain_page
from layouts.strings import PRODUCT, UNMEASURED

Told = Mapping[str, Any]
API = "/api/v1/debug"
MOMENTS = frozenset({"well_at", "lost_from", "lost_until", "written_at"})
"""What of a store's details is a time."""


def page(
    told: Told,
    now: datetime,
    names: Mapping[str, str],
    only: str | None,
    *,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML. `names`: of all deployments by their ids; `only`: the one that is
    told in full."""
    shown = join(
        (
            symbols(),
            _header(told, names, only),
            tag(
                "main",
                _process(told, now),
                debug_sources.deployments(told["deployments"], now, whole=bool(only)),
                _stores(told["stores"]),
                _configuration(told["configuration"]),
                _warnings(told["warnings"]),
                id="gws-main",
                tabindex=-1,
                class_="debug",
                data_at=told["at"],
            ),
            figure_words(),
            [tag("script", src=asset(script)) for script in DEBUG.scripts],
        )
    )
    title = f"{words.TITLE} · {PRODUCT}"
    return plain_page(shown, title=title, styles=DEBUG.styles, asset=asset)


def address(deployment: str | None, path: str = DEBUG.address) -> str:
    """Of this page or of its JSON, about one deployment or all."""
    return (
        path
        if deployment is None
        else f"{path}?{urlencode({'deployment': deployment})}"
    )


def _header(told: Told, names: Mapping[str, str], only: str | None) -> Markup:
    heading = words.TITLE if only is None else f"{words.TITLE}: {names[only]}"
    links = [
        (words.AGAIN, address(only)),
        (words.EVERYTHING, address(None)) if only else None,
        (words.AS_JSON, address(only, API)),
        (words.METRICS, "/metrics"),
        (words.HOME, "/"),
    ]
    nav = [tag("a", one[0], href=one[1]) for one in links if one is not None]
    as_of = tag("p", words.LEAD, " ", times.local(told["at"]), class_="clock")
    return tag(
        "header",
        tag("a", words.SKIP, href="#gws-main", class_="skip"),
        tag("div", tag("p", PRODUCT, class_="product"), tag("h1", heading),
            class_="brand"),
        as_of,
        tag("nav", nav, aria_label=words.NAV),
        class_="top db-top",
    )  # fmt: skip


def _process(told: Told, now: datetime) -> Markup:
    process = told["process"]
    up_s, lag = process["uptime_s"], process["event_loop_lag"]
    share = figures.ratio(process["cpu_s"] / up_s if up_s > 0 else None)
    lag_told = words.LAG_TOLD.format(
        p95=seconds(lag["p95_s"]), most=seconds(lag["most_s"])
    )
    facts = (
        (words.VERSION, process["version"], None),
        (words.UPTIME, figures.duration(up_s),
         join((words.STARTED, " ", times.local(process["started_at"], "dated")))),
        (words.MEMORY, _size(process["memory_bytes"]), None),
        (words.CPU, seconds(process["cpu_s"]), words.CPU_SHARE.format(share=share)),
        (words.THREADS, process["threads"], None),
        (words.HANDLES, _handles(process),
         words.SOCKETS.format(count=_known(process["sockets"]))),
        (words.LAG, seconds(lag["last_s"]), lag_told),
        (words.FLEET, told["fleet_viewers"]["count"], None),
    )  # fmt: skip
    return _section(
        words.PROCESS,
        tag(
            "dl",
            [
                tag(
                    "div",
                    tag("dt", name),
                    tag("dd", value, tag("p", more) if more else None),
                )
                for name, value, more in facts
            ],
            class_="db-facts",
        ),
    )


def _handles(process: Told) -> str:
    used, limit = _known(process["handles"]), process["handles_limit"]
    return used if limit is None else words.HANDLES_OF.format(used=used, limit=limit)


def _stores(stores: list[Told]) -> Markup:
    rows = [
        (
            words.STORE_NAMES[one["name"]],
            one["kind"],
            one["waiting"],
            one["trouble"] or words.WELL,
            _details(one["details"]),
        )
        for one in stores
    ]
    return _section(
        words.STORES,
        grid(words.STORES, words.STORE_COLUMNS, [(row, None) for row in rows]),
    )


def _details(details: Told) -> Markup:
    told = [
        tag("li", words.STORE_DETAILS[name], " ", _detail(name, value))
        for name, value in details.items()
        if value is not None
    ]
    return tag("ul", told) if told else Markup(UNMEASURED)


def _detail(name: str, value: Any) -> Markup | str:
    if name == "bytes":
        return figures.size(value)
    return times.local(value, "dated") if name in MOMENTS else str(value)


def _configuration(told: Told) -> Markup:
    said = [tag("p", words.CONFIG_GOOD)] if told.get("good", True) else []
    if told.get("problems"):
        said.append(tag("p", words.CONFIG_BROKEN))
        said.append(tag("ul", [tag("li", one) for one in told["problems"]]))
    if told.get("waiting_for_restart"):
        said.append(tag("p", words.CONFIG_WAITS))
        said.append(tag("ul", [tag("li", one) for one in told["waiting_for_restart"]]))
    shown = tag(
        "details",
        tag("summary", words.CONFIGURED),
        tag(
            "pre",
            "\n".join(_lines(told.get("in_force", {}))),
            tabindex=0,
            role="region",
            aria_label=words.CONFIGURED,
        ),
    )
    return _section(words.CONFIGURATION, said, shown)


def _lines(value: Any, indent: str = "") -> list[str]:
    """As somebody would write it."""
    if isinstance(value, Mapping):
        return [
            line
            for name, one in value.items()
            for line in _entry(f"{name}:", one, indent)
        ]
    if isinstance(value, list):
        return [line for one in value for line in _entry("-", one, indent)]
    return [f"{indent}{value}"]


def _entry(head: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, Mapping | list) and value:
        return [f"{indent}{head}", *_lines(value, f"{indent}  ")]
    return [f"{indent}{head} {value}"]


def _warnings(lines: list[Told]) -> Markup:
    if not lines:
        return _section(words.WARNINGS, tag("p", words.NO_WARNINGS))
    rows = [
        ((times.local(one["at"][:19] + "Z", "full"), one["level"], one["text"]), None)
        for one in lines
    ]
    return _section(words.WARNINGS, grid(words.WARNINGS, words.WARNING_COLUMNS, rows))


def _section(heading: str, *shown: Any) -> Markup:
    return tag("section", tag("h2", heading), *shown)


def _size(bytes_: int | None) -> str:
    return UNMEASURED if bytes_ is None else figures.size(bytes_)


def _known(value: int | None) -> str:
    return UNMEASURED if value is None else str(value)
