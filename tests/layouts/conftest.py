"""Snapshots to draw: every status at once, nothing known, and a blind source."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import wire
from app.domain.snapshot import (
    ConnectionState,
    Metrics,
    NodeState,
    PodState,
    Reason,
    Snapshot,
    SourceState,
    Suspect,
    WitnessMark,
)
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.topology import standard
from tests.layouts.fleet_stage import FleetStage, fleet_of
from tests.layouts.stage import Stage

NOW = datetime(2026, 11, 24, 10, 42, 30, tzinfo=UTC)
TOPOLOGY = standard()
STATUSES = {
    9: Status.STALE, 12: Status.FAILING, 18: Status.FAILING, 24: Status.FAILING,
    25: Status.FAILING, 13: Status.DEGRADED, 17: Status.DEGRADED, 3: Status.DEGRADED,
    4: Status.ABSENT, 26: Status.ABSENT, 7: Status.NO_DATA, 16: Status.NO_DATA,
    28: Status.MAINTENANCE, 10: Status.IDLE, 27: Status.IDLE, 8: Status.FAILING,
}  # fmt: skip
NODES = {
    "redis": Status.FAILING, "elasticsearch": Status.DEGRADED, "iwd": Status.ABSENT,
    "gplus-adapter": Status.ABSENT, "postgresql": Status.STALE, "ucs": Status.MAINTENANCE,
    "tenant": Status.NO_DATA, "clients": Status.OK, "platform-services": Status.DEGRADED,
}  # fmt: skip
TROUBLES = (Status.FAILING, Status.DEGRADED)


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def reasons_for(status, text):
    if status not in TROUBLES:
        return ()
    return (
        Reason(Witness.PROBE, status, text, ago(4)),
        Reason(
            None,
            Status.DEGRADED,
            "witnesses disagree: kubernetes ok, probe failing",
            ago(4),
        ),
    )


def connection(number, status):
    marks = (
        WitnessMark(Witness.KUBERNETES, Status.OK, ago(2), "3 of 3 endpoints ready"),
        WitnessMark(
            Witness.PROBE,
            status if status in TROUBLES else Status.OK,
            ago(4),
            "connect 0.4 ms",
        ),
    )
    silent = status in (Status.NO_DATA, Status.ABSENT)
    metrics = Metrics() if silent else Metrics(
        request_rate=12.5 * number, error_ratio=0.0, latency_mean_ms=3.0,
        latency_p95_ms=None if number % 5 == 0 else 14.2 * number / 3,
        connections_active=float(number), saturation=0.31,
    )  # fmt: skip
    return ConnectionState(
        number=number,
        status=status,
        since=ago(27 * number),
        observed_at=None if silent else ago(250 if status is Status.STALE else 2),
        reasons=reasons_for(status, "connect timed out, 3 of 3"),
        witnesses=() if silent else marks,
        metrics=metrics,
        flapping=6 if number == 17 else None,
    )


def pod(workload, index, *, ready=True):
    return PodState(
        name=f"{workload}-7c9d8f-{index}", workload=workload, phase="Running", ready=ready,
        restarts=0 if ready else 4, terminating=False,
        waiting=None if ready else "CrashLoopBackOff",
        message=None if ready else "back-off 5m0s restarting failed container",
        last_exit=None if ready else "OOMKilled (137)", ip="10.1.2.3", host="node-a",
        started_at=ago(86000),
    )  # fmt: skip


def node(box, status):
    workloads = [work.names[0] for work in box.workloads]
    down = status is Status.FAILING
    pods = tuple(pod(name, i, ready=not down) for name in workloads for i in range(2))
    if box.id == "platform-services":
        pods = (*pods[:-1], pod("gws-platform-ucs", 1, ready=False))
    known = bool(workloads) and status not in (Status.ABSENT, Status.NO_DATA)
    return NodeState(
        id=box.id,
        label=box.label,
        status=status,
        since=ago(90),
        ready=sum(p.ready for p in pods) if known else None,
        desired=len(pods) if known else None,
        restarts=4 if down else 0,
        reasons=reasons_for(status, "no pod is ready"),
        witnesses=(WitnessMark(Witness.KUBERNETES, status, ago(2), "pods as listed"),),
        pods=pods if known else (),
        events=((ago(30), "BackOff", "Back-off restarting failed container"),)
        if down
        else (),
    )


def build(statuses, nodes, sources, *, overall, suspects=()):
    return wire.encode(
        Snapshot(
            deployment="demo",
            version=421,
            at=NOW,
            status=overall,
            connections=tuple(
                connection(c.number, statuses.get(c.number, Status.OK))
                for c in TOPOLOGY.connections
            ),
            nodes=tuple(
                node(box, nodes.get(box.id, Status.OK)) for box in TOPOLOGY.boxes
            ),
            sources=sources,
            suspects=suspects,
        ),
        TOPOLOGY,
    )


def source(name, status=Status.OK, error=None):
    return SourceState(name, status, ago(1 if error is None else 250), error, feeds=12)


SOURCES = tuple(source(name) for name in ("kubernetes", "consul", "scrape", "probe"))
BLIND = (
    SOURCES[0],
    source(
        "consul",
        Status.FAILING,
        "consul: 403 from http://consul:8500, the token may not read health",
    ),
    *SOURCES[2:],
)


@pytest.fixture
def topology():
    return TOPOLOGY


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def mixed():
    """Every status at once, a blind source, one suspect."""
    suspect = Suspect(
        "redis", (12, 18, 24, 25), ago(90),
        "No pod is ready; it explains 12 at 10:41:01, 18 at 10:41:02, 24, 25",
    )  # fmt: skip
    return build(STATUSES, NODES, BLIND, overall=Status.FAILING, suspects=(suspect,))


@pytest.fixture
def well():
    return build({}, {}, SOURCES, overall=Status.OK)


@pytest.fixture
def empty():
    """Before the first evaluation."""
    return wire.encode(
        Snapshot(deployment="demo", version=0, at=NOW, status=Status.NO_DATA), TOPOLOGY
    )


@pytest.fixture
def stage(topology, well, now):
    stage = Stage(topology, well, now)
    yield stage
    stage.close()


@pytest.fixture
def open_page(browser, stage):
    """Opens a page; afterwards its console must be clean but for what is expected."""
    contexts, complaints = [], []

    def open_(
        path="/map/demo", width=1600, height=900, expected=(), prepare=None, **context
    ):
        context = browser.new_context(
            viewport={"width": width, "height": height}, **context
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text))
        if prepare:
            prepare(page)
        page.goto(stage.address + path)
        listening(page)
        page.expected = expected
        return page

    yield open_
    expected = [
        words
        for context in contexts
        for page in context.pages
        for words in page.expected
    ]
    for context in contexts:
        context.close()
    assert [c for c in complaints if not any(words in c for words in expected)] == []


FLEET_PLACES = {
    "east": ("eu", "pair"),
    "west": ("us", "pair"),
    "north": ("eu", None),
    "south": (None, None),
}


@pytest.fixture
def fleet_stage(well, now):
    stage = FleetStage(
        fleet_of(dict.fromkeys(FLEET_PLACES, well), now, FLEET_PLACES), now
    )
    yield stage
    stage.close()


@pytest.fixture
def open_fleet(browser, fleet_stage):
    """Opens the page; afterwards its console must be clean but for what is expected."""
    contexts, complaints, forgiven = [], [], []

    def open_(query="", width=1600, height=900, expected=(), **more):
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, **more)
        contexts.append(context)
        forgiven.extend(expected)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{fleet_stage.address}/fleet{query}")
        page.evaluate("""async () => {
            while (!window.gwsFleet || !window.gwsFleet.fleet) await new Promise(requestAnimationFrame); }""")
        return page

    yield open_
    for context in contexts:
        context.close()
    left = [c for c in complaints if not any(words in c for words in forgiven)]
    assert left == []


def listening(page):
    """Waits until the stream has told the page the whole state."""
    page.evaluate("""async () => {
        while (!window.gwsLive || !window.gwsLive.snapshot) await new Promise(requestAnimationFrame); }""")
