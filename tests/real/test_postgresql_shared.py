"""Several processes keep what signing in has to remember in one PostgreSQL: what is said
at one is known at all, in whichever order they write."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audit import Wanted
from app.domain.incidents_ask import Asked
from app.records.address import Address
from app.records.commons import Commons
from app.records.keeper import Keeper
from app.records.registrar import Registrar
from app.records.scribe import Scribe
from app.records.store import Store
from app.records.trouble import Trouble
from tests.domain.story import FAILING, Story
from tests.real.postgresql_servers import Server
from tests.records.conftest import now, until
from tests.records.test_register import act, token

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]
REPLICAS = Path(__file__).parents[2] / "docs" / "replicas.md"
KEPT = timedelta(days=30)
DAY = timedelta(days=1)
Open = Callable[..., Scribe]


@pytest.fixture
def begin(address: Address) -> Iterator[Open]:
    """A process: the one that collects, or a web replica."""
    begun: list[Scribe] = []

    def _begin(kind: str) -> Scribe:
        if kind == "web":
            made: Scribe = Registrar(Commons(address, ()), now, KEPT, look_s=0.05)
        else:
            store = Store(address, ["demo"], lambda: 5)
            made = Keeper(
                store, ["demo"], now, acts_kept=KEPT, shared=True, retry_s=0.1
            )
        begun.append(made)
        made.start()
        return made

    yield _begin
    for one in begun:
        one.stop()
        one.join(30)
        assert not one.running()


@pytest.fixture
def three(begin: Open) -> list[Scribe]:
    """The collector has made the tables before anybody asks for them."""
    collector = begin("collector")
    until("opened", collector.register.known)
    found = [collector, begin("web"), begin("web")]
    until("read", lambda: all(one.register.known() for one in found))
    return found


def caught_up(scribe: Scribe) -> str | None:
    return asyncio.run(scribe.register.caught_up())


@pytest.mark.parametrize("first", range(3))
def test_a_token_is_known_and_revoked_everywhere(
    three: list[Scribe], first: int
) -> None:
    made, (one, two, three_) = token(), (*three[first:], *three[:first])
    one.register.put(made)
    assert caught_up(one) is None
    for other in (two, three_):
        assert caught_up(other) is None
        assert other.register.token(made.digest) == made
    gone = made.revoked(now())
    two.register.put(gone)
    until(
        "revoked",
        lambda: all(s.register.token(made.digest) == gone for s in (one, three_)),
    )


def test_whoever_signs_out_at_one_has_signed_out_at_all(three: list[Scribe]) -> None:
    three[1].register.end("s-1", now() + DAY)
    until("everywhere", lambda: all(one.register.ended("s-1") for one in three))


def test_the_log_of_acts_is_one(three: list[Scribe]) -> None:
    for number, one in enumerate(three):
        one.register.note(act(f"a-{number}"))
    for one in three:
        asked = lambda: {e.id for e in one.register.find(Wanted()).entries}  # noqa: B023, E731
        until("all of it", lambda: asked() == {"a-0", "a-1", "a-2"})  # noqa: B023


def test_whoever_does_not_know_yet_makes_nothing_undone(address: Address) -> None:
    """A process that was cut off comes back with what it knew."""
    first = Store(address, ["demo"])
    first.open()
    first.close()
    made, store = token(), Commons(address, ())
    store.open()
    store.put_token(made)
    marks = [store.mark()]
    store.put_token(made.revoked(now()))
    marks.append(store.mark())
    store.put_token(made)
    store.put_token(made.revoked(now() + DAY))
    assert store.mark() == marks[1] != marks[0]
    (kept,) = store.tokens()
    assert kept.revoked_at is not None and kept.revoked_at < now()
    store.end("s-1", now())
    assert store.mark() != marks[1]
    store.close()


def test_what_one_has_let_go_of_no_other_writes_again(
    address: Address, begin: Open
) -> None:
    old = token("old", days=1)
    old = replace(old, made_at=now() - 60 * DAY, until=now() - 59 * DAY)
    collector = begin("collector")
    collector.register.put(old)
    until("pruned", lambda: not collector.register.tokens())
    web = begin("web")
    until("read", web.register.known)
    web.register.put(old)
    web.register.put(token())
    for one in (web, collector):
        assert caught_up(one) is None
    collector.register.put(token("another"))
    for one in (collector, web):
        assert caught_up(one) is None
        assert {each.name for each in one.register.tokens()} == {"ci", "another"}


def test_while_it_is_away_what_is_known_holds_and_what_is_said_waits(
    server: Server, three: list[Scribe]
) -> None:
    _, one, two = three
    held, revoked = token("held"), token("revoked")
    for each in (held, revoked):
        one.register.put(each)
    assert caught_up(one) is None and caught_up(two) is None
    server.stop()
    try:
        one.register.put(revoked.revoked(now()))
        one.register.note(act("meanwhile"))
        assert "refused" in (caught_up(one) or "")
        assert not one.register.known(), "a token may have been made elsewhere"
        assert one.register.token(held.digest) == held
        assert one.health.trouble
        told = one.register.find(Wanted())
        assert [each.id for each in told.entries] == ["meanwhile"]
        assert told.trouble
    finally:
        server.start()
    found = lambda: two.register.token(revoked.digest)  # noqa: E731
    until("revoked", lambda: found().revoked_at is not None, 60)
    until("written", lambda: one.register.known() and not one.register.waiting)


def test_before_the_tables_are_there_nobody_is_told_that_his_token_is_none(
    begin: Open,
) -> None:
    web = begin("web")
    web.first(30)
    assert not web.register.known()
    assert "tokens" in (web.health.trouble or "")
    begin("collector")
    until("read", web.register.known)


def test_a_web_replica_needs_no_more_than_is_documented(
    server: Server, address: Address
) -> None:
    collector = Store(address, ["demo"])
    collector.open()
    name = address.url.rpartition("/")[2]
    grants = re.findall(r"^GRANT .*$", REPLICAS.read_text(), re.M)
    assert len(grants) == 2
    with server.admin(name) as admin:
        admin.execute("CREATE ROLE web LOGIN")
        for line in grants:
            admin.execute(line)
    web = Commons(Address(address.url.replace("admin@", "web@")), ())
    web.open()
    web.put_token(token())
    web.put_token(token().revoked(now()))
    web.end("s-1", now())
    web.act(act())
    web.let_go(now(), now())
    assert web.mark() and web.find("demo", Asked(), 0) == []
    with pytest.raises(Trouble, match="permission denied"):
        web.write("demo", Story().at(0, {12: FAILING}).only)
    web.close()
    collector.close()
