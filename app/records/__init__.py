"""The records: incidents that outlive this process, in SQLite or in PostgreSQL."""
