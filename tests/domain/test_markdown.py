"""Whatever somebody writes, no more than words, lists and links to the web come of it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.markdown import TAGS, html, plain


class Found(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("two\nlines", "<p>two<br>\nlines</p>"),
        ("**bold** *soft* ~~gone~~", "<p><strong>bold</strong> <em>soft</em> <s>gone</s></p>"),
        ("`redis-0` & co", "<p><code>redis-0</code> &amp; co</p>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("# no heading", "<p># no heading</p>"),
        ("a\n\n---", "<p>a</p>\n<p>---</p>"),
        ("redis.infra and me@x.org", "<p>redis.infra and me@x.org</p>"),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(text: str, made: str) -> None:
    assert html(text) == made


@pytest.mark.parametrize(
    "text", ["[run book](https://wiki.example/redis)", "see https://wiki.example/redis"]
)
def test_a_link_leads_to_the_web_and_tells_nobody_from_where(text: str) -> None:
    (link,) = [found for tag, found in Found(html(text)).tags if tag == "a"]
    assert link == {
        "href": "https://wiki.example/redis",
        "rel": "noopener noreferrer",
        "target": "_blank",
    }


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/png;base64,AAAA)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x) [y](file:///etc/passwd) [z](//evil.example) [w](/api/v1)",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "</p></li></ol><style>*{display:none}</style>",
    "<svg/onload=alert(1)> <math><mtext><table><mglyph><style><!--</style>",
    "`</code><script>alert(1)</script>`",
    "```html onmouseover=alert(1)\n</code></pre><script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='javascript:alert(1)'>x</a> <form><input></form>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_written_becomes_a_script(text: str) -> None:
    harmless(text)


@given(
    st.lists(st.sampled_from([*HOSTILE, "*", "`", "[", "](", "\n", "> "])).map("".join)
)
@example("")
def test_nor_does_any_mixture_of_it(text: str) -> None:
    harmless(text)


@given(st.text(max_size=200))
def test_nor_anything_at_all(text: str) -> None:
    harmless(text)
    assert "\n" not in plain(text)


def harmless(text: str) -> None:
    for tag, attributes in Found(html(text)).tags:
        assert tag in TAGS
        assert set(attributes) <= {"href", "rel", "target", "start"}
        address = attributes.get("href")
        assert address is None or address.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("**Redis** is\n`failing over`", "Redis is failing over"),
        ("- one\n- [two](https://a.example)\n\nthree  \nfour", "one two three four"),
        ("```\nkubectl get pods\n```", "kubectl get pods"),
        ("<b>", "<b>"),
        ("  ", ""),
    ],
)
def test_in_one_line_it_is_the_words_alone(text: str, line: str) -> None:
    assert plain(text) == line
