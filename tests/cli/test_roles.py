"""One of several processes needs what can be shared, and says so before it begins."""

from __future__ import annotations

import pytest

from app.cli.roles import Role, lacking, unused
from app.config.storage import Storage

WHOLE = {
    "bus": "redis://r",
    "records": "postgresql://me@p/records",
    "history": "prometheus+http://v:8428",
}


@pytest.mark.parametrize("role", [Role.COLLECT, Role.WEB])
@pytest.mark.parametrize("history", ["prometheus+http://v:8428", "none", None])
def test_what_can_be_shared_is_enough(role, history):
    assert lacking(role, Storage(**WHOLE | {"history": history})) == []


@pytest.mark.parametrize("role", [Role.COLLECT, Role.WEB])
@pytest.mark.parametrize(
    ("key", "value"),
    [("bus", "memory"), ("records", None), ("records", "r.db"), ("history", "h.db")],
)
def test_what_is_of_one_process_is_named(role, key, value):
    (problem,) = lacking(role, Storage(**WHOLE | {key: value}))
    assert problem.startswith(f"--role {role}: storage.{key} must be ")


def test_one_process_needs_nothing_and_says_what_it_does_not_use():
    assert lacking(Role.ALL, Storage()) == []
    assert unused(Role.ALL, Storage()) is None
    assert "storage.bus" in (unused(Role.ALL, Storage(bus="redis://r")) or "")
    assert unused(Role.WEB, Storage(**WHOLE)) is None


def test_a_wrong_configuration_for_a_role_ends_with_2(start, lonely):
    program = start("serve", "--role", "web", "--config", lonely)
    assert program.wait() == 2
    first, second = program.err
    assert "--role web: storage.bus must be redis://" in first
    assert "--role web: storage.records must be postgresql://" in second
