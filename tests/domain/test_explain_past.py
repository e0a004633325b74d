"""Why a connection stood where it stood, as a kept picture tells it."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.explain import Effect
from app.domain.explain_past import explain_past
from app.domain.instants import instant
from app.domain.limits import DEFAULT
from app.domain.plain import plain
from app.domain.snapshot import Metrics
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.topology import standard
from tests.domain.scene import NOW

AT = instant(NOW)


def state(**more: Any) -> dict[str, Any]:
    known = {"status": "ok", "since": AT, "reasons": [], "witnesses": {}, "heard": {}}
    return known | more


def picture(**of: Any) -> dict[str, Any]:
    """Of connection 17 and its end, the latter only where it is given."""
    metrics = dict.fromkeys(Metrics.__slots__)
    own = {"number": 17, "metrics": metrics} | state(**of.get("connection", {}))
    nodes = [{"id": "voicemail"} | state(**of["node"])] if "node" in of else []
    return {"at": AT, "connections": [own], "nodes": nodes}


def test_reasons_are_told_with_what_they_did_and_no_rule() -> None:
    bad = {
        "witness": "probe",
        "status": "failing",
        "text": "refused",
        "observed_at": AT,
    }
    own = bad | {
        "witness": None,
        "status": "degraded",
        "text": "slow",
        "observed_at": None,
    }
    shown = picture(connection={"status": "failing", "reasons": [bad, own]})
    found = explain_past(shown, standard(), DEFAULT, 17)
    assert found.recalled and found.status is Status.FAILING
    first, second = found.rulings
    assert (first.rule, first.witness, first.effect) == (
        None,
        Witness.PROBE,
        Effect.DECIDES,
    )
    assert (second.witness, second.effect) == (None, Effect.COUNTS)
    assert second.observed_at == NOW
    assert plain(found)["would_change"] == []


def test_what_each_witness_said_is_told_of_both_and_what_was_never_heard_is_not() -> (
    None
):
    heard = {"probe": {"at": AT, "text": "answers"}, "consul": {"at": None, "text": ""}}
    witnesses = {"probe": "ok", "consul": "no_data"}
    old = {
        "witnesses": {"probe": "stale"},
        "heard": {"probe": {"at": AT, "text": "up"}},
    }
    shown = picture(connection={"witnesses": witnesses, "heard": heard}, node=old)
    found = explain_past(shown, standard(), DEFAULT, 17).evidence
    assert [(one.about, one.told["what"], one.fresh) for one in found] == [
        (17, "answers", True), ("voicemail", "up", False),
    ]  # fmt: skip
    assert found[0].source is found[0].max_age_s is None


def test_numbers_are_held_against_the_limits_of_now() -> None:
    metrics = {"error_ratio": 0.2}
    shown = picture(connection={"metrics": metrics})
    found = {
        one.name: one for one in explain_past(shown, standard(), DEFAULT, 17).measured
    }
    assert found["error_ratio"].value == 0.2
    assert found["error_ratio"].failing == DEFAULT.bounds["error_ratio"].failing
    assert found["saturation"].value is None


def test_a_number_that_was_not_in_the_picture_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain_past(picture(), standard(), DEFAULT, 99)
