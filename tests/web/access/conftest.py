"""A provider of the tests' own, and somebody who signs in with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.config.auth_oidc import OidcAuth
from app.web.access.oidc import Began, Identity, Oidc, Refused
from app.web.access.oidc_wire import Wire
from tests.web.access.oidc_provider import BACK, CLIENT, SECRET, Provider


class Ticking:
    """A clock that goes only as a test says, in seconds."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


class Visitor:
    """A browser and our side of it."""

    def __init__(self, provider: Provider, oidc: Oidc) -> None:
        self.provider, self.oidc = provider, oidc

    def begins(self, next_page: str | None = "/") -> Began:
        began = asyncio.run(self.oidc.begin(next_page))
        assert isinstance(began, Began), began
        return began

    def finishes(self, query, pending) -> Identity | Refused:
        return asyncio.run(self.oidc.finish(query, pending))

    def signs_in(self) -> Identity | Refused:
        began = self.begins()
        return self.finishes(self.provider.signed_in(began.url), began.pending)

    def is_refused(self) -> str:
        """Why."""
        told = self.signs_in()
        assert isinstance(told, Refused), told
        return told.reason


@pytest.fixture
def provider() -> Iterator[Provider]:
    one = Provider()
    yield one
    one.close()


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def visitor_of(tmp_path: Path, ticking: Ticking) -> Callable[..., Visitor]:
    def make(provider: Provider, wire: Wire | None = None, **settings) -> Visitor:
        secret = tmp_path / "client-secret"
        secret.write_text(f"{SECRET}\n")
        written = {"issuer": provider.issuer, "client_id": CLIENT, **settings}
        if not provider.public:
            written["client_secret_file"] = str(secret)
        read = OidcAuth.model_validate(written, context={"folder": tmp_path})
        return Visitor(provider, Oidc(read, BACK, lambda: provider.now, wire, ticking))

    return make


@pytest.fixture
def visitor(visitor_of, provider) -> Visitor:
    return visitor_of(provider)
