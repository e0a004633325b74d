"""Nothing that comes over a wire makes a reader raise what it does not declare.

Some examples each here; `make fuzz` gives each as long as one likes, led by which
lines were reached. What was found once stands in `FOUND` for ever.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.bent import MOST_EDITS, bent, spliced
from tests.fuzz.harness import MOST_BYTES
from tests.fuzz.harnesses import ALL

FOUND = [
    ("environment", b"\0A:B=1\nC:D=1"),
    ("configuration", b"\0a: " + b"[" * 5000),
]
"""Harness and input."""


@pytest.mark.parametrize("name", ALL)
def test_a_reader_raises_only_what_it_declares(name):
    harness = ALL[name]

    @settings(database=None)
    @given(st.binary(max_size=4 * 2 * MOST_EDITS))
    def held(data: bytes) -> None:
        harness.run(data)

    held()


@pytest.mark.parametrize("name", ALL)
def test_what_it_is_made_for_it_takes_as_it_is(name):
    """Otherwise nothing but its refusal would be tried."""
    harness = ALL[name]
    taken = 0
    for seed in harness.seeds:
        try:
            harness.read(seed)
            taken += 1
        except harness.declared:
            pass
    assert taken, name


BOMBS = [
    b"[" * MOST_BYTES,
    b'{"a":' * 10_000,
    b"9" * MOST_BYTES,
    b"-" * MOST_BYTES,
    b"\xff" * MOST_BYTES,
    b"\0" * MOST_BYTES,
    b"a" * MOST_BYTES,
    b"{" * MOST_BYTES,
    b"x{" + b"a=\"b\"," * 10_000 + b"} 1\n",
    b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 112)
    ),
    b"- " * 20_000,
    b"? " * 20_000,
    b"![" * 20_000,
    b"[](" * 20_000,
    b"*" * MOST_BYTES,
    b"a=1&" * 10_000,
    (b"1," * 30_000) + b"1",
]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        # A file of the operator's own, whose reader is slow.
        pytest.param(
            name, marks=pytest.mark.thorough if name == "configuration" else ()
        )
        for name in ALL
    ],
)
def test_nothing_short_keeps_it_busy_or_makes_it_fall(name):
    """Deep, long, and what grows when it is unfolded."""
    for bomb in BOMBS:
        ALL[name].run(b"\0" + bomb)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found_once_is_not_found_again(name, data):
    ALL[name].run(data)


@given(st.binary(max_size=200))
def test_what_is_bent_is_still_json_and_the_good_one_stays_as_it_was(data):
    good = {"a": [1, {"b": "c"}], "d": None}
    json.dumps(bent(good, data))
    assert good == {"a": [1, {"b": "c"}], "d": None}
    assert bent(good, b"") == good
    assert len(spliced(b"text", data)) < 100_000
