"""HTML and SVG as escaped text.

`Markup` is text that is safe to send; everything else is escaped on its way in, so a
name or an error taken from a cluster can't become a tag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

VOID = frozenset({"br", "hr", "input", "link", "meta"})


class Markup(str):
    """Text that needs no more escaping."""

    __slots__ = ()


Child = str | int | Iterable["Child"] | None
Value = str | int | float | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """One element. `class_` is `class`, `data_node` is `data-node`.

    An attribute that is `None` or `False` is left out; `True` stands without a value.
    """
    head = name + "".join([_attribute(*each) for each in attributes.items()])
    if name in VOID:
        return Markup(f"<{head}>")
    return Markup(f"<{head}>{join(children)}</{name}>")


def for_scripts(said: Mapping[str, Any] | Sequence[str], id_: str) -> Markup:
    """What scripts say, as JSON that can't end the element it is in."""
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    safe = Markup(text.replace("<", "\\u003c"))
    return tag("script", safe, type="application/json", id=id_)


def join(children: Iterable[Child]) -> Markup:
    """The children one after another, each escaped unless it is `Markup`."""
    return Markup("".join([_text(child) for child in children]))


def _text(child: Child) -> str:
    if child is None:
        return ""
    if type(child) is Markup:
        return child
    if isinstance(child, (str, int)):  # a union takes thrice the time
        return escape(str(child), quote=False)
    return join(child)


@lru_cache(1 << 12, typed=True)
def _attribute(key: str, value: Value) -> str:
    """A page has thousands, nearly all of which it had before: map, table and fleet
    have two thousand different ones in all. Times and what lies along them only pass
    through, and are not to be kept for hours."""
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
