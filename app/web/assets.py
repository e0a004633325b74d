"""The addresses of our own scripts, styles and pictures."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import layouts

ASSETS: Final = Path(layouts.__file__).parent / "assets"


def asset_url(name: str) -> str:
    """The address of one of our own files; it changes when the file does."""
    return f"/assets/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
