"""The two files that signing in reads: who there is at a small site, and the keys that
sessions are signed with. Pure: a text in, what it holds and what is wrong with it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KEY_LEAST: Final = 32
"""Characters of a key; fewer can be guessed."""
KEYS_MOST: Final = 8
USERS_MOST: Final = 10_000
HASH: Final = re.compile(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+")
NAME: Final = re.compile(r"[^\s:,\x00-\x1f\x7f]{1,63}")
GROUP: Final = re.compile(r"[^:,\x00-\x1f\x7f]{1,100}")

SHAPE: Final = "must be name:hash or name:hash:group,group"
NOT_A_NAME: Final = "a name holds no spaces, colons and commas, and at most 63 letters"
NOT_A_HASH: Final = (
    "the password must be an Argon2id hash, as `gws-observatory hash-password` makes it"
)
NOT_GROUPS: Final = "groups are joined by commas"
TWICE: Final = 'another line is about "{name}"'
NOBODY: Final = "holds no user"
SHORT: Final = f"a key needs {KEY_LEAST} characters or more"
NO_KEY: Final = "holds no key: make one with `openssl rand -base64 48`"
TOO_MANY: Final = "holds more than {most} lines that count"

Wrong = tuple[int, str]
"""A line, counted from 1, and what is wrong with it; never what stands in it, which
may be a secret."""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    hash: str
    groups: tuple[str, ...] = ()


def users(text: str) -> tuple[Mapping[str, User], list[Wrong]]:
    """A user a line; empty lines and those that begin with `#` are skipped."""
    found: dict[str, User] = {}
    wrong: list[Wrong] = []
    for number, line in _lines(text):
        user = _user(line)
        if isinstance(user, str):
            wrong.append((number, user))
        elif user.name in found:
            wrong.append((number, TWICE.format(name=user.name)))
        else:
            found[user.name] = user
    if not found and not wrong:
        wrong.append((1, NOBODY))
    if len(found) > USERS_MOST:
        wrong.append((1, TOO_MANY.format(most=USERS_MOST)))
    return found, wrong


def keys(text: str) -> tuple[tuple[str, ...], list[Wrong]]:
    """A key a line: the first signs, and each is believed."""
    lines = _lines(text)
    found = tuple(line for _, line in lines if len(line) >= KEY_LEAST)
    wrong = [(number, SHORT) for number, line in lines if len(line) < KEY_LEAST]
    if not lines:
        wrong.append((1, NO_KEY))
    if len(found) > KEYS_MOST:
        wrong.append((1, TOO_MANY.format(most=KEYS_MOST)))
    return found, wrong


def _lines(text: str) -> list[tuple[int, str]]:
    """Those that say something, with their numbers."""
    stripped = ((at, line.strip()) for at, line in enumerate(text.split("\n"), 1))
    return [(at, line) for at, line in stripped if line and not line.startswith("#")]


def _user(line: str) -> User | str:
    """What a line says, or what is wrong with it."""
    name, *rest = line.split(":")
    if len(rest) not in (1, 2):
        return SHAPE
    if not NAME.fullmatch(name):
        return NOT_A_NAME
    if not HASH.fullmatch(rest[0]):
        return NOT_A_HASH
    groups = [one.strip() for one in "".join(rest[1:]).split(",")] if rest[1:] else []
    told = [one for one in groups if one]
    if not all(GROUP.fullmatch(one) for one in told):
        return NOT_GROUPS
    return User(name, rest[0], tuple(told))
