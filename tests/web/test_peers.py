"""Who holds the socket is known, whatever he says of others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.cli.own import manners
from app.config.models import Server
from tests.web.conftest import Live, start

GIVEN = {"X-Request-ID": "edge-12345678"}
THROUGH = [
    {},
    {"X-Forwarded-For": "192.0.2.7"},
    {"X-Forwarded-For": "192.0.2.7:4711"},
    {"X-Forwarded-For": "10.1.0.9, 127.0.0.1"},
]
"""What a proxy says of whom it hands on, and what somebody else may write."""


def behind(proxy: str) -> Iterator[Live]:
    """A dashboard that trusts this one, and its settings as `serve` reads them."""
    settings = Server.model_validate({"trusted_proxies": [proxy]})
    for live in start("demo", proxies=settings.trusted_proxies):
        live.trusting = manners(settings).trusts
        yield live


@pytest.fixture(scope="module")
def ours() -> Iterator[Live]:
    yield from behind("127.0.0.1")


@pytest.fixture(scope="module")
def strange() -> Iterator[Live]:
    """The same for which who asks here is a stranger."""
    yield from behind("10.1.0.0/16")


@pytest.mark.parametrize("said", THROUGH)
def test_a_trusted_proxy_names_the_request(ours: Live, said: dict[str, str]) -> None:
    answer = ours.get("/healthz", headers=GIVEN | said)
    assert answer.headers["X-Request-ID"] == GIVEN["X-Request-ID"]


@pytest.mark.parametrize("said", THROUGH)
def test_a_stranger_does_not(strange: Live, said: dict[str, str]) -> None:
    answer = strange.get("/healthz", headers=GIVEN | said)
    assert answer.headers["X-Request-ID"] != GIVEN["X-Request-ID"]
