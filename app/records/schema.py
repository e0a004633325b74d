"""The tables, as SQLAlchemy's Core sees them. `migrations` makes them; a test holds the
two to each other on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

METADATA: Final = sa.MetaData()
ID: Final = sa.String(63)
WORD: Final = sa.String(20)


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC: SQLite keeps no zone, PostgreSQL gives back its own."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None or value.tzinfo is None:
            return None if value is None else value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


INCIDENTS: Final = sa.Table(
    "incidents",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", WORD, nullable=False),
    sa.Column("start_at", Moment, nullable=False),
    sa.Column("end_at", Moment),
    sa.Column("merged_into", ID),
    sa.Index("incidents_by_start", "deployment", "start_at", "id"),
    sa.Index("incidents_by_end", "deployment", "end_at"),
)


def _part(name: str, *columns: Any) -> sa.Table:
    """A table of what an incident has several of, in order."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("deployment", ID, primary_key=True),
        sa.Column("incident", ID, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        *columns,
        sa.ForeignKeyConstraint(
            ["deployment", "incident"],
            ["incidents.deployment", "incidents.id"],
            ondelete="CASCADE",
        ),
    )


TURNS: Final = _part(
    "turns",
    sa.Column("subject", ID, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("status", WORD, nullable=False),
    sa.Column("exact", sa.Boolean, nullable=False),
    sa.Index("turns_by_subject", "deployment", "subject", "incident"),
)
SUSPECTS: Final = _part(
    "suspects",
    sa.Column("who", ID, nullable=False),
    sa.Column("first_at", Moment, nullable=False),
    sa.Column("first_text", sa.Text, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("last_text", sa.Text, nullable=False),
    sa.Column("explains", sa.Text, nullable=False),
)
REMARKS: Final = _part(
    "remarks",
    sa.Column("at", Moment, nullable=False),
    sa.Column("what", WORD, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
MERGES: Final = _part("merges", sa.Column("merged", ID, nullable=False))
PARTS: Final = (TURNS, SUSPECTS, REMARKS, MERGES)

HABITS: Final = sa.Table(
    "habits",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, primary_key=True),
    sa.Column("mean", sa.Float, nullable=False),
    sa.Column("least", sa.Float, nullable=False),
)

WINDOWS: Final = sa.Table(
    "maintenance",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("start_at", Moment, nullable=False),
    sa.Column("end_at", Moment, nullable=False),
    sa.Column("nodes", sa.Text, nullable=False),
    sa.Column("connections", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", sa.Text),
    sa.Index("maintenance_by_end", "deployment", "end_at"),
    sa.Index("maintenance_by_start", "deployment", "start_at", "id"),
)

NOTES: Final = sa.Table(
    "notes",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("written_by", sa.Text, nullable=False),
    sa.Column("about", WORD, nullable=False),
    sa.Column("which", ID, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Index("notes_by_time", "deployment", "at", "id"),
    sa.Index("notes_by_subject", "deployment", "about", "which"),
)

CARES: Final = sa.Table(
    "cares",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("incident", ID, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("acknowledged_at", Moment),
    sa.Column("acknowledged_by", sa.Text),
    sa.Column("assigned", sa.Text),
)

TIMELINE: Final = sa.Table(
    "timeline",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("at", Moment, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", WORD, nullable=False),
    sa.Column("name", ID, nullable=False),
    sa.Column("what", WORD, nullable=False),
    sa.Column("status", WORD),
    sa.Column("was", WORD),
    sa.Column("exact", sa.Boolean, nullable=False),
    sa.Column("witness", WORD),
    sa.Column("text", sa.Text, nullable=False),
)

WATCHES: Final = sa.Table(
    "watches",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("began", Moment, primary_key=True),
    sa.Column("until", Moment, nullable=False),
)

TERMS: Final = sa.Table(
    "terms",
    METADATA,
    sa.Column("deployment", ID, primary_key=True),
    sa.Column("term", sa.BigInteger, nullable=False),
)
"""The term of the last collector that kept records here, of several."""

AUDIT: Final = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("outcome", WORD, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("deployment", ID),
    sa.Column("about", sa.Text, nullable=False),
    sa.Index("audit_by_time", "at", "id"),
)

TOKENS: Final = sa.Table(
    "tokens",
    METADATA,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", WORD, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("role", WORD, nullable=False),
    sa.Column("deployments", sa.Text),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)

SIGNED_OUT: Final = sa.Table(
    "signed_out",
    METADATA,
    sa.Column("session", ID, primary_key=True),
    sa.Column("until", Moment, nullable=False),
)
