"""The pieces of the panel: one function a piece, values in, components out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from app.domain.hour import Series
from app.domain.status import Status
from layouts import aloud, figures, says, strings_says
from layouts import strings_panel as words
from layouts.components import Sign
from layouts.says import State
from layouts.sparkline import span, sparkline
from layouts.strings import (
    AT_MOST,
    METRICS,
    NOT_HEARD,
    UNMEASURED,
    USES,
    WITNESSES,
    WORDS,
)

Attributes = dict[str, Any]


def section(title: str, content: Iterable[Component]) -> list[Component]:
    """A heading and what stands under it; nothing at all when there is nothing. By its
    key it is known for the same when others come and go above it."""
    children = list(content)
    return [html.Div([html.H3(title), *children], key=title)] if children else []


def close_button() -> Component:
    named: Attributes = {"aria-label": words.CLOSE, "data-close": "true"}
    return html.Button("×", className="close", type="button", **named)


def opening(
    state: State, snapshot: Mapping[str, Any], now: datetime
) -> list[Component]:
    """How it stands, in a sentence; under it since when, and who says so."""
    said = aloud.sentence(state, snapshot, now)
    shown: Attributes = {"data-status": state["status"]}
    lasting = [" ", _time("data-since", state["since"], said.lasting)]
    children: list[Any] = [
        Sign(status=state["status"]),
        html.Strong(said.word),
        *(lasting if said.lasting else []),
        f": {said.because}",
    ]
    line = html.P(children, className="aloud", **shown)
    return [line, *_byline(state, said.aside, now)]


def _byline(state: State, aside: str, now: datetime) -> list[Component]:
    told: list[list[Any]] = []
    if state["since"] is not None:
        told.append([_moment(state["since"])])
    for first in state["reasons"][:1]:
        told.append(_by_whom(first, now))
    if aside:
        told.append([aside])
    if state["flapping"]:
        told.append([words.FLAPPING.format(count=state["flapping"])])
    spans = [html.Span(one) for one in told]
    return [html.P(spans, className="quiet byline")] if spans else []


def old(state: State, now: datetime) -> list[Component]:
    """Says so when what follows is not fresh."""
    if state["status"] != Status.STALE:
        return []
    seen = state.get("observed_at")
    age = _time("data-observed-at", seen, figures.ago(seen, now))
    return [html.P([words.LAST_FACT, age, "."], className="old")]


def reasons(every: Iterable[Mapping[str, Any]], now: datetime) -> list[Component]:
    said = [
        _item(
            [html.P(one["text"]), html.P(_by_whom(one, now), className="quiet")],
            one["status"],
        )
        for one in every
    ]
    return [html.Ul(said)] if said else []


def _by_whom(reason: Mapping[str, Any], now: datetime) -> list[Any]:
    at = reason["observed_at"]
    who = WITNESSES.get(reason["witness"], words.CONCLUDED)
    return [f"{who}, ", _time("data-observed-at", at, figures.ago(at, now))]


def witnesses(state: State, now: datetime) -> list[Component]:
    """Every witness that there is: those that never spoke are named last."""
    spoke = [name for name in WITNESSES if says.heard_of(state, name)]
    silent = [WITNESSES[name] for name in WITNESSES if name not in spoke]
    said = html.Ul([_witness(name, state, now) for name in spoke])
    unheard = html.P(f"{NOT_HEARD}: {', '.join(silent)}.", className="quiet")
    apart = [html.P(f"≠ {told}", className="apart") for told in says.apart(state)]
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
            html.Dd(_opening_charts(name, lately, now), className="drawn"),
            html.Dd(figures.metric(name, metrics.get(name)), **kept),
        ]
    return [html.Dl(cells, className="numbers"), *_below(metrics, lately, now)]


def _below(
    metrics: Mapping[str, Any], lately: Series, now: datetime
) -> list[Component]:
    if any(lately.values()):
        return [html.P(span(lately, now), className="quiet")]
    if any(value is not None for value in metrics.values()):
        return []
    return [html.P(f"{words.UNMEASURED}: {words.TELEMETRY}.", className="quiet")]


def charts_button(subject: str) -> list[Component]:
    """Of a connection: boxes have no numbers of their own."""
    if not subject.isdecimal():
        return []
    opens: Attributes = {"data-charts": "all"}
    button = html.Button(words.CHARTS, type="button", **opens)
    return [html.Div(button, className="opens-charts", key="charts")]


def _opening_charts(name: str, lately: Series, now: datetime) -> Component | None:
    """A line of the last hour, which leads to its chart."""
    points = lately.get(name, [])
    line = sparkline(name, points, now)
    if line is None:
        return None
    label = f"{words.OPEN_CHARTS}. {line.label}"
    opens: Attributes = {"data-charts": name, "aria-label": label}
    return html.Button(line, className="leads", type="button", **opens)


def at_a_glance(state: State) -> list[Component]:
    """Pods, version; a store's memory, clients, and how far its replicas are behind;
    what its pods use. What nobody says is left out."""
    limit, lag_s = figures.of_limit, state["lag_s"]
    shown = [
        (strings_says.READY, figures.ready(state["ready"], state["desired"])),
        (strings_says.RESTARTS, state["restarts"]),
        (strings_says.VERSION, state["version"]),
        (
            strings_says.MEMORY,
            limit(state["memory"], state["memory_limit"], figures.size),
        ),
        (strings_says.CLIENTS, limit(state["clients"], state["clients_limit"], str)),
        (strings_says.LAG, None if lag_s is None else figures.duration(lag_s)),
        *uses(state),
    ]
    told = [(name, str(value)) for name, value in shown if value is not None]
    known = state["ready"] is not None or state["desired"] is not None
    told = told if known else told[1:]
    return [pairs(told)] if told else []


def uses(state: State) -> Iterator[tuple[str, str | None]]:
    """Users, processor, memory of a box's pods, and how many there may be."""
    users, cpu, most = state["users"], state["cpu"], state["replicas_max"]
    memory, limit = state["pods_memory"], state["pods_memory_limit"]
    if users is not None:
        marks = state["users_marks"]
        yield USES["users"], figures.users_shared(users, state["users_most"], marks)
    if cpu is not None:
        yield USES["cpu"], figures.cores(cpu, state["cpu_limit"])
    yield USES["pods_memory"], figures.of_limit(memory, limit, figures.size)
    if most is not None:
        yield USES["replicas_max"], AT_MOST.format(replicas=most)


def pairs(rows: Iterable[tuple[str, str]], class_: str = "") -> Component:
    cells = [cell for name, value in rows for cell in (html.Dt(name), html.Dd(value))]
    return html.Dl(cells, className=class_)


def pod(one: Mapping[str, Any], now: datetime) -> Component:
    """Ready or not, restarts, why it waits, where it runs, how old it is."""
    age = figures.seconds_since(one["started_at"], now)
    facts = [
        words.POD_READY if one["ready"] else words.POD_NOT_READY,
        one["phase"] if one["phase"] != "Running" else None,
        words.TERMINATING if one["terminating"] else None,
        figures.restarted(one["restarts"]) if one["restarts"] else None,
        words.RUNS_ON.format(host=one["host"]) if one["host"] else None,
        None if age is None else words.UP.format(age=figures.duration(age)),
    ]
    trouble = ": ".join(part for part in (one["waiting"], one["message"]) if part)
    children = [
        html.P(one["name"], className="pod"),
        html.P(" · ".join(fact for fact in facts if fact), className="quiet"),
        html.P(trouble) if trouble else None,
        html.P(words.LAST_EXIT.format(how=one["last_exit"]))
        if one["last_exit"]
        else None,
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


def goto_connection(number: int, ends: str, status: str) -> Component:
    button: Attributes = {"data-goto": str(number)}
    line: Attributes = {"data-status": status}
    children = [
        Sign(status=status),
        html.Button(f"{number} {ends}", type="button", **button),
        html.Span(WORDS[status], className="quiet"),
    ]
    return html.P(children, className="goto", **line)


def goto_box(
    node: str, label: str, status: str, ready: int | None, desired: int | None
) -> Component:
    button: Attributes = {"data-goto-node": node}
    line: Attributes = {"data-status": status}
    told = f"{WORDS[status]}, {figures.ready(ready, desired)}"
    children = [
        Sign(status=status),
        html.Button(label, type="button", **button),
        html.Span(told, className="quiet"),
    ]
    return html.P(children, className="goto", **line)


def _witness(name: str, state: State, now: datetime) -> Component:
    status = state["witnesses"][name]
    heard = state["heard"][name]
    age = figures.ago(heard["at"], now)
    seen = _time("data-observed-at", heard["at"], age, witness=name)
    told = f" {WITNESSES[name]}: {WORDS[status]}, "
    head: list[Any] = [Sign(status=status), told, seen]
    said = html.P(heard["text"] or UNMEASURED, className="quiet")
    return _item([html.P(head), said], status)


def _item(children: list[Any], status: str) -> Component:
    shown: Attributes = {"data-status": str(status)}
    return html.Li(children, **shown)


def _moment(instant: str) -> Component:
    """`since 10:42:03 UTC`, which the browser says in the reader's own zone."""
    said: Attributes = {"data-local": "clock", "title": figures.utc(instant)}
    told = words.SINCE.format(at=figures.clock(instant))
    return html.Time(told, dateTime=instant, **said)


def _time(
    attribute: str, instant: str | None, told: str, witness: str | None = None
) -> Component:
    """A time that the browser counts on; with `witness`, it also learns newer ones."""
    counted: Attributes = {attribute: instant or ""}
    if witness is not None:
        counted["data-witness-heard"] = witness
    return html.Time(told, dateTime=instant, **counted)
