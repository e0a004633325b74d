"""What every database must do with who did what, with tokens and with sessions that are
over; run against SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.access import Kind, Role
from app.domain.audit import Entry, Outcome, Wanted
from app.domain.tokens import Token
from app.domain.tokens import Wanted as Asked
from app.records.store import Store
from tests.domain.story import after


def act(seconds: float, **more: object) -> Entry:
    made = Entry(
        f"a-{seconds:05g}", after(seconds), "ana", "Ana", "note written", Outcome.DONE,
        "10.0.0.1", "demo", "n-1",
    )  # fmt: skip
    return replace(made, **more)


def token(name: str = "ci", lasts: float = 100, within: tuple[str, ...] = ()) -> Token:
    where = frozenset(within) or None
    wanted = Asked(
        name, Kind.TOKEN, Role.OPERATOR, where, "ana", timedelta(seconds=lasts)
    )
    return wanted.made(f"id-{name}", f"secret of {name}", after(0))


def acts_are_read_as_they_were_written(store: Store) -> None:
    every = [
        act(1),
        act(2, outcome=Outcome.REFUSED, deployment=None, about="", name=""),
        act(3, about="更新 'quoted'; --", who="oidc|1"),
    ]
    for one in every:
        store.act(one)
        store.act(one)
    assert store.acts(Wanted(), 0) == every[::-1]


def asking_for_acts_gives_what_is_wanted(store: Store) -> None:
    for n in range(6):
        store.act(act(n, who="ben" if n % 2 else "ana"))
    store.act(act(9, what="signed in", outcome=Outcome.REFUSED, deployment="east"))
    found = store.acts(Wanted(who="ben", limit=1), 0)
    assert [one.id for one in found] == ["a-00005", "a-00003"], (
        "one more than asked for"
    )
    assert len(store.acts(Wanted(who="ben", limit=1), 1)) == 3
    found = store.acts(Wanted(who="ben", before=act(3).place), 0)
    assert [one.id for one in found] == ["a-00001"]
    for wanted in (
        Wanted(what="signed in"),
        Wanted(outcome=Outcome.REFUSED),
        Wanted(deployment="east"),
    ):
        assert [one.id for one in store.acts(wanted, 0)] == ["a-00009"]


def odd_words_of_an_act_are_taken(store: Store) -> None:
    store.act(
        act(1, about="nul \0", name="half \ud800", address="\0", deployment="x" * 99)
    )
    (found,) = store.acts(Wanted(), 0)
    assert (found.about, found.name, found.address) == ("nul ?", "half ?", "?")
    assert found.deployment == "x" * 63


def tokens_are_read_as_they_were_written(store: Store) -> None:
    everywhere, two = token(), token("two", within=("west", "east"))
    for one in (everywhere, two, everywhere.revoked(after(7))):
        store.put_token(one)
    found = {one.id: one for one in store.tokens()}
    assert found == {"id-ci": everywhere.revoked(after(7)), "id-two": two}


def sessions_that_are_over_are_known(store: Store) -> None:
    for until in (10, 20):
        store.end("s-1", after(until))
    store.end("s-2", after(5))
    assert store.ended() == {"s-1": after(20), "s-2": after(5)}


def what_is_too_old_goes(store: Store) -> None:
    for seconds in (1, 50):
        store.act(act(seconds))
        store.end(f"s-{seconds}", after(seconds))
    for one in (token("old", 10), token("new", 90), token("gone").revoked(after(10))):
        store.put_token(one)
    store.let_go(after(40), None)
    assert store.ended() == {"s-50": after(50)}
    assert len(store.acts(Wanted(), 0)) == 2
    assert len(store.tokens()) == 3
    store.let_go(after(60), after(40))
    assert [one.id for one in store.acts(Wanted(), 0)] == ["a-00050"]
    assert [one.id for one in store.tokens()] == ["id-new"]


CLAIMS = (
    acts_are_read_as_they_were_written,
    asking_for_acts_gives_what_is_wanted,
    odd_words_of_an_act_are_taken,
    tokens_are_read_as_they_were_written,
    sessions_that_are_over_are_known,
    what_is_too_old_goes,
)
