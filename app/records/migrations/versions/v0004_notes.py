"""Notes, and who has which incident in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("written_by", sa.Text, nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("which", sa.String(63), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
    )
    op.create_index("notes_by_time", "notes", ["deployment", "at", "id"])
    op.create_index("notes_by_subject", "notes", ["deployment", "about", "which"])
    op.create_table(
        "cares",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("incident", sa.String(63), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("acknowledged_by", sa.Text),
        sa.Column("assigned", sa.Text),
    )


def downgrade() -> None:
    op.drop_table("cares")
    op.drop_table("notes")
