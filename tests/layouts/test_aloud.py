"""The first line of the panel can be read aloud, whatever the status is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.instants import instant
from app.domain.status import Status
from layouts.aloud import sentence, told
from layouts.says import UNHEARD


def state(now, status, *reasons):
    said = [{"text": text, "witness": witness} for witness, text in reasons]
    since = instant(now - timedelta(minutes=4))
    return UNHEARD | {"status": status, "since": since, "reasons": said}


PROBED = "connect timed out after 3 s, 3 of 3 (tcp 10.1.0.8:6379, from the dashboard)"


@pytest.mark.parametrize(
    ("status", "reasons", "said", "aside"),
    [
        ("failing", [("probe", PROBED)],
         "failing for 4 min: 3 of 3 probes timed out", "tcp 10.1.0.8:6379, from the dashboard"),
        ("failing", [("probe", f"{PROBED}; likewise 2 more")],
         "failing for 4 min: 3 of 3 probes timed out; likewise 2 more", "tcp 10.1.0.8:6379, from the dashboard"),
        ("degraded", [("probe", "connection refused, 1 of 3 (tcp a:1, from the dashboard); 1 of 2 targets affected")],
         "degraded for 4 min: 1 of 3 probes failed, connection refused; 1 of 2 targets affected", "tcp a:1, from the dashboard"),
        ("degraded", [("probe", "certificate of a:1 expires in 5 days")],
         "degraded for 4 min: certificate of a:1 expires in 5 days", ""),
        ("failing", [("kubernetes", "no ready endpoint."), ("probe", PROBED)],
         "failing for 4 min: no ready endpoint", ""),
        ("failing", [("kubernetes", "last exit OOMKilled (137)")],
         "failing for 4 min: last exit OOMKilled (137)", ""),
        ("failing", [], "failing for 4 min: no rule says so any more; it gets better after a while", ""),
        ("stale", [], "stale for 4 min: its facts are too old, Consul can't be heard", ""),
        ("no_data", [], "no data: no witness has ever said anything", ""),
        ("maintenance", [(None, "in maintenance until 2026-12-01 10:00 UTC by jane: new switch")],
         "maintenance for 4 min: until 2026-12-01 10:00 UTC by jane: new switch", ""),
        ("maintenance", [], "maintenance for 4 min: silenced until a stated time", ""),
        ("idle", [], "idle for 4 min: no traffic, and none expected", ""),
        ("ok", [], "ok for 4 min: fresh facts, all within limits", ""),
        ("absent", [], "not installed: an optional part", ""),
    ],
)  # fmt: skip
def test_it_says_how_it_stands_for_how_long_and_why(
    status, reasons, said, aside, mixed, now
):
    found = sentence(state(now, status, *reasons), mixed, now)
    assert (str(found), found.aside) == (said, aside)


def test_a_stale_one_names_nobody_while_everybody_is_heard(well, now):
    found = sentence(state(now, "stale"), well, now)
    assert str(found) == "stale for 4 min: its facts are too old"


def test_who_never_had_a_moment_tells_none(well, now):
    found = sentence(UNHEARD | {"status": "ok"}, well, now)
    assert str(found) == "ok: fresh facts, all within limits"


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_sentence(status, mixed, now):
    assert ": " in str(sentence(state(now, status), mixed, now))


@given(st.text(), st.sampled_from(["probe", "traffic", None]))
def test_nothing_of_a_reason_is_lost(text, witness):
    """But for the words that the sentence says in its own way."""
    said, aside = told({"text": text, "witness": witness})
    if witness != "probe":
        whole = text.rstrip(".").removeprefix("in maintenance ")
        assert sorted(f"{said}{aside}") == sorted(
            whole.replace(f" ({aside})", aside, 1) if aside else whole
        )
