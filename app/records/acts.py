"""Who did what, tokens, and sessions that are over, as rows of the database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.domain.access import Kind, Role
from app.domain.audit import Entry, Outcome, Wanted
from app.domain.tokens import Token
from app.records.rows import Row, clean
from app.records.schema import AUDIT, SIGNED_OUT, TOKENS

ACT, TOKEN, OUT = AUDIT.c, TOKENS.c, SIGNED_OUT.c
ID_MOST = 63
Mark = tuple[object, ...]
"""Of what is written by several processes: equal where nothing was since."""


def note(connection: sa.Connection, entry: Entry) -> None:
    """What is written twice, after a failure, stands there once."""
    connection.execute(sa.delete(AUDIT).where(ACT.id == entry.id))
    connection.execute(sa.insert(AUDIT).values(_row(entry)))


def find(connection: sa.Connection, wanted: Wanted, spare: int) -> list[Entry]:
    """What is wanted, newest first: one more than was asked for, and `spare`."""
    chosen = sa.select(AUDIT)
    outcome = None if wanted.outcome is None else wanted.outcome.value
    for column, value in (
        (ACT.who, wanted.who),
        (ACT.what, wanted.what),
        (ACT.deployment, wanted.deployment),
        (ACT.outcome, outcome),
    ):
        if value is not None:
            chosen = chosen.where(column == clean(value))
    if wanted.before is not None:
        at, name = wanted.before
        older = sa.or_(ACT.at < at, sa.and_(ACT.at == at, ACT.id < name))
        chosen = chosen.where(older)
    chosen = chosen.order_by(ACT.at.desc(), ACT.id.desc())
    limited = chosen.limit(wanted.limit + 1 + spare)
    return [_entry(row) for row in connection.execute(limited).mappings()]


def put_token(connection: sa.Connection, token: Token) -> None:
    """All that becomes of one is that it is revoked: another process may have done so,
    and that stays."""
    here = TOKEN.id == token.id
    if connection.execute(sa.select(TOKEN.id).where(here)).first() is None:
        connection.execute(sa.insert(TOKENS).values(_token_row(token)))
    elif token.revoked_at is not None:
        holds = sa.update(TOKENS).where(here, TOKEN.revoked_at.is_(None))
        connection.execute(holds.values(revoked_at=token.revoked_at))


def tokens(connection: sa.Connection) -> list[Token]:
    return [_token(row) for row in connection.execute(sa.select(TOKENS)).mappings()]


def end(connection: sa.Connection, session: str, until: datetime) -> None:
    connection.execute(sa.delete(SIGNED_OUT).where(OUT.session == session))
    connection.execute(sa.insert(SIGNED_OUT).values(session=session, until=until))


def ended(connection: sa.Connection) -> dict[str, datetime]:
    rows = connection.execute(sa.select(SIGNED_OUT)).mappings()
    return {row["session"]: row["until"] for row in rows}


def mark(connection: sa.Connection) -> Mark:
    """Sums over all rows, made by the server: nothing rests on clocks, nor on the order
    in which others write. PostgreSQL alone is shared by several processes."""
    hashed, revoked = (
        sa.func.hashtextextended,
        sa.case((TOKEN.revoked_at.is_(None), 0), else_=1),
    )
    sums = (hashed(TOKEN.id, revoked), hashed(OUT.session, 0))
    asked = sa.select(*(sa.select(sa.func.sum(one)).scalar_subquery() for one in sums))
    return tuple(connection.execute(asked).one())


def prune(connection: sa.Connection, now: datetime, before: datetime | None) -> None:
    """Sessions that no cookie would hold any more; acts, and tokens that were over,
    before a moment."""
    connection.execute(sa.delete(SIGNED_OUT).where(OUT.until < now))
    if before is not None:
        connection.execute(sa.delete(AUDIT).where(ACT.at < before))
        over = sa.or_(TOKEN.until < before, TOKEN.revoked_at < before)
        connection.execute(sa.delete(TOKENS).where(over))


def _row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": entry.at,
        "who": clean(entry.who),
        "name": clean(entry.name),
        "what": clean(entry.what),
        "outcome": entry.outcome.value,
        "address": clean(entry.address),
        "deployment": entry.deployment and clean(entry.deployment)[:ID_MOST],
        "about": clean(entry.about),
    }


def _entry(row: Row) -> Entry:
    return Entry(
        row["id"],
        row["at"],
        row["who"],
        row["name"],
        row["what"],
        Outcome(row["outcome"]),
        row["address"],
        row["deployment"],
        row["about"],
    )


def _token_row(token: Token) -> dict[str, object]:
    within = token.deployments
    return {
        "id": token.id,
        "name": clean(token.name),
        "kind": token.kind.value,
        "digest": token.digest,
        "role": token.role.value,
        "deployments": None if within is None else " ".join(sorted(within)),
        "made_by": clean(token.made_by),
        "made_at": token.made_at,
        "until": token.until,
        "revoked_at": token.revoked_at,
    }


def _token(row: Row) -> Token:
    within = row["deployments"]
    return Token(
        row["id"],
        row["name"],
        Kind(row["kind"]),
        row["digest"],
        Role(row["role"]),
        None if within is None else frozenset(within.split()),
        row["made_by"],
        row["made_at"],
        row["until"],
        row["revoked_at"],
    )
