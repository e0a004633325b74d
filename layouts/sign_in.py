"""The sign-in page of a small site: a name, a password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from layouts import strings_access as words
from layouts.markup import Markup, tag
from layouts.plain import plain_page
from layouts.strings import PRODUCT

STYLES: Final = ("gws.css", "contrast.css", "plain.css", "sign_in.css")
ERROR: Final = "gws-sign-in-error"


def page(wanted: str, trouble: str, *, asset: Callable[[str], str]) -> str:
    """The whole HTML. `wanted`: the page that is shown afterwards; `trouble`: why the
    last try came to nothing."""
    form = tag(
        "form",
        tag("input", type="hidden", name="next", value=wanted),
        _field("name", words.NAME, "text", "username", trouble, first=True),
        _field("password", words.PASSWORD, "password", "current-password", trouble),
        tag("p", trouble, role="alert", id=ERROR, class_="trouble"),
        tag("p", tag("button", words.SIGN_IN, type="submit"), class_="ways"),
        method="post",
        action="login",
    )
    shown = tag(
        "main",
        tag("p", PRODUCT, class_="product"),
        tag("h1", words.SIGN_IN),
        form,
        id="gws-main",
        class_="sign-in",
    )
    title = f"{words.SIGN_IN} · {PRODUCT}"
    return plain_page(shown, title=title, styles=STYLES, asset=asset)


def _field(
    name: str, label: str, kind: str, completed: str, trouble: str, first: bool = False
) -> Markup:
    field = tag(
        "input",
        type=kind,
        name=name,
        required=True,
        maxlength=1000 if kind == "password" else 63,
        autocomplete=completed,
        autocapitalize="none",
        spellcheck="false",
        autofocus=first,
        aria_describedby=ERROR if trouble else None,
        aria_invalid="true" if trouble else None,
    )
    return tag("label", tag("span", label), field)
