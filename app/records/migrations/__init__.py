"""The schema of the records, step by step; Alembic runs those that are missing."""
