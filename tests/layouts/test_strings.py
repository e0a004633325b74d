"""Every word that a page shows stands in a module of words, where others can follow."""

import ast
import re
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


ASSETS = Path(layouts.__file__).parent / "assets"
TOKEN = re.compile(
    r"""//[^\n]*|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`|/(?![*/ ])(?:[^/\\\n]|\\.)+/[a-z]*(?=[.,);\s])"""
)
FILLED = re.compile(r"\$\{[^}]*\}")
SPOKEN = re.compile(r"[A-Za-z]{2,}[,:]? [a-z]{2,}|\$ [a-z]{2,}|(?<![-\w])[a-z]{3,} \$")
"""Two words, or one beside a value."""
MARKUP = re.compile(r"[.#\[\]=>]|^\(|^(header|summary|input,|fact) |px | ms$")
"""Selectors, conditions of the screen, names of classes, units."""
FOR_PROGRAMMERS = {
    "layouts/keys.py: $ has no key $",
    "$ was not loaded",
    "no picture",
}
"""What is thrown, and caught by us or told in the console."""


def told_by(script):
    """Text in a script that looks like words for a reader."""
    found = [a or b for a, b in TOKEN.findall(script)]
    plain = [FILLED.sub("$", text) for text in found]
    spoken = [t for t in plain if SPOKEN.search(t) and not MARKUP.search(t)]
    return set(spoken) - FOR_PROGRAMMERS


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda p: p.name)
def test_scripts_are_given_their_words(path):
    assert told_by(path.read_text()) == set()


def test_words_in_a_script_are_found():
    script = 'a("No sources yet"); b(`for ${x}`); c("main .picture"); // not this one'
    assert told_by(script) == {"No sources yet", "for $"}
