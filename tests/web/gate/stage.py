"""A dashboard that people sign in to: two deployments, four people, two keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests
from argon2 import PasswordHasher

from app.domain.access import Grant, Kind, Role, Rule
from app.domain.audit import Entry, Listed, Wanted, listed
from app.domain.sessions import Terms
from app.domain.tokens import Token
from app.domain.tokens import Wanted as Asked
from app.web.access.access import Access, Metrics
from app.web.access.basic import Basic
from app.web.access.by_proxy import ByProxy
from app.web.access.peers import Peers
from app.web.access.seal import Seal, keys_in
from app.web.access.sessions import Sessions
from tests.web.conftest import Live, picture, start

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What a test's passwords are hashed with: not for anybody else."""
PASSWORD = "correct horse battery"
HASH = QUICK.hash(PASSWORD)
GROUPS = {
    "ana": "ops-east",
    "vic": "lookers-east",
    "adam": "admins",
    "eve": "strangers",
}
RULES = (
    Rule("ops-east", Grant(Role.OPERATOR, frozenset({"east"}))),
    Rule("lookers-east", Grant(Role.VIEWER, frozenset({"east"}))),
    Rule("admins", Grant(Role.ADMIN)),
)
TERMS = Terms(timedelta(hours=12), timedelta(days=7))
OLD_KEY, NEW_KEY = "o" * 40, "n" * 40
SCRAPER = "s" * 40
PAGE = {"Accept": "text/html"}


class Registered:
    """What signing in remembers, kept by hand."""

    def __init__(self) -> None:
        self.kept: dict[str, Token] = {}
        self.over: dict[str, datetime] = {}
        self.acts: list[Entry] = []
        self.read = True
        self.trouble: str | None = None
        self.elsewhere: list[Token] = []
        """Made at another replica; known here once one has caught up."""
        self.late: str | None = None
        self.waited = 0

    def known(self) -> bool:
        return self.read

    async def caught_up(self) -> str | None:
        self.waited += 1
        for one in self.elsewhere:
            self.put(one)
        return self.late

    def token(self, digest: str) -> Token | None:
        return next((one for one in self.kept.values() if one.digest == digest), None)

    def tokens(self) -> tuple[Token, ...]:
        return tuple(self.kept.values())

    def put(self, token: Token) -> None:
        self.kept[token.id] = token

    def end(self, session: str, until: datetime) -> None:
        self.over[session] = until

    def ended(self, session: str) -> bool:
        return session in self.over

    def note(self, entry: Entry) -> None:
        self.acts.append(entry)

    def find(self, wanted: Wanted) -> Listed:
        return listed(self.acts, wanted, self.trouble)


@dataclass
class Guarded:
    """The dashboard, and what it remembers of who came."""

    live: Live
    register: Registered
    folder: Path
    access: Access

    @property
    def url(self) -> str:
        return self.live.url

    def visitor(self) -> Visitor:
        return Visitor(self.url)

    def signed_in(self, name: str) -> Visitor:
        visitor = self.visitor()
        answer = visitor.sign_in(name)
        assert answer.status_code == 303, answer.text
        return visitor

    def token(self, role: Role, *within: str, kind: Kind = Kind.TOKEN) -> str:
        """The secret of a new one."""
        secret, made = self.made(role, *within, kind=kind)
        self.register.put(made)
        return secret

    def made(
        self, role: Role, *within: str, kind: Kind = Kind.TOKEN
    ) -> tuple[str, Token]:
        """One that is not known here."""
        number = len(self.register.kept)
        secret, where = f"secret-{number}", frozenset(within) or None
        wanted = Asked("ci", kind, role, where, "adam", timedelta(days=1))
        return secret, wanted.made(f"{number:02x}", secret, self.live.now[0])

    def did(self) -> list[tuple[str, str, str]]:
        return [(one.who, one.what, one.outcome.value) for one in self.register.acts]


class Visitor:
    """A browser: it keeps cookies, says where a request comes from, follows nothing."""

    def __init__(self, url: str) -> None:
        self.url, self.session = url, requests.Session()

    def get(self, path: str, **more: object) -> requests.Response:
        return self.ask("GET", path, **more)

    def ask(self, method: str, path: str, **more: object) -> requests.Response:
        headers = {"Origin": self.url, **more.pop("headers", {})}
        if method == "GET":
            del headers["Origin"]
        return self.session.request(
            method, self.url + path, headers=headers, timeout=30, allow_redirects=False,
            **more,
        )  # fmt: skip

    def sign_in(
        self, name: str, password: str = PASSWORD, **more: str
    ) -> requests.Response:
        told = {"name": name, "password": password, **more}
        return self.ask("POST", "/auth/login", data=told)

    @property
    def cookie(self) -> str:
        return self.session.cookies["gws_session"]


def carry(cookie: str) -> dict[str, str]:
    return {"Cookie": f"gws_session={cookie}"}


def written(folder: Path) -> None:
    """The files of a small site."""
    lines = [f"{name}:{HASH}:{group}" for name, group in GROUPS.items()]
    (folder / "users").write_text("\n".join(lines))
    (folder / "keys").write_text(f"{NEW_KEY}\n{OLD_KEY}\n")


def by_password(
    folder: Path, register: Registered, public_url: str | None = None
) -> Callable[[Live], Access]:
    written(folder)

    def access(live: Live) -> Access:
        seal = Seal(keys_in(folder / "keys"))
        basic = Basic(folder / "users", RULES, QUICK)
        https = (public_url or "").startswith("https:")
        sessions = Sessions("basic", seal, TERMS, register, basic.grants, https)
        return Access(
            sessions,
            lambda: live.now[0],
            register,
            Metrics(token=lambda: SCRAPER),
            public_url,
            sessions=sessions,
            seal=seal,
            basic=basic,
            rules=RULES,
        )

    return access


def by_proxy(
    register: Registered, *trusted: str, public_url: str | None = None
) -> Callable[[Live], Access]:
    way = ByProxy(
        Peers(trusted),
        RULES,
        "X-Forwarded-User",
        "X-Forwarded-Name",
        "X-Forwarded-Groups",
    )
    return lambda live: Access(
        way,
        lambda: live.now[0],
        register,
        Metrics(),
        public_url,
        proxy_sign_out="/oauth2/sign_out",
    )


@contextmanager
def guarded(
    folder: Path,
    made: Callable[[Registered], Callable[[Live], Access]],
    pictures: tuple[str, ...] = ("east", "west"),
    **more: object,
) -> Iterator[Guarded]:
    register, kept = Registered(), []

    def access(live: Live) -> Access:
        kept.append(made(register)(live))
        return kept[0]

    for live in start("east", "west", access=access, **more):
        for name in pictures:
            live.bus.publish(picture(name), None)
        yield Guarded(live, register, folder, kept[0])


def led_to(answer: requests.Response) -> str:
    """Where a browser is led."""
    assert answer.status_code in (303, 307), answer.text
    parts = urlsplit(answer.headers["Location"])
    return parts._replace(scheme="", netloc="").geturl()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]
