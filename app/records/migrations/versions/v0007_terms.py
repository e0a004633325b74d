"""Which of several collectors kept records here last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms",
        sa.Column("deployment", sa.String(63), primary_key=True),
        sa.Column("term", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("terms")
