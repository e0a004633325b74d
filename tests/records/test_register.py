"""Tokens and ended sessions are known at once, and neither a restart nor a bad database
loses them, nor who did what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.domain.access import Kind, Role
from app.domain.audit import Entry, Outcome, Wanted
from app.domain.tokens import Token
from app.domain.tokens import Wanted as Asked
from app.records.address import Address
from app.records.keeper import Keeper
from app.records.store import Store
from tests.records.conftest import now, until

Keep = Callable[..., Keeper]


def token(name: str = "ci", days: float = 9) -> Token:
    span = timedelta(days=days)
    wanted = Asked(name, Kind.TOKEN, Role.VIEWER, None, "ana", span)
    return wanted.made(name, f"secret of {name}", now().replace(microsecond=0))


def act(name: str = "a-1") -> Entry:
    return Entry(name, now(), "ana", "Ana", "note written", Outcome.DONE, "::1", "demo")


def opened(keeper: Keeper) -> Keeper:
    until("known", keeper.register.known)
    return keeper


def counted(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return count


def test_what_is_said_is_known_at_once_and_after_a_restart(keep: Keep) -> None:
    first, one = opened(keep()), token()
    register = first.register
    register.put(one)
    register.end("s-1", now() + timedelta(days=1))
    register.note(act())
    assert register.token(one.digest) == one
    assert register.ended("s-1") and not register.ended("s-2")
    assert [found.id for found in register.find(Wanted()).entries] == ["a-1"]
    first.stop()
    first.join(30)
    assert register.waiting == 0
    second = opened(keep()).register
    assert second.token(one.digest) == one
    assert second.tokens() == (one,)
    assert second.ended("s-1")
    assert [found.id for found in second.find(Wanted()).entries] == ["a-1"]


def test_a_token_that_was_revoked_stays_so(keep: Keep) -> None:
    first, one = opened(keep()), token()
    first.register.put(one)
    gone = one.revoked(now().replace(microsecond=0))
    first.register.put(gone)
    first.stop()
    first.join(30)
    assert opened(keep()).register.token(one.digest) == gone


def test_without_the_database_it_goes_on_in_memory_and_says_so(
    keep: Keep, tmp_path: Path
) -> None:
    folder = tmp_path / "away"
    store = Store(Address(f"sqlite://{folder / 'records.db'}"), ["demo"])
    keeper = keep(store)
    until("in trouble", lambda: keeper.health.trouble)
    register, one = keeper.register, token()
    assert not register.known(), "what there was before is not known"
    register.put(one)
    register.note(act())
    register.end("s-1", now() + timedelta(days=1))
    assert register.token(one.digest) == one
    found = register.find(Wanted())
    assert [entry.id for entry in found.entries] == ["a-1"]
    assert found.trouble
    folder.mkdir()
    until("written", lambda: register.known() and not register.waiting)
    assert register.find(Wanted()).trouble is None
    assert counted(folder / "records.db", "tokens") == 1


def test_a_database_that_was_replaced_is_told_what_is_known(
    keep: Keep, file: Path
) -> None:
    keeper = opened(keep())
    keeper.register.put(token())
    keeper.register.end("s-1", now() + timedelta(days=1))
    until("written", lambda: not keeper.register.waiting)
    file.rename(file.with_suffix(".old"))
    keeper.register.note(act())
    until("written anew", lambda: not keeper.register.waiting and file.exists())
    assert counted(file, "tokens") == counted(file, "signed_out") == 1


def test_what_is_too_old_is_forgotten(address: Address, keep: Keep) -> None:
    store = Store(address, ["demo"])
    keeper = Keeper(store, ["demo"], now, acts_kept=timedelta(days=30), settle_s=0)
    old, late = token("old", days=1), token("new")
    long_ago = now() - timedelta(days=60)
    made = replace(old, made_at=long_ago, until=long_ago + timedelta(days=1))
    register = keeper.register
    for one in (made, late):
        register.put(one)
    register.note(replace(act("old"), at=long_ago))
    register.note(act("new"))
    register.end("over", long_ago)
    keeper.start()
    acts = lambda: [one.id for one in register.find(Wanted()).entries]  # noqa: E731
    until("pruned", lambda: register.known() and acts() == ["new"])
    assert register.tokens() == (late,)
    assert not register.ended("over")
    keeper.stop()
    keeper.join(30)
