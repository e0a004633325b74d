"""Who may do what, and where: roles, the deployments they are held in, and the people.

A role is always held somewhere: in named deployments, or in all of them. Who is in two
groups has in each deployment the highest of the roles that reach it, and nothing of one
deployment spills into another. What is about the process itself (its log of acts, its
tokens) needs the role everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Deployments = frozenset[str] | None
"""Ids; `None`: every one, also those that are yet to come."""


class Role(StrEnum):
    """Each may do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        return RANKS[self]

    def covers(self, other: Role) -> bool:
        return self.rank >= other.rank


RANKS: Final = {Role.VIEWER: 1, Role.OPERATOR: 2, Role.ADMIN: 3}


class Act(StrEnum):
    """What can be done."""

    SEE = "see"
    TEND = "tend"
    """Acknowledge and assign an incident, write a note, pin and delete it."""
    SILENCE = "silence"
    """Begin and end maintenance."""
    LET_IN = "let-in"
    """Let a TV in."""
    ADMINISTER = "administer"
    """Tokens, the log of acts, and whatever shows the inside of the process."""


NEEDS: Final = {
    Act.SEE: Role.VIEWER,
    Act.TEND: Role.OPERATOR,
    Act.SILENCE: Role.OPERATOR,
    Act.LET_IN: Role.ADMIN,
    Act.ADMINISTER: Role.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and where it is held."""

    role: Role
    deployments: Deployments = None

    def reaches(self, deployment: str) -> bool:
        return self.deployments is None or deployment in self.deployments


@dataclass(frozen=True, slots=True)
class Rule:
    """What a group is granted; `group=None`: everybody who can sign in at all."""

    group: str | None
    grant: Grant


class Kind(StrEnum):
    """How somebody came in."""

    NOBODY = "nobody"
    """Without signing in, where that is allowed."""
    PERSON = "person"
    TOKEN = "token"
    TV = "tv"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `subject` tells people apart, and is what the log of acts holds;
    `name` is what is shown, and what a note is signed with."""

    subject: str
    name: str
    grants: tuple[Grant, ...] = ()
    kind: Kind = Kind.PERSON

    @property
    def named(self) -> bool:
        """Is it known who it is? Who did not sign in says so himself."""
        return self.kind is not Kind.NOBODY

    def role(self, deployment: str) -> Role | None:
        """The highest that is held there."""
        return highest(one for one in self.grants if one.reaches(deployment))

    def sees(self, deployment: str) -> bool:
        return self.role(deployment) is not None

    def everywhere(self) -> Role | None:
        """The highest that is held in every deployment."""
        return highest(one for one in self.grants if one.deployments is None)

    def may(self, act: Act, deployment: str | None = None) -> bool:
        """In that deployment; without one: everywhere."""
        held = self.everywhere() if deployment is None else self.role(deployment)
        return held is not None and held.covers(NEEDS[act])

    def may_somewhere(self, act: Act) -> bool:
        return any(one.role.covers(NEEDS[act]) for one in self.grants)


UNKNOWN: Final = "(nobody)"
"""The subject of who did not sign in."""
NOBODY: Final = Person(UNKNOWN, "", (), Kind.NOBODY)
"""Who may do nothing at all."""


def anybody(role: Role) -> Person:
    """Whoever comes, where nobody signs in."""
    return Person(UNKNOWN, "", (Grant(role),), Kind.NOBODY)


def highest(grants: Iterable[Grant]) -> Role | None:
    return max((one.role for one in grants), key=lambda role: role.rank, default=None)


def granted(groups: Iterable[str], rules: Sequence[Rule]) -> tuple[Grant, ...]:
    """What follows from the groups that somebody is in; nothing: he is not let in."""
    held = frozenset(groups)
    found = (one.grant for one in rules if one.group is None or one.group in held)
    return tuple(dict.fromkeys(found))


def named(groups: Iterable[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Of somebody's groups, of which there may be hundreds, those that a rule names."""
    known = {one.group for one in rules}
    return tuple(sorted({group for group in groups if group in known}))


def refusal(person: Person, act: Act, deployment: str | None) -> str | None:
    """Why something may not be done, and which role it takes; `None`: it may be. A
    deployment that is not seen is not spoken of here: there is none, as far as he is
    told."""
    if person.may(act, deployment):
        return None
    where = "in every deployment" if deployment is None else f"in {deployment}"
    held = person.everywhere() if deployment is None else person.role(deployment)
    has = "no role" if held is None else f"the role {held.value}"
    who = person.name or "who does not sign in"
    return f"this needs the role {NEEDS[act].value}; {who} has {has} {where}"
