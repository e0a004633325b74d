"""Every word that a page shows stands in a module of words, where others can follow."""

import ast
from pathlib import Path

import pytest

import layouts

MODULES = {path.name: path for path in Path(layouts.__file__).parent.glob("*.py")}
WORDS = [name for name in MODULES if name.startswith("strings")]
SEEN = {"aria_label", "title", "placeholder", "alt", "children"}
"""Attributes that people read or hear."""


def spoken(call):
    """The text that a call of `tag(...)`, or of `html.X(...)`, puts before people."""
    shown = call.args[1:] if isinstance(call.func, ast.Name) else call.args
    told = [k.value for k in call.keywords if k.arg in SEEN]
    return [text for part in (*shown, *told) for text in literals(part)]


def literals(part):
    """Constant text in an expression, but for that of calls and of places in a map."""
    if isinstance(part, ast.Call | ast.Subscript | ast.Compare):
        return []
    if isinstance(part, ast.Constant):
        return [part.value] if isinstance(part.value, str) else []
    return [text for child in ast.iter_child_nodes(part) for text in literals(child)]


def draws(call):
    func = call.func
    if isinstance(func, ast.Name):
        return func.id == "tag"
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "html"
    )


def wordy(text):
    return sum(letter.isalpha() for letter in text) > 1


def scattered(path):
    calls = [
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)
    ]
    return [
        text for call in calls if draws(call) for text in spoken(call) if wordy(text)
    ]


@pytest.mark.parametrize("name", sorted(set(MODULES) - set(WORDS)))
def test_words_stand_in_the_modules_of_words(name):
    assert scattered(MODULES[name]) == []


def test_a_scattered_word_is_found():
    (call,) = ast.parse(
        'tag("p", f"Only {n} left", ("of", x["a b"]), class_="so quiet", title="All")'
    ).body
    assert spoken(call.value) == ["Only ", " left", "of", "All"]
