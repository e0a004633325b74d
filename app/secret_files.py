"""A secret in a file, read each time it is needed, since it may be changed meanwhile;
and what others say, without it."""

from __future__ import annotations

from pathlib import Path


def secret_in(file: Path | None) -> str | None:
    """As the file has it now; raises `OSError`. `None`: none is needed."""
    return None if file is None else file.read_text(encoding="utf-8").strip()


def without_secret(text: str, file: Path | None) -> str:
    """What a server said, which may be what it was sent."""
    try:
        secret = secret_in(file)
    except OSError:
        return text  # Then none was sent.
    return text.replace(secret, "***") if secret else text
