"""The page about the dashboard itself: full, empty, failing and old."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from layouts import strings_debug as words
from layouts.debug import page
from tests.layouts.conftest import NOW

AT = "2026-11-24T10:42:30.000Z"
BEFORE = "2026-11-24T10:42:20.000Z"
NEVER = {"count": 0, "last_s": None, "p50_s": None, "p95_s": None, "most_s": None}
TIMED = {"count": 9, "last_s": 0.014, "p50_s": 0.012, "p95_s": 0.3, "most_s": 12.0}
VIEWERS = {"count": 4, "longest_queue": 2, "resynced": 1}


def feed(**more) -> dict:
    return {
        "name": "pods/gws", "last_success": BEFORE, "age_s": 10.0, "max_age_s": 75.0,
        "version": "4711", "trouble": None, "trouble_since": None,
    } | more  # fmt: skip


def source(**more) -> dict:
    return {
        "name": "kubernetes", "status": "ok", "last_success": BEFORE, "age_s": 10.0,
        "error": None, "asked": 12, "failed": 0, "lists": 8, "watches": 9,
        "timings": TIMED, "last_trouble": None, "feeds": 8, "feeds_troubled": 0,
        "listed": [],
    } | more  # fmt: skip


def deployment(*sources: dict, **more) -> dict:
    return {
        "id": "east", "name": "East", "status": "ok", "version": 42, "at": BEFORE,
        "unheard": [], "waiting": 3, "turns": TIMED, "viewers": VIEWERS,
        "sources": list(sources),
    } | more  # fmt: skip


def told(*deployments: dict, **more) -> dict:
    process = {
        "version": "1.2.3", "started_at": "2026-11-20T08:00:00.000Z", "uptime_s": 7200.0,
        "threads": 40, "cpu_s": 720.0, "memory_bytes": 300 << 20, "handles": 80,
        "handles_limit": 1024, "sockets": 60, "event_loop_lag": TIMED,
    }  # fmt: skip
    return {
        "at": AT, "process": process, "deployments": list(deployments),
        "fleet_viewers": VIEWERS, "stores": [], "configuration": {}, "warnings": [],
    } | more  # fmt: skip


def shown(told_: dict, only: str | None = None) -> str:
    names = {"east": "East", "west": "West"}
    whole = page(told_, NOW, names, only, asset=lambda name: f"/assets/{name}")
    return re.sub(r"<script[^>]*>.*?</script>", "", whole, flags=re.S)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_full_it_tells_the_process_and_every_source():
    html = shown(told(deployment(source())))
    for said in (
        "1.2.3", "2 h", "300 MiB", "10 % of a core", "80 of 1024", "60 sockets",
        "14 ms", "95 % within 300 ms, at most 12 s", "Kubernetes", "East",
        "4 viewers, the slowest 2 behind, 1 resynchronised",
        "3 feeds wait to be learnt",
    ):  # fmt: skip
        assert said in text(html), said


def test_empty_it_says_what_is_waited_for_and_shows_no_zero_for_unknown():
    empty = told(
        deployment(
            source(status="no_data", last_success=None, age_s=None, timings=NEVER),
            at=None,
            unheard=["consul", "kubernetes"],
            turns=NEVER,
        )
    )
    empty["process"] |= {
        "memory_bytes": None, "handles": None, "handles_limit": None, "sockets": None,
        "event_loop_lag": NEVER, "uptime_s": 0.0,
    }  # fmt: skip
    said = text(shown(empty))
    assert "No picture yet; waits for consul, kubernetes" in said
    assert "never" in said
    assert "0 ms" not in said
    assert words.NO_WARNINGS in said
    unnamed = told(deployment(at=None))
    assert words.ITS_SOURCES in text(shown(unnamed))


def test_failing_it_names_the_feeds_in_trouble_and_since_when():
    trouble = {"trouble": "403: <i>no</i>", "trouble_since": BEFORE}
    ill = source(
        status="failing",
        feeds_troubled=9,
        listed=[feed(**trouble), feed(name="events/gws", version=None, **trouble)],
        last_trouble={"at": BEFORE, "text": "403"},
    )
    said = text(shown(told(deployment(ill))))
    assert "9 of 8 in trouble" in said
    assert "403: &lt;i&gt;no&lt;/i&gt; since 2026-11-24 10:42:20 UTC" in said
    assert "10 s ago : 403" in said
    assert words.MORE.format(count=2) in said


def test_old_what_was_heard_is_told_with_its_age():
    later = NOW + timedelta(hours=2)
    whole = page(told(deployment(source())), later, {}, None, asset=str)
    assert "2 h ago" in text(whole)


def test_of_one_deployment_every_feed_is_there_to_be_unfolded():
    one = deployment(source(listed=[feed()]))
    html = shown(told(one), "east")
    assert "4711" in html and words.EVERYTHING in html
    assert "Inside the dashboard: East" in text(html)
    assert words.OPEN_ONE.format(name="East") not in html


@pytest.mark.parametrize(("status", "open_"), [("ok", False), ("degraded", True)])
def test_of_many_deployments_those_in_trouble_are_unfolded(status, open_):
    many = [deployment(source(status=status), id=f"d{n}") for n in range(4)]
    html = shown(told(*many))
    assert (html.count("<details open") == 4) is open_


def test_what_is_kept_tells_what_waits_and_what_is_wrong():
    stores = [
        {"name": "records", "kind": "sqlite", "waiting": 0, "trouble": None,
         "details": {"well_at": None}},
        {"name": "history", "kind": "sqlite", "waiting": 12, "trouble": "no space",
         "details": {"bytes": 5 << 20, "remark": "damaged", "written_at": BEFORE}},
    ]  # fmt: skip
    said = text(shown(told(stores=stores)))
    assert "12 no space size 5 MiB remark damaged written 2026-11-24 10:42 UTC" in said


def test_the_configuration_is_shown_as_somebody_would_write_it():
    configuration = {
        "good": False,
        "problems": ["gws.yaml:3: x"],
        "waiting_for_restart": ["server.port"],
        "in_force": {"server": {"port": 1}, "deployments": [{"id": "east"}, "x"], "n": []},
    }  # fmt: skip
    html = shown(told(configuration=configuration))
    assert words.CONFIG_BROKEN in html and "server.port" in html
    assert words.CONFIG_GOOD not in html
    assert "server:\n  port: 1\ndeployments:\n  -\n    id: east\n  - x\nn: []" in html


def test_the_last_warnings_are_told():
    line = {"at": "2026-11-24T10:42:20.123456Z", "level": "warning", "text": "blind"}
    said = text(shown(told(warnings=[line])))
    assert "2026-11-24 10:42:20 UTC warning blind" in said
