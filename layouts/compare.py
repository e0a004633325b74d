"""Two moments of one deployment side by side, their differences before the pictures.

Painted whole by the server; `assets/compare.js` only finds what a difference is about
on both pictures, and reads the times that somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.compare import STATUS, Change, Difference, How, Value
from app.domain.instants import instant
from app.domain.timeline import Kind
from app.domain.topology import Topology
from layouts import compare_says, figures, times, wall_picture
from layouts import strings_compare as words
from layouts.glyphs import sign, symbols
from layouts.markup import Markup, join, tag
from layouts.pages import COMPARE, PAGES, compared, incident_path
from layouts.plain import figure_words, plain_page
from layouts.strings import PRODUCT, WORDS
from layouts.strings_plain import MADE_UP

Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two pictures; `live`: it is the present one."""

    snapshot: Snapshot
    live: bool = False

    @property
    def at(self) -> str:
        return str(self.snapshot["at"])


@dataclass(frozen=True, slots=True)
class Pair:
    """What is compared, the earlier one first. `made_up`: until when the past was."""

    before: Side
    after: Side
    found: Sequence[Difference]
    made_up: datetime | None = None


def page(
    topology: Topology,
    pair: Pair,
    now: datetime,
    *,
    name: str,
    asset: Callable[[str], str],
) -> str:
    """The whole HTML. `name`: the deployment's."""
    deployment = pair.after.snapshot["deployment"]
    shown = join(
        (
            symbols(),
            _header(deployment, name),
            tag(
                "main",
                _choices(deployment, pair, now),
                _made_up(pair),
                _differences(topology, pair.found),
                tag("div", _side(topology, pair.before, words.BEFORE),
                    _side(topology, pair.after, words.AFTER), class_="cm-pictures"),
                id="gws-main",
                class_="compare",
                data_compare=True,
                data_deployment=deployment,
                data_before=pair.before.at,
                data_after=pair.after.at,
            ),
            figure_words(),
            [tag("script", src=asset(script)) for script in COMPARE.scripts],
        )
    )  # fmt: skip
    title = f"{words.TITLE} · {name} · {PRODUCT}"
    return plain_page(shown, title=title, styles=COMPARE.styles, asset=asset)


def _header(deployment: str, name: str) -> Markup:
    links = [tag("a", one.title, href=one.path(deployment)) for one in PAGES]
    return tag(
        "header",
        tag("div", tag("p", PRODUCT, class_="product"),
            tag("h1", words.HEADING.format(name=name)), class_="brand"),
        tag("nav", links, aria_label=words.OPEN),
        class_="top cm-top",
    )  # fmt: skip


def _choices(deployment: str, pair: Pair, now: datetime) -> Markup:
    quick = [
        tag("a", short, title=full, aria_label=full,
            href=compared(deployment, instant(now - timedelta(seconds=ago))))
        for short, full, ago in words.QUICK
    ]  # fmt: skip
    held = tag(
        "a",
        words.HOLD,
        href=compared(deployment, pair.before.at, pair.after.at),
        title=words.HOLD_TITLE,
        data_compare_held=True,
    )
    return tag(
        "nav", tag("span", words.NOW_AGAINST), quick, _form(deployment, pair), held,
        class_="cm-choices",
        aria_label=words.CHOICES,
    )  # fmt: skip


def _form(deployment: str, pair: Pair) -> Markup:
    """Times are typed in the reader's own zone: the script makes the address."""
    fields = [
        tag("label", tag("span", label),
            tag("input", type="datetime-local", step=1, name=name, data_moment=at))
        for name, label, at in (
            ("at", words.FIRST, pair.before.at),
            ("with", words.SECOND, None if pair.after.live else pair.after.at),
        )
    ]  # fmt: skip
    return tag(
        "form",
        fields,
        tag("button", words.SHOW),
        action=COMPARE.path(deployment),
        data_compare_form=True,
        hidden=True,
    )


def _made_up(pair: Pair) -> Markup | None:
    until = pair.made_up
    if until is None or datetime.fromisoformat(pair.before.at) >= until:
        return None
    text = MADE_UP.format(until=f"{until:%Y-%m-%d %H:%M} UTC")
    return tag("p", text, class_="cm-made-up")


def _differences(topology: Topology, found: Sequence[Difference]) -> Markup:
    groups = [
        _group(topology, how, [one for one in found if one.how is how]) for how in How
    ]
    fade = tag(
        "label",
        tag("input", type="checkbox", data_compare_fade=True),
        tag("span", words.ALL),
        class_="cm-fade",
    )
    return tag(
        "section",
        tag("div", tag("h2", words.DIFFERENCES), tag("p", compare_says.counted(found),
            role="status"), fade if found else None, class_="cm-head"),
        tag("div", groups, class_="cm-groups") if found else None,
        tag("p", words.THRESHOLD, class_="quiet"),
        class_="cm-differences",
        aria_label=words.DIFFERENCES,
    )  # fmt: skip


def _group(topology: Topology, how: How, found: list[Difference]) -> Markup | None:
    if not found:
        return None
    heading = tag(
        "h3",
        tag("span", words.SIGNS[how], class_="cm-sign", aria_hidden="true"),
        f" {words.HEADS[how]} ",
        tag("span", len(found), class_="quiet"),
    )
    items = [_difference(topology, one) for one in found]
    return tag("section", heading, tag("ul", items), data_how=how.value)


def _difference(topology: Topology, one: Difference) -> Markup:
    lane = one.lane
    name = tag("strong", compare_says.called(topology, lane))
    on_picture = lane.kind is not Kind.SOURCE
    return tag(
        "li",
        tag("button", name, type="button", data_find=lane.name) if on_picture else name,
        [_change(change) for change in one.changes],
        data_differs=lane.name,
    )


def _change(change: Change) -> Markup:
    told = compare_says.values(change)
    before, after = (
        _value(change.what, value, text)
        for value, text in zip((change.before, change.after), told, strict=True)
    )
    return tag(
        "span",
        f"{words.CALLED[change.what]} ",
        before,
        " → ",
        after,
        class_="cm-change",
        data_how=change.how.value,
    )


def _value(what: str, value: Value, text: str) -> Markup:
    drawn = sign(str(value), part=False) if what == STATUS and value else None
    status = value if what == STATUS else None
    return tag("span", drawn, text, data_status=status, class_="cm-value")


def _side(topology: Topology, side: Side, heading: str) -> Markup:
    snapshot = side.snapshot
    shown = figures.utc(side.at)
    when = tag("strong", f"{words.NOW}, ") if side.live else None
    suspect = next(iter(snapshot["suspects"]), None)
    told = tag("p", suspect["text"], class_="quiet") if suspect else None
    return tag(
        "figure",
        tag("figcaption",
            tag("h2", heading, ": ", when, times.local(side.at, "full")),
            tag("p", sign(snapshot["status"], part=False),
                tag("b", WORDS[snapshot["status"]]), _incident(snapshot),
                class_="cm-status", data_status=snapshot["status"]),
            told,
            tag("a", words.OPEN, href=_map(snapshot, side))),
        tag("div", wall_picture.draw(topology, snapshot), class_="cm-picture",
            tabindex=0, role="region", aria_label=words.MAP_OF.format(when=shown)),
        data_side=heading.lower(),
    )  # fmt: skip


def _map(snapshot: Snapshot, side: Side) -> str:
    there = PAGES[0].path(snapshot["deployment"])
    return there if side.live else f"{there}?at={side.at}"


def _incident(snapshot: Snapshot) -> Markup | None:
    name = snapshot["incident"]
    if name is None:
        return None
    return tag(
        "a",
        f"{words.INCIDENT} {name}",
        href=incident_path(snapshot["deployment"], name),
    )
