"""What every section of the settings is: frozen, and strict about its keys."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        defer_build=True,
    )


def pair_or_none(certificate: Path | None, key: Path | None, of: str = "") -> None:
    """Raises `ValueError` for one without the other. `of`: what their keys begin by."""
    if (certificate is None) != (key is None):
        raise ValueError(f"{of}cert_file and {of}key_file belong together")


def sign_in_once(
    user: str | None, password: Path | None, other: Path | None, called: str
) -> None:
    """Raises `ValueError` unless there is one way of signing in, whole, or none."""
    if other and (user or password):
        raise ValueError(f"give {called}, or user and password_file, not both")
    if (user is None) != (password is None):
        raise ValueError("user and password_file belong together")
