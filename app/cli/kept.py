"""Where the records are kept, and who keeps them."""

from __future__ import annotations

from collections.abc import Callable

from app.cli.wiring_records import records_tls
from app.config.load import Configuration
from app.config.storage import Storage
from app.records.address import MEMORY, Address
from app.records.commons import Commons
from app.records.keeper import Keeper
from app.records.registrar import Registrar
from app.records.store import Store
from collectors.base import Clock


def keeper(
    configuration: Configuration,
    clock: Clock,
    term: Callable[[], int | None] | None = None,
) -> Keeper:
    """Without a place to keep them, its records last as long as this process."""
    storage = configuration.settings.storage
    names = [deployment.id for deployment in configuration.deployments]
    store = Store(kept_at(storage), names, term)
    return Keeper(
        store,
        names,
        clock,
        kept=storage.records_keep,
        timeline_kept=storage.timeline_keep,
        acts_kept=storage.audit_keep,
        shared=term is not None,
    )


def registrar(storage: Storage, clock: Clock) -> Registrar:
    """Of a process that only reads the rest of the records."""
    return Registrar(Commons(kept_at(storage), ()), clock, storage.audit_keep)


def kept_at(storage: Storage) -> Address:
    url, password_file = storage.records or MEMORY, storage.records_password_file
    return Address(url, password_file, records_tls(storage))
