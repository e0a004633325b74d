"""What a signed-in client of a simulated PostgreSQL asks, in either of two ways.

In the simple way a text holds any number of statements, and all is answered at once. In
the extended way a statement is parsed, bound, described and executed by messages of its
own; after an error all of them are passed over until the client synchronises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.simulator import stores_pgwire as wire
from app.simulator.stores_pgwire import FAILED, IDLE, Fields, Message, Refused, broken
from app.simulator.stores_postgresql_answers import split, understood
from app.simulator.stores_postgresql_commands import (
    Asker,
    Done,
    Given,
    Row,
    Statement,
)

ABORTED: Final = (
    "current transaction is aborted, commands ignored until end of transaction block"
)
SEVERAL: Final = "cannot insert multiple commands into a prepared statement"


@dataclass(eq=False)
class _Portal:
    """A statement with its values. `rows`: what is not fetched yet, once it has run;
    `suspended`: it was stopped for having given as many as were asked for."""

    statement: Statement
    given: Given
    formats: Sequence[int]
    done: Done | None = None
    rows: Iterator[Row] = iter(())
    suspended: bool = False


class Asking:
    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._prepared: dict[str, Statement] = asker.session.prepared
        self._portals: dict[str, _Portal] = {}
        self._passing_over = False

    def hear(self, message: Message) -> bytes:
        """What is answered. Raises `Refused` for what is not the protocol."""
        turn = TURNS.get(message.tag)
        if turn is None:
            raise broken(f"invalid frontend message type {message.tag[0]}")
        if self._passing_over and message.tag != b"S":
            return b""
        try:
            return turn(self, Fields(message.body))
        except Refused as exc:
            if exc.fatal:
                raise
            self._passing_over = True
            return self._failed(exc)

    def simple(self, fields: Fields) -> bytes:
        statements = split(fields.text())
        said = b"" if statements else wire.message(b"I")
        try:
            for text in statements:
                statement = understood(text)
                done = self._run(statement, ())
                if statement.columns:
                    said += wire.described(statement.columns)
                said += _rows(statement, done.rows, ()) + wire.complete(done.tag)
        except Refused as exc:
            said += self._failed(exc)
        return said + wire.ready(self._asker.session.status)

    def parse(self, fields: Fields) -> bytes:
        name, texts = fields.text(), split(fields.text())
        if name and name in self._prepared:
            said = f'prepared statement "{name}" already exists'
            raise Refused("42P05", said)
        if len(texts) > 1:
            raise Refused("42601", SEVERAL)
        self._prepared[name] = understood("".join(texts))
        return wire.message(b"1")

    def bind(self, fields: Fields) -> bytes:
        portal, name = fields.text(), fields.text()
        statement = self._statement(name)
        fields.int16s()  # text in binary is the same as text
        values = [fields.value() for _ in range(fields.int16())]
        if len(values) != len(statement.takes):
            said = f"bind message supplies {len(values)} parameters, but prepared"
            wanted = len(statement.takes)
            raise Refused("08P01", f'{said} statement "{name}" requires {wanted}')
        given = [None if one is None else one.decode() for one in values]
        formats = wire.formats(fields.int16s(), len(statement.columns))
        self._portals[portal] = _Portal(statement, given, formats)
        return wire.message(b"2")

    def describe(self, fields: Fields) -> bytes:
        kind, name = fields.take(1), fields.text()
        if kind == b"P":
            portal = self._portal(name)
            return wire.described(portal.statement.columns, portal.formats)
        statement = self._statement(name)
        return wire.parameters(statement.takes) + wire.described(statement.columns)

    def execute(self, fields: Fields) -> bytes:
        portal, most = self._portal(fields.text()), fields.int32()
        if portal.done is None:
            portal.done = self._run(portal.statement, portal.given)
            portal.rows = iter(portal.done.rows)
        rows = tuple(islice(portal.rows, most or None))
        said = _rows(portal.statement, rows, portal.formats)
        if most and len(rows) == most:
            portal.suspended = True
            return said + wire.message(b"s")
        if not portal.done.tag:
            return wire.message(b"I")
        tag = f"SELECT {len(rows)}" if portal.suspended else portal.done.tag
        return said + wire.complete(tag)

    def close(self, fields: Fields) -> bytes:
        kept = self._portals if fields.take(1) == b"P" else self._prepared
        kept.pop(fields.text(), None)
        return wire.message(b"3")

    def sync(self, fields: Fields) -> bytes:
        self._passing_over = False
        if self._asker.session.status == IDLE:
            self._portals.clear()
        return wire.ready(self._asker.session.status)

    def flush(self, fields: Fields) -> bytes:
        return b""

    def _run(self, statement: Statement, given: Given) -> Done:
        session = self._asker.session
        if session.status == FAILED and not statement.ends_transaction:
            raise Refused("25P02", ABORTED)
        session.changed = self._asker.server.stores.now()
        return statement.run(self._asker, given)

    def _failed(self, refused: Refused) -> bytes:
        if self._asker.session.status != IDLE:
            self._asker.session.status = FAILED
        return wire.error(refused)

    def _statement(self, name: str) -> Statement:
        if name in self._prepared:
            return self._prepared[name]
        which = f'prepared statement "{name}"' if name else "unnamed prepared statement"
        raise Refused("26000", f"{which} does not exist")

    def _portal(self, name: str) -> _Portal:
        if name in self._portals:
            return self._portals[name]
        raise Refused("34000", f'portal "{name}" does not exist')


TURNS: Final[Mapping[bytes, Callable[[Asking, Fields], bytes]]] = {
    b"Q": Asking.simple,
    b"P": Asking.parse,
    b"B": Asking.bind,
    b"D": Asking.describe,
    b"E": Asking.execute,
    b"C": Asking.close,
    b"S": Asking.sync,
    b"H": Asking.flush,
}


def _rows(statement: Statement, rows: Sequence[Row], formats: Sequence[int]) -> bytes:
    return b"".join(wire.row(statement.columns, row, formats) for row in rows)
