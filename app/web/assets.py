"""The addresses of our own scripts, styles and pictures, and what stands there.

A page loads all its scripts as one file, and so its styles: dozens of small ones, six
at a time, cost a first look more than all that is in them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import layouts
from layouts.pages import FLEET, PAGES

ASSETS: Final = Path(layouts.__file__).parent / "assets"
BUNDLES: Final = {
    name: parts
    for page in (*PAGES, FLEET)
    for name, parts in ((page.script, page.scripts), (page.style, page.styles))
}
"""What of `layouts/assets` is served as one, in order."""


def asset_url(name: str) -> str:
    """The address of one of our own files; it changes when the file does."""
    return f"/assets/{name}?v={_fingerprint(name)}"


def content(name: str) -> bytes:
    """What stands at `/assets/<name>`."""
    parts = BUNDLES.get(name, (name,))
    return b"\n".join((ASSETS / part).read_bytes() for part in parts)


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256(content(name)).hexdigest()[:12]
