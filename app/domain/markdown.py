"""What somebody wrote, as HTML that may stand in anybody's page.

Markdown without raw HTML, pictures, headings and rules: a note is a few lines, and a
page has one outline of its own. What comes of it is cleaned once more, by another
library that knows nothing of Markdown: no mistake of the one alone lets a script
through.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import nh3

if TYPE_CHECKING:  # Loaded when the first note is read.
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS: Final = {
    "p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a",
}  # fmt: skip
SCHEMES: Final = {"http", "https"}
BREAKS: Final = {"softbreak": " ", "hardbreak": " "}
OURS: Final = {"start", "rel", "target"}
"""Attributes besides an address; a title would be a text that nobody looks for."""
KEPT: Final = 512
"""As many texts are rendered once: the same notes stand in picture after picture."""


@cache
def _reader() -> MarkdownIt:
    from linkify_it import LinkifyIt
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    reader.enable(["linkify", "strikethrough"])
    reader.disable(["image", "heading", "lheading", "hr", "html_block", "html_inline"])
    # `redis.infra` is a host, no address that anybody wants to open.
    reader.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
    return reader


_CLEANER: Final = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    attribute_filter=lambda tag, name, value: _kept(name, value),
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=SCHEMES,
)


@lru_cache(maxsize=KEPT)
def html(text: str) -> str:
    """Sanitised; links lead to http and https alone, and tell nobody where from."""
    return _CLEANER.clean(_reader().render(text)).strip()


def plain(text: str) -> str:
    """In one line, where there is no room for more: the words without the marks."""
    return " ".join(" ".join(map(_words, _reader().parse(text))).split())


def _words(token: Token) -> str:
    if token.type != "inline":
        return token.content
    return "".join(
        one.content or BREAKS.get(one.type, "") for one in token.children or ()
    )


def _kept(name: str, value: str) -> str | None:
    """An address without a scheme would lead into the dashboard itself."""
    if name == "href":
        return value if value.partition(":")[0].lower() in SCHEMES else None
    return value if name in OURS else None
