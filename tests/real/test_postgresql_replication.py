"""A real primary and its streaming replica: how far behind it is, asked on both sides.

What is told is held against what an administrator reads off the servers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.facts_stores import Follower
from benchmarks.stage import wait_for
from tests.real.postgresql_servers import (
    QUICK,
    SLOT,
    Replica,
    Server,
    grant,
    hear,
    told,
)

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]

MIB = 2**20
WITHIN_S = 30.0
HERE = "127.0.0.1"
DELAY_S = 1.9
"""Two seconds after it was committed, which is a moment before it is sent."""
IN_STEP = Follower(HERE, 0.0, 0, True)


class Pair:
    def __init__(self, folder: Path, primary: Server, replica: Replica) -> None:
        self.primary, self.replica, self._folder = primary, replica, folder

    def by_primary(self) -> tuple[Follower, ...]:
        return told(hear(self.primary, self._folder, {})).followers

    def by_replica(self) -> Follower:
        store = told(hear(self.replica, self._folder, {}))
        assert store.role == "replica"
        (one,) = store.followers
        assert one.name == ""
        return one

    def write(self, mib: int) -> None:
        with self.primary.admin("gws") as admin:
            admin.execute("CREATE TABLE IF NOT EXISTS written (text text)")
            # A page that is not compressed: what is random can't be.
            admin.execute(
                "INSERT INTO written SELECT string_agg(md5(random()::text), '') "
                f"FROM generate_series(1, {mib * 64}) page, generate_series(1, 512) "
                "GROUP BY page"
            )

    def in_step(self) -> bool:
        return self.by_primary() == (IN_STEP,)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with Server() as primary:
        with primary.admin() as admin:
            grant(admin)
        with Replica(primary) as replica:
            made = Pair(tmp_path, primary, replica)
            wait_for("the replica follows", made.in_step, WITHIN_S)
            yield made


def test_one_that_has_all_is_in_step_however_long_nothing_was_written(
    pair: Pair,
) -> None:
    assert pair.by_primary() == (IN_STEP,)
    assert pair.by_replica() == Follower("", 0.0, 0, True)


def test_what_is_not_replayed_is_counted_on_both_sides(pair: Pair) -> None:
    pair.write(1)
    wait_for("the replica follows", pair.in_step, WITHIN_S)
    with pair.replica.admin() as admin, pair.primary.admin() as other:
        admin.execute("SELECT pg_wal_replay_pause()")
        pair.write(4)
        (written,) = other.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or ()
        missing = "SELECT pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn())::int8"

        def all_has_come() -> bool:
            asked = "SELECT pg_last_wal_receive_lsn() >= %s::pg_lsn"
            return admin.execute(asked, [written]).fetchone() == (True,)

        wait_for("all is received", all_has_come, WITHIN_S)
        # Autovacuum may write at any moment; the administrator reads both sides of it.
        (least,) = admin.execute(missing, [written]).fetchone() or ()
        one, (seen,) = pair.by_replica(), pair.by_primary()
        (now,) = other.execute("SELECT pg_current_wal_lsn()").fetchone() or ()
        (most,) = admin.execute(missing, [now]).fetchone() or ()
        for follower in (one, seen):
            assert follower.streaming
            assert follower.lag_bytes is not None
            assert 2 * MIB < least <= follower.lag_bytes <= most
        wait_for("time passes", lambda: (pair.by_replica().lag_s or 0) > 1, WITHIN_S)
        admin.execute("SELECT pg_wal_replay_resume()")
    wait_for("the replica catches up", pair.in_step, WITHIN_S)
    wait_for("it says so", lambda: pair.by_replica().lag_s == 0, WITHIN_S)


def test_one_that_replays_two_seconds_late_is_two_seconds_behind(pair: Pair) -> None:
    pair.replica.stop()
    began = time.monotonic()
    pair.replica.start("recovery_min_apply_delay=2s", *QUICK)
    seen: list[Follower] = []

    def measured(tell: Callable[[], Follower]) -> bool:
        """Something is always written, so that something is always late."""
        pair.write(1)
        seen[:] = [tell()]
        return (seen[0].lag_s or 0.0) >= DELAY_S

    for tell in (lambda: pair.by_primary()[0], pair.by_replica):
        wait_for("it is late", lambda: measured(tell), WITHIN_S)  # noqa: B023
        assert seen[0].streaming
        assert seen[0].lag_bytes
        assert DELAY_S <= (seen[0].lag_s or 0.0) <= time.monotonic() - began


def test_one_that_is_gone_is_told_by_its_slot(pair: Pair) -> None:
    pair.replica.stop()
    wait_for(
        "it is missed",
        lambda: [f.name for f in pair.by_primary()] == [SLOT],
        WITHIN_S,
    )
    pair.write(2)
    (missed,) = pair.by_primary()
    assert (missed.streaming, missed.lag_s) == (False, None)
    assert missed.lag_bytes is not None and missed.lag_bytes > MIB
    pair.replica.start()
    wait_for("it is back", pair.in_step, WITHIN_S)


def test_one_whose_primary_is_gone_says_that_it_receives_nothing(pair: Pair) -> None:
    pair.write(1)
    wait_for("the replica follows", pair.in_step, WITHIN_S)
    pair.primary.stop()
    wait_for("it is noticed", lambda: not pair.by_replica().streaming, WITHIN_S)
    assert pair.by_replica().lag_s is not None
    assert (pair.by_replica().lag_s or 0) > 0
    pair.primary.start()
    wait_for("it follows again", lambda: pair.by_replica().streaming, WITHIN_S)


def test_a_slot_that_was_left_is_told_and_one_that_keeps_nothing_is_not(
    pair: Pair,
) -> None:
    with pair.primary.admin() as admin:
        make = "SELECT pg_create_physical_replication_slot(%s, %s)"
        admin.execute(make, ["unused", False])
        assert pair.by_primary() == (IN_STEP,)
        admin.execute(make, ["left", True])
        names = [one.name for one in pair.by_primary()]
        assert names == [HERE, "left"]


def test_a_role_that_may_not_see_replication_is_told_what_it_lacks(
    pair: Pair, tmp_path: Path
) -> None:
    with pair.primary.admin() as admin:
        admin.execute("REVOKE pg_read_all_stats FROM observatory")
    wait_for(
        "the replica has no rights either",
        lambda: hear(pair.replica, tmp_path, {}).trouble is not None,
        WITHIN_S,
    )
    for server in (pair.primary, pair.replica):
        trouble = hear(server, tmp_path, {}).trouble
        assert trouble is not None
        assert "GRANT pg_read_all_stats" in trouble.text
