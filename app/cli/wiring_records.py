"""From settings to how the records' PostgreSQL is trusted: values only."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from app.config.storage import Storage
from collectors.postgresql_tls import checked


def records_tls(storage: Storage) -> dict[str, str]:
    """What is added to the address of the records, which may have words of its own
    (`?sslmode=...`); nothing where they are in no PostgreSQL."""
    parts = urlsplit(storage.records or "")
    if parts.scheme != "postgresql":
        return {}
    certificate, key = storage.records_cert_file, storage.records_key_file
    return checked(
        {"host": parts.hostname, **dict(parse_qsl(parts.query))},
        None if storage.records_ca_file is None else str(storage.records_ca_file),
        (str(certificate), str(key)) if certificate and key else None,
    )
