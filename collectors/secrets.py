"""Secrets in files: read when needed, and again whenever a file has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from collectors.errors import SourceRefused
from collectors.stamps import Stamp, stamp

LIMIT: Final = 4_096


class SecretFile:
    """`called`: what it is, in messages: "ACL token". `one_word`: as what a header or a
    sign-in carries; otherwise one line."""

    def __init__(self, file: str | None, called: str, *, one_word: bool = True) -> None:
        self._called = called
        self._one_word = one_word
        self._file = Path(file) if file else None
        self._seen: Stamp | None = None
        self._secret = ""

    def read(self) -> str:
        """The secret; "" when no file is configured. Raises `SourceRefused`."""
        if self._file is None:
            return ""
        try:
            seen = stamp(self._file)
            if seen != self._seen:
                self._secret = self._text_in(self._file)
                self._seen = seen
        except OSError as exc:
            text = (
                f"the {self._called}'s file {self._file} can't be read: {exc.strerror}"
            )
            raise SourceRefused(text) from exc
        return self._secret

    def _text_in(self, file: Path) -> str:
        with file.open("rb") as opened:
            text = opened.read(LIMIT + 1).decode(errors="replace").strip()
        # A line break would end a header, and the client's error would repeat it.
        fits = not self._one_word or (text.isascii() and " " not in text)
        if not text or len(text) > LIMIT or not text.isprintable() or not fits:
            shape = "one word" if self._one_word else "one line"
            raise SourceRefused(f"the file {file} holds no {self._called} ({shape})")
        return text
