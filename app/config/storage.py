"""Where history, records and live state are kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import model_validator

from app.config.fields import (
    BusUrl,
    HistoryUrl,
    HttpUrl,
    Interval,
    Keep,
    ReadableFile,
    RecordsUrl,
    Size,
    Text,
    local_file,
)
from app.config.section import Section, pair_or_none, sign_in_once

ENGINE: Final = "prometheus+"
"""Before the scheme of the address of an engine for metrics."""
OF_A_SERVER: Final = (
    "records_password_file", "records_ca_file", "records_cert_file", "records_key_file",
)  # fmt: skip


class Storage(Section):
    history: HistoryUrl | None = None
    history_keep: Keep = timedelta(days=366)
    history_minutes_keep: Keep = timedelta(days=14)
    history_raw_keep: Keep = timedelta(days=2)
    history_limit: Size = 10 << 30
    history_user: Text | None = None
    history_password_file: ReadableFile | None = None
    history_token_file: ReadableFile | None = None
    history_ca_file: ReadableFile | None = None
    history_interval: Interval = 15.0
    history_push: HttpUrl | None = None
    records: RecordsUrl | None = None
    records_password_file: ReadableFile | None = None
    records_ca_file: ReadableFile | None = None
    records_cert_file: ReadableFile | None = None
    records_key_file: ReadableFile | None = None
    records_keep: Keep = timedelta(days=400)
    timeline_keep: Keep = timedelta(days=14)
    audit_keep: Keep = timedelta(days=400)
    bus: BusUrl = "memory"
    bus_user: Text | None = None
    bus_password_file: ReadableFile | None = None
    bus_ca_file: ReadableFile | None = None

    @property
    def history_file(self) -> Path | None:
        """Where the history is kept: beside the records unless it is said. `None`:
        nowhere, or not in a file."""
        if self.history is not None:
            return local_file(self.history)
        records = local_file(self.records or "")
        return None if records is None else records.with_name("history.db")

    @property
    def history_engine(self) -> str | None:
        """The address of the engine that keeps the history, if one does."""
        engine = (self.history or "").startswith(ENGINE)
        return (self.history or "").removeprefix(ENGINE) if engine else None

    @model_validator(mode="after")
    def _an_engine_is_signed_in_to_once(self) -> Storage:
        """Raises for keys of an engine where there is none."""
        named = {name for name, set_ in self._of_an_engine().items() if set_}
        if named and self.history_engine is None:
            raise ValueError(
                f"{', '.join(sorted(named))}: belongs to "
                "history: prometheus+http://... (or prometheus+https://...)"
            )
        sign_in_once(
            self.history_user,
            self.history_password_file,
            self.history_token_file,
            "history_token_file",
        )
        return self

    def _of_an_engine(self) -> dict[str, object]:
        return {
            "history_user": self.history_user,
            "history_password_file": self.history_password_file,
            "history_token_file": self.history_token_file,
            "history_ca_file": self.history_ca_file,
            "history_push": self.history_push,
        }

    @model_validator(mode="after")
    def _a_password_has_a_server(self) -> Storage:
        postgresql = (self.records or "").startswith("postgresql:")
        named = [name for name in OF_A_SERVER if getattr(self, name)]
        if named and not postgresql:
            text = f"{', '.join(named)}: belongs to records: postgresql://..."
            raise ValueError(text)
        pair_or_none(self.records_cert_file, self.records_key_file, "records_")
        return self

    @model_validator(mode="after")
    def _what_a_bus_needs(self) -> Storage:
        named = {
            name
            for name in ("bus_user", "bus_password_file", "bus_ca_file")
            if getattr(self, name) is not None
        }
        if named and self.bus == "memory":
            raise ValueError(f"{', '.join(sorted(named))}: belongs to bus: redis://...")
        if self.bus_user is not None and self.bus_password_file is None:
            raise ValueError("bus_user needs bus_password_file")
        if self.bus_ca_file is not None and not self.bus.startswith("rediss:"):
            raise ValueError("bus_ca_file belongs to bus: rediss://...")
        return self
