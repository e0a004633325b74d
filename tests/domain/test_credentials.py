"""The files that signing in reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import credentials
from app.domain.credentials import User, keys, users

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"


def test_a_user_is_a_name_a_hash_and_groups():
    text = f"# who\n\nana:{HASH}\n ben:{HASH}:ops, NOC east ,\nåsa@x.se:{HASH}:\n"
    found, wrong = users(text)
    assert wrong == []
    assert found == {
        "ana": User("ana", HASH),
        "ben": User("ben", HASH, ("ops", "NOC east")),
        "åsa@x.se": User("åsa@x.se", HASH),
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ana", credentials.SHAPE),
        (f"ana:{HASH}:a:b", credentials.SHAPE),
        (f"a na:{HASH}", credentials.NOT_A_NAME),
        (f":{HASH}", credentials.NOT_A_NAME),
        ("ana:secret", credentials.NOT_A_HASH),
        ("ana:$2y$05$abc", credentials.NOT_A_HASH),
        (f"ana:{HASH}:a\x01b", credentials.NOT_GROUPS),
    ],
)
def test_what_is_no_user_is_told_with_its_line_and_without_what_stands_there(
    line, problem
):
    found, wrong = users(f"ben:{HASH}\n{line}\n")
    assert list(found) == ["ben"]
    assert wrong == [(2, problem)]
    assert "secret" not in problem


def test_a_name_stands_there_once_and_somebody_does():
    assert users(f"ana:{HASH}\nana:{HASH}:ops")[1] == [
        (2, 'another line is about "ana"')
    ]
    assert users("# nobody yet\n")[1] == [(1, credentials.NOBODY)]
    many = "\n".join(f"u{n}:{HASH}" for n in range(credentials.USERS_MOST + 1))
    assert users(many)[1] == [(1, "holds more than 10000 lines that count")]


def test_keys_are_long_and_the_first_comes_first():
    first, second = "a" * 32, "b" * 64
    assert keys(f"{first}\n# old\n{second}\n") == ((first, second), [])
    assert keys(f"{first}\nshort\n") == ((first,), [(2, credentials.SHORT)])
    assert keys("\n")[1] == [(1, credentials.NO_KEY)]
    many = "\n".join(f"{n}" * 40 for n in range(9))
    assert keys(many)[1] == [(1, "holds more than 8 lines that count")]


@given(st.text())
def test_no_text_breaks_the_readers(text):
    for read in (users, keys):
        found, wrong = read(text)
        assert found or wrong
