"""Debian's PostgreSQL keeps the same records as SQLite, and one dashboard at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.records.address import Address
from app.records.examination import examine
from app.records.keeper import Keeper
from app.records.store import Store
from app.records.trouble import Trouble
from tests.domain.story import FAILING, Story
from tests.real.postgresql_servers import Server
from tests.records import (
    contract,
    contract_acts,
    contract_notes,
    contract_retention,
    contract_timeline,
)
from tests.records.conftest import now, until

pytestmark = pytest.mark.real
CLAIMS = (
    *contract.CLAIMS,
    *contract_retention.CLAIMS,
    *contract_notes.CLAIMS,
    *contract_timeline.CLAIMS,
    *contract_acts.CLAIMS,
)


@pytest.fixture
def store(address: Address) -> Iterator[Store]:
    made = Store(address, ["demo"])
    made.open()
    yield made
    made.close()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_postgresql_keeps_incidents(
    claim: Callable[[Store], None], store: Store
) -> None:
    claim(store)


def test_what_was_migrated_is_not_migrated_again(
    store: Store, address: Address
) -> None:
    contract.write(store, contract.told())
    store.close()
    store.open()
    assert len(store.alive("demo", contract.after(-1))) > 1


def test_a_second_dashboard_of_the_same_deployment_is_refused(
    store: Store, address: Address
) -> None:
    with pytest.raises(Trouble, match="another dashboard .*which watches demo too"):
        Store(address, ["demo"]).open()
    other = Store(address, ["east"])
    other.open()
    other.close()
    store.close()
    taking_over = Store(address, ["demo"])
    until("the session has ended", lambda: _opens(taking_over))
    taking_over.close()


def _opens(store: Store) -> bool:
    try:
        store.open()
    except Trouble:
        return False
    return True


def test_a_server_that_is_gone_is_told_without_a_secret(tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text("secret-word")
    store = Store(Address("postgresql://me@127.0.0.1:9/records", word), ["demo"])
    with pytest.raises(Trouble, match="onnection refused") as caught:
        store.open()
    assert "secret-word" not in str(caught.value)


def test_the_password_is_read_from_its_file_each_time(
    server: Server, address: Address, tmp_path: Path
) -> None:
    """Who is not trusted on loopback must tell it."""
    word = tmp_path / "word"
    word.write_text("wrong-one")
    with server.admin() as admin:
        admin.execute("CREATE ROLE observatory LOGIN SUPERUSER PASSWORD 'right'")
    url = address.url.replace("admin@", "observatory@")
    store = Store(Address(url, word), ["demo"])
    with pytest.raises(Trouble, match="the password is refused") as caught:
        store.open()
    assert "wrong-one" not in str(caught.value)
    word.write_text("right\n")
    store.open()
    store.close()


def test_what_is_there_is_examined_and_nothing_changed(
    server: Server, address: Address
) -> None:
    for _ in range(2):
        found = examine(address, ["demo"])
        assert (found.trouble, found.revision, found.incidents) == (None, None, 0)
    store = Store(address, ["demo"])
    store.open()
    store.write("demo", Story().at(0, {12: FAILING}).only)
    found = examine(address, ["demo"])
    assert (found.trouble, found.revision, found.incidents) == (None, "0007", 1)
    store.close()


def test_a_role_that_may_make_no_tables_is_told(
    server: Server, address: Address
) -> None:
    with server.admin() as admin:
        admin.execute("CREATE ROLE reader LOGIN")
    url = address.url.replace("admin@", "reader@")
    trouble = examine(Address(url), ["demo"]).trouble
    assert trouble is not None and "permission denied" in trouble


def test_a_session_that_was_ended_is_made_anew(
    server: Server, address: Address
) -> None:
    keeper = Keeper(Store(address, ["demo"]), ["demo"], now, retry_s=0.05)
    keeper.start()
    until("told", lambda: keeper.told("demo") is not None)
    with server.admin() as admin:
        ended = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'gws-observatory'"
        ).fetchone()
    assert ended == (1,)
    story = Story().at(0, {12: FAILING})
    keeper.put("demo", story.changed)
    # It may have been ended while it was being opened: then that is told for a moment.
    until("written", lambda: not keeper._unwritten and not keeper.health.trouble)
    keeper.stop()
    keeper.join(30)
    with psycopg.connect(address.url, autocommit=True) as reader:
        assert reader.execute("SELECT id FROM incidents").fetchall() == [
            (story.only.id,)
        ]
