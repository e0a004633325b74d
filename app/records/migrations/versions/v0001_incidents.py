"""Incidents: their members' turns, who was suspected, what is to be said of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OWNER = ("deployment", "incident")


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT),
        sa.Column("merged_into", sa.String(63)),
    )
    op.create_index("incidents_by_start", "incidents", ["deployment", "start_at", "id"])
    op.create_index("incidents_by_end", "incidents", ["deployment", "end_at"])
    _create_part(
        "turns",
        sa.Column("subject", sa.String(63), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("exact", sa.Boolean, nullable=False),
    )
    op.create_index("turns_by_subject", "turns", ["deployment", "subject", "incident"])
    _create_part(
        "suspects",
        sa.Column("who", sa.String(63), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("first_text", sa.Text, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("last_text", sa.Text, nullable=False),
        sa.Column("explains", sa.Text, nullable=False),
    )
    _create_part(
        "remarks",
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    _create_part("merges", sa.Column("merged", sa.String(63), nullable=False))


def _create_part(name: str, *columns: sa.Column[object]) -> None:
    """A table of what an incident has several of, in order."""
    op.create_table(
        name,
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("incident", sa.String(63), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        *columns,
        sa.ForeignKeyConstraint(
            OWNER, ["incidents.deployment", "incidents.id"], ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for name in ("merges", "remarks", "suspects", "turns", "incidents"):
        op.drop_table(name)
