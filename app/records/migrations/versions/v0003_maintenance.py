"""Maintenance windows that were set from the page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "maintenance",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("nodes", sa.Text, nullable=False),
        sa.Column("connections", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text),
    )
    op.create_index("maintenance_by_end", "maintenance", ["deployment", "end_at"])
    op.create_index(
        "maintenance_by_start", "maintenance", ["deployment", "start_at", "id"]
    )


def downgrade() -> None:
    op.drop_table("maintenance")
