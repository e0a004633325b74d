"""What every process writes of the records: tokens, sign-outs, and who did what."""

from __future__ import annotations

from app.records.store import Store


class Commons(Store):
    """As a web replica opens it. Nobody is kept out by it, and the schema is for who
    collects to bring up to date; of the rest of the records it writes nothing."""

    def open(self) -> None:
        """Be ready to write. Raises `Trouble`."""
        with self._told():
            self._writing = self.engine.connect()
