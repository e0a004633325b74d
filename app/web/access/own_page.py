"""Where to go after signing in: to a page of ours, whatever the address said."""

from __future__ import annotations

from typing import Final

HOME: Final = "/"
LONGEST: Final = 2000


def own_page(address: str | None) -> str:
    """The path that was asked for, with its query; the front page for what is none.

    A browser takes `//host` and `/\\host` for another host, and passes over control
    characters and blanks, which could hide one of the two.
    """
    asked = address or HOME
    leads_away = not asked.startswith("/") or asked[1:2] in ("/", "\\")
    odd = any(c <= " " or c == "\\" or not c.isprintable() for c in asked)
    return HOME if leads_away or odd or len(asked) > LONGEST else asked
