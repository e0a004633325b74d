"""The pieces of the panel: one function a piece, values in, components out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from app.domain.hour import Series
from app.domain.status import Status
from layouts import figures, says
from layouts.components import Sign
from layouts.says import State
from layouts.sparkline import span, sparkline
from layouts.strings import (
    BROKEN,
    METRICS,
    NOT_HEARD,
    SOURCES,
    UNMEASURED,
    WITNESSES,
    WORDS,
)

Attributes = dict[str, Any]
OURSELVES = "Concluded"


def section(title: str, content: Iterable[Component]) -> list[Component]:
    """A heading and what stands under it; nothing at all when there is nothing. By its
    key it is known for the same when others come and go above it."""
    children = list(content)
    return [html.Div([html.H3(title), *children], key=title)] if children else []


def close_button() -> Component:
    named: Attributes = {"aria-label": "Close the details", "data-close": "true"}
    return html.Button("×", className="close", type="button", **named)


def verdict(state: State, now: datetime) -> Component:
    """The status in words, since when, how long."""
    since = state["since"]
    when: list[Any] = []
    if since is not None:
        when = [
            _time("data-since", since, figures.lasting(since, now)),
            _moment(since),
        ]
    flapping = state["flapping"]
    if flapping:
        when.append(html.Span(f"flapping: {flapping} changes in 10 min"))
    word = html.Strong(WORDS[state["status"]])
    shown: Attributes = {"data-status": state["status"]}
    children = [Sign(status=state["status"]), word, *when]
    return html.Div(children, className="verdict", **shown)


def old(state: State, snapshot: Mapping[str, Any], now: datetime) -> list[Component]:
    """Says so when what follows is not fresh, and who can't be heard."""
    if state["status"] != Status.STALE:
        return []
    failing = [s for s in snapshot["sources"] if s["status"] == Status.FAILING]
    blind = [s for s in failing if s["name"] not in BROKEN]
    who = ", ".join(SOURCES.get(s["name"], s["name"]) for s in blind)
    because = f" {who} can't be heard." if who else ""
    seen = state.get("observed_at")
    age = figures.ago(seen, now)
    return [
        html.P(
            [
                "The last fact is from ",
                _time("data-observed-at", seen, age),
                f".{because}",
            ],
            className="old",
        )
    ]


def reason(one: Mapping[str, Any], now: datetime) -> Component:
    who = WITNESSES.get(one["witness"], OURSELVES)
    seen = _time(
        "data-observed-at", one["observed_at"], figures.ago(one["observed_at"], now)
    )
    said = html.P([f"{who}, ", seen], className="quiet")
    return _item([html.P(one["text"]), said], one["status"])


def witnesses(state: State, now: datetime) -> list[Component]:
    """Every witness that there is: those that never spoke are named last."""
    spoke = [name for name in WITNESSES if says.heard_of(state, name)]
    silent = [WITNESSES[name] for name in WITNESSES if name not in spoke]
    said = html.Ul([_witness(name, state, now) for name in spoke])
    unheard = html.P(f"{NOT_HEARD}: {', '.join(silent)}.", className="quiet")
    apart = [html.P(f"≠ {words}", className="apart") for words in says.apart(state)]
    return [*apart, *([said] if spoke else []), *([unheard] if silent else [])]


def numbers(
    metrics: Mapping[str, Any], lately: Series, now: datetime
) -> list[Component]:
    """Every live number, a dash where nobody measures it, beside its last hour; the
    browser keeps the numbers."""
    cells: list[Component] = []
    for name, (label, _) in METRICS.items():
        kept: Attributes = {"data-metric": name}
        cells += [
            html.Dt(label),
            html.Dd(sparkline(name, lately.get(name, []), now), className="drawn"),
            html.Dd(figures.metric(name, metrics.get(name)), **kept),
        ]
    note = (
        html.P(span(lately, now), className="quiet") if any(lately.values()) else None
    )
    return [html.Dl(cells, className="numbers"), *([note] if note else [])]


def at_a_glance(state: State) -> list[Component]:
    """Pods, version; a store's memory, clients, and how far its replicas are behind.
    What nobody says is left out."""
    limit, lag_s = figures.of_limit, state["lag_s"]
    shown = [
        ("Ready", figures.ready(state["ready"], state["desired"])),
        ("Restarts", state["restarts"]),
        ("Version", state["version"]),
        ("Memory", limit(state["memory"], state["memory_limit"], figures.size)),
        ("Clients", limit(state["clients"], state["clients_limit"], str)),
        ("Replicas behind", None if lag_s is None else figures.duration(lag_s)),
    ]
    told = [(name, str(value)) for name, value in shown if value is not None]
    known = state["ready"] is not None or state["desired"] is not None
    told = told if known else told[1:]
    return [pairs(told)] if told else []


def pairs(rows: Iterable[tuple[str, str]], class_: str = "") -> Component:
    cells = [cell for name, value in rows for cell in (html.Dt(name), html.Dd(value))]
    return html.Dl(cells, className=class_)


def pod(one: Mapping[str, Any], now: datetime) -> Component:
    """Ready or not, restarts, why it waits, where it runs, how old it is."""
    age = figures.seconds_since(one["started_at"], now)
    facts = [
        "ready" if one["ready"] else "not ready",
        one["phase"] if one["phase"] != "Running" else None,
        "terminating" if one["terminating"] else None,
        figures.restarted(one["restarts"]) if one["restarts"] else None,
        f"on {one['host']}" if one["host"] else None,
        f"up {figures.duration(age)}" if age is not None else None,
    ]
    trouble = ": ".join(part for part in (one["waiting"], one["message"]) if part)
    children = [
        html.P(one["name"], className="pod"),
        html.P(" · ".join(fact for fact in facts if fact), className="quiet"),
        html.P(trouble) if trouble else None,
        html.P(f"Last exit: {one['last_exit']}") if one["last_exit"] else None,
    ]
    return _item(children, Status.OK if one["ready"] else Status.FAILING)


def event(one: Mapping[str, Any], now: datetime) -> Component:
    seen = _time("data-observed-at", one["at"], figures.ago(one["at"], now))
    return html.Li(
        [
            html.P([f"{one['reason']}, ", seen]),
            html.P(one["message"], className="quiet"),
        ]
    )


def goto_connection(number: int, words: str, status: str) -> Component:
    button: Attributes = {"data-goto": str(number)}
    line: Attributes = {"data-status": status}
    children = [
        Sign(status=status),
        html.Button(f"{number} {words}", type="button", **button),
        html.Span(WORDS[status], className="quiet"),
    ]
    return html.P(children, className="goto", **line)


def goto_box(
    node: str, label: str, status: str, ready: int | None, desired: int | None
) -> Component:
    button: Attributes = {"data-goto-node": node}
    line: Attributes = {"data-status": status}
    words = f"{WORDS[status]}, {figures.ready(ready, desired)}"
    children = [
        Sign(status=status),
        html.Button(label, type="button", **button),
        html.Span(words, className="quiet"),
    ]
    return html.P(children, className="goto", **line)


def _witness(name: str, state: State, now: datetime) -> Component:
    status = state["witnesses"][name]
    heard = state["heard"][name]
    age = figures.ago(heard["at"], now)
    seen = _time("data-observed-at", heard["at"], age, witness=name)
    words = f" {WITNESSES[name]}: {WORDS[status]}, "
    head: list[Any] = [Sign(status=status), words, seen]
    said = html.P(heard["text"] or UNMEASURED, className="quiet")
    return _item([html.P(head), said], status)


def _item(children: list[Any], status: str) -> Component:
    shown: Attributes = {"data-status": str(status)}
    return html.Li(children, **shown)


def _moment(instant: str) -> Component:
    """`since 10:42:03 UTC`, which the browser says in the reader's own zone."""
    said: Attributes = {"data-local": "clock", "title": figures.utc(instant)}
    words = f"since {figures.clock(instant)}"
    return html.Time(words, dateTime=instant, className="quiet", **said)


def _time(
    attribute: str, instant: str | None, words: str, witness: str | None = None
) -> Component:
    """A time that the browser counts on; with `witness`, it also learns newer ones."""
    counted: Attributes = {attribute: instant or ""}
    if witness is not None:
        counted["data-witness-heard"] = witness
    return html.Time(words, dateTime=instant, **counted)
