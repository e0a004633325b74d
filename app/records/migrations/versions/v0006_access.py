"""Who did what, tokens, and sessions that are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("deployment", sa.String(63)),
        sa.Column("about", sa.Text, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["at", "id"])
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(63), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("deployments", sa.Text),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
    )
    op.create_table(
        "signed_out",
        sa.Column("session", sa.String(63), primary_key=True),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("signed_out")
    op.drop_table("tokens")
    op.drop_table("audit")
