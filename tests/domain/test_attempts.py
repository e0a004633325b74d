"""Who tries too often waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.attempts import OF_ADDRESS, OF_ALL, OF_NAME, WITHIN, right, waits, wrong

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def tried(count: int, address=lambda n: "a", name=lambda n: "ana"):
    tries = ()
    for n in range(count):
        tries = wrong(tries, NOW + n * SECOND, address(n), name(n))
    return tries


def test_one_name_from_many_places_waits_until_its_oldest_try_is_old():
    tries = tried(OF_NAME, address=lambda n: f"a{n}")
    now = NOW + OF_NAME * SECOND
    assert waits(tries, now, "elsewhere", "ana") == NOW + WITHIN
    assert waits(tries, now, "elsewhere", "ben") is None
    assert waits(tries, NOW + WITHIN, "elsewhere", "ana") is None


def test_many_names_from_one_place_wait():
    tries = tried(OF_ADDRESS, name=lambda n: f"n{n}")
    now = NOW + OF_ADDRESS * SECOND
    assert waits(tries, now, "a", "somebody else") == NOW + WITHIN
    assert waits(tries, now, "b", "somebody else") is None


def test_all_wait_when_the_whole_world_tries():
    tries = tried(OF_ALL, address=lambda n: f"a{n}", name=lambda n: f"n{n}")
    now = NOW + timedelta(seconds=OF_ALL - 1)
    assert len(tries) == OF_ALL
    assert waits(tries, now, "new", "new") is not None
    assert len(wrong(tries, now, "x", "y")) == OF_ALL, "no more than that is kept"


def test_who_signs_in_has_nothing_against_his_name_and_his_address_still_has():
    tries = tried(OF_NAME)
    assert waits(tries, NOW + 10 * SECOND, "b", "ana") is not None
    assert right(tries, "ana") == ()
    others = tried(OF_ADDRESS, name=lambda n: f"n{n}")
    assert len(right(others, "n3")) == OF_ADDRESS - 1
