"""Habits: how much each connection was asked at each hour of the past weeks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "habits",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("mean", sa.Float, nullable=False),
        sa.Column("least", sa.Float, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("habits")
