"""The timeline: what turned in every lane, and when somebody looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "timeline",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("at", MOMENT, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(63), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20)),
        sa.Column("was", sa.String(20)),
        sa.Column("exact", sa.Boolean, nullable=False),
        sa.Column("witness", sa.String(20)),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "watches",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("began", MOMENT, primary_key=True),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("watches")
    op.drop_table("timeline")
