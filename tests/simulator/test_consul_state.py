"""How a change moves the indexes of the simulated Consul's catalog."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.simulator import consul_state as rules
from app.simulator.consul_state import Check, Instance, State

NAMES = st.sampled_from(["a", "b", "c"])
STATUSES = st.sampled_from(["passing", "warning", "critical"])


def register(node, name):
    instance = Instance(node, f"{name}-1", name, "10.0.0.1", 80)
    check = Check(node, f"{name}-check", "health", "passing")
    return lambda state: rules.register(state, instance, (check,))


CHANGES = st.one_of(
    st.builds(lambda n: lambda s: rules.put_node(s, n, "10.0.0.9"), NAMES),
    st.builds(register, NAMES, NAMES),
    st.builds(
        lambda n, name, status: lambda s: rules.set_check(s, n, f"{name}-check", status, ""),
        NAMES, NAMES, STATUSES,
    ),
    st.builds(lambda n, name: lambda s: rules.drop_instance(s, n, f"{name}-1"), NAMES, NAMES),
    st.builds(lambda n: lambda s: rules.drop_node(s, n), NAMES),
    st.builds(lambda n: lambda s: rules.put_value(s, n, b"x"), NAMES),
)  # fmt: skip


def applied(state, *changes):
    for change in changes:
        state = change(replace(state, raft=state.raft + 1))
    return state


@given(st.lists(CHANGES, max_size=20))
def test_no_index_goes_backwards_or_beyond_raft_s(changes):
    state = State()
    for change in changes:
        after = applied(state, change)
        for table, index in state.tables.items():
            assert after.tables.get(table, after.raft) >= index
        assert all(index <= after.raft for index in after.tables.values())
        state = after


@given(st.lists(CHANGES, max_size=20), CHANGES)
def test_whatever_changes_in_a_table_moves_that_table_s_index(changes, last):
    before = applied(State(), *changes)
    after = applied(before, last)
    for table, rows in (
        ("checks", "checks"),
        ("services", "instances"),
        ("nodes", "nodes"),
    ):
        if getattr(before, rows) != getattr(after, rows):
            assert after.tables[table] == after.raft


@given(st.lists(CHANGES, max_size=20), CHANGES, NAMES)
def test_a_service_s_index_moves_with_its_instances_and_checks(changes, last, service):
    before = applied(State(), *changes)
    after = applied(before, last)

    def of_service(state):
        instances = [one for one in state.instances.values() if one.service == service]
        checks = [check for check in state.checks.values() if check.service == service]
        return instances, checks

    if of_service(before) != of_service(after):
        assert after.service_index(service, with_checks=True) == after.raft


@given(st.lists(CHANGES, max_size=20))
def test_a_restored_snapshot_has_the_same_content_and_smaller_indexes(changes):
    before = applied(State(raft=100), *changes)
    after = rules.rewound(before, 50)

    assert after.raft == before.raft + 1
    assert all(index < before.tables[table] for table, index in after.tables.items())
    for rows in ("nodes", "instances", "checks"):
        kept = {
            key: replace(row, created=0, modified=0)
            for key, row in getattr(after, rows).items()
        }
        assert kept == {
            key: replace(row, created=0, modified=0)
            for key, row in getattr(before, rows).items()
        }


def test_a_node_s_own_check_moves_the_index_of_every_service_on_it():
    state = applied(
        State(),
        lambda s: rules.put_node(s, "n1", "10.0.0.1"),
        register("n1", "a"),
        register("n2", "b"),
        lambda s: rules.put_check(s, Check("n1", "serfHealth", "Serf", "critical")),
    )
    assert state.service_index("a", with_checks=True) == state.raft
    assert state.service_index("b", with_checks=True) < state.raft


def test_the_last_instance_s_end_is_the_index_of_a_service_that_is_gone():
    state = applied(
        State(),
        register("n1", "a"),
        register("n2", "a"),
        lambda s: rules.drop_instance(s, "n1", "a-1"),
    )
    assert "service_last_extinction" not in state.tables
    gone = applied(state, lambda s: rules.drop_instance(s, "n2", "a-1"))
    assert gone.service_index("a", with_checks=True) == gone.raft
