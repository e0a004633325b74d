"""PostgreSQL as the simulation speaks it to a driver; held against a real one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from app.simulator.listeners import Mode
from app.simulator.stores_postgresql_answers import QUESTIONS, plain
from collectors import postgresql_store
from collectors.postgresql_store import within
from tests.simulator.loopback import Loopback
from tests.simulator.postgresql_alone import connect, dsn


@pytest.fixture
def simulated(simulated_postgresql: int) -> int:
    return simulated_postgresql


@pytest.fixture
def real(real_postgresql: int) -> int:
    return real_postgresql


# Who is let in.


def refusal(port: int, **more: object) -> str:
    with pytest.raises(psycopg.OperationalError) as caught:
        connect(port, **more).close()
    return str(caught.value).partition(f"port {port} failed: ")[2].strip()


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"password": "wrong"}, 'FATAL:  password authentication failed for user "observatory"'),
    ({"dbname": "nowhere"}, 'FATAL:  database "nowhere" does not exist'),
    (
        {"options": "", "application_name": "x", "client_encoding": "UTF8", "dbname": "no"},
        'FATAL:  database "no" does not exist',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), REFUSED)
def test_who_is_not_let_in_is_told_why(
    simulated: int, more: dict[str, str], said: str
) -> None:
    given = {name: value for name, value in more.items() if value}
    assert refusal(simulated, **given) == said


@pytest.mark.real
@pytest.mark.parametrize("more", [more for more, _ in REFUSED])
def test_it_refuses_in_the_words_of_a_real_one(
    simulated: int, real: int, more: dict[str, str]
) -> None:
    given = {name: value for name, value in more.items() if value}
    assert refusal(simulated, **given) == refusal(real, **given)


def test_a_role_that_is_not_there_fails_as_a_wrong_password_does(
    simulated: int,
) -> None:
    said = 'FATAL:  password authentication failed for user "nobody"'
    assert refusal(simulated, user="nobody") == said


# What it answers, to a driver and as a real one does.


def outcome(asked: Callable[[], Any]) -> Any:
    """What is answered; or the SQLSTATE and the first line of what is said."""
    try:
        return asked()
    except psycopg.Error as exc:
        return exc.sqlstate, str(exc).splitlines()[0]


def rows(
    connection: psycopg.Connection, text: str, *given: object, **how: Any
) -> tuple[Any, ...]:
    cursor = connection.execute(text, given or None, **how)
    columns = [(c.name, c.type_code, c.internal_size) for c in cursor.description or ()]
    return columns, cursor.statusmessage, cursor.fetchall() if columns else None


SAME: list[tuple[Any, ...]] = [
    ("SELECT 1",),
    ("  select\n 1 ; ",),
    ("SELECT 1; SELECT 1",),
    ("SELECT current_database()",),
    ("SELECT current_setting(%s)", "standard_conforming_strings"),
    ("SELECT current_setting(%s)", "no_such"),
    ("SHOW integer_datetimes",),
    ("SHOW no_such",),
    ("SET no_such = 1",),
    ("SET server_version = '1'",),
    ("SET default_transaction_read_only = on",),
    ("SET default_transaction_read_only TO on; SHOW default_transaction_read_only",),
    ("SELECT * FROM tenants",),
    ("SELECT count(*) FROM tenants WHERE id = %s", 4),
    ("SELEKT 1",),
    ("BEGIN",),
    ("",),
    ("SELECT 1 WHERE %s", 1, 2),
    ("DEALLOCATE nothing",),
    ("DEALLOCATE ALL",),
]  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize("asked", SAME, ids=lambda asked: asked[0].strip())
@pytest.mark.parametrize("how", [{}, {"binary": True}, {"prepare": True}])
def test_it_answers_what_a_real_one_answers(
    simulated: int, real: int, asked: tuple[Any, ...], how: dict[str, bool]
) -> None:
    with connect(simulated) as ours, connect(real) as theirs:
        mine = outcome(lambda: rows(ours, *asked, **how))
        assert mine == outcome(lambda: rows(theirs, *asked, **how))
        assert ours.info.transaction_status == theirs.info.transaction_status


def later(name: str) -> str:
    """What a column is called since 14 and 15 that has no name of its own."""
    return {"date_part": "extract", "bool": "?column?"}.get(name, name)


@pytest.mark.real
@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("name", ["SERVER", "SESSIONS", "SENDERS"])
def test_what_the_collector_asks_has_the_columns_of_a_real_one(
    simulated: int, real: int, name: str, binary: bool
) -> None:
    text = getattr(postgresql_store, name)
    with connect(simulated) as ours, connect(real) as theirs, connect(real):
        mine, told = (rows(one, text, binary=binary) for one in (ours, theirs))
        assert [(later(n), *c) for n, *c in mine[0]] == [*map(tuple, told[0])]
        for mine_row, told_row in zip(mine[2], told[2], strict=False):
            assert list(map(type, mine_row[2:])) == list(map(type, told_row[2:]))


def test_it_knows_all_that_the_collector_asks_a_primary() -> None:
    asked = (
        postgresql_store.SERVER,
        postgresql_store.SESSIONS,
        postgresql_store.SENDERS,
    )
    assert {plain(text) for text in asked} <= set(QUESTIONS)


@pytest.mark.real
def test_a_transaction_that_failed_answers_nothing_until_it_ends(
    simulated: int, real: int
) -> None:
    def one(connection: psycopg.Connection, text: str) -> tuple[Any, Any]:
        answer = outcome(lambda: rows(connection, text))
        return answer, connection.info.transaction_status

    def course(connection: psycopg.Connection) -> list[Any]:
        asked = (
            "BEGIN",
            "SELECT 1",
            "SELECT * FROM no",
            "SELECT 1",
            "COMMIT",
            "SELECT 1",
        )
        return [one(connection, text) for text in asked]

    with connect(simulated) as ours, connect(real) as theirs:
        assert course(ours) == course(theirs)


@pytest.mark.real
def test_a_client_is_told_the_settings_that_a_real_one_tells(
    simulated: int, real: int
) -> None:
    names = (
        "client_encoding", "DateStyle", "integer_datetimes", "IntervalStyle",
        "is_superuser", "server_encoding", "session_authorization",
        "standard_conforming_strings", "application_name",
    )  # fmt: skip

    def told(port: int) -> dict[str, str | None]:
        with connect(port, application_name="watcher") as connection:
            return {n: connection.info.parameter_status(n) for n in names}

    assert told(simulated) == told(real)


def test_its_version_is_told_as_one_of_11_tells_it(simulated: int) -> None:
    with connect(simulated) as connection:
        assert connection.info.server_version == 110016
        assert connection.execute("SHOW server_version").fetchone() == ("11.16",)
        (about,) = connection.execute("SELECT version()").fetchone() or ()
        assert about.startswith("PostgreSQL 11.16 ")


def test_what_it_does_not_know_is_refused_and_no_more_than_that(simulated: int) -> None:
    with connect(simulated) as connection:
        for text in ("SELECT state FROM pg_stat_activity", "CREATE TABLE a (b int)"):
            with pytest.raises(psycopg.errors.FeatureNotSupported):
                connection.execute(text)
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_who_asks_is_not_counted_and_everybody_else_is(simulated: int) -> None:
    with connect(simulated) as one, connect(simulated, dbname="prov"):
        counted = one.execute(postgresql_store.SESSIONS).fetchall()
        assert counted == [("127.0.0.1", "prov", 1, 1, 0, 0)]
    with connect(simulated) as one:
        assert one.execute(postgresql_store.SESSIONS).fetchall() == []


def test_a_server_that_falls_silent_is_not_waited_for_for_ever(
    loopback: Loopback, simulated: int
) -> None:
    with psycopg.connect(dsn(simulated), autocommit=True) as connection:
        loopback.run(loopback.listeners.set_mode("127.0.0.1", simulated, Mode.HANG))
        with pytest.raises(psycopg.OperationalError), within(connection, 0.2):
            connection.execute("SELECT 1")
