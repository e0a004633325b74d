"""What Alembic runs: the missing steps, in one transaction, over a given connection."""

from __future__ import annotations

from alembic import context

from app.records.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
