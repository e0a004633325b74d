"""Dashboards that people sign in to, one for each module that needs no other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.web.gate.stage import Guarded, by_password, by_proxy, guarded


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Guarded]:
    """People have names and passwords."""
    with guarded(tmp_path, partial(by_password, tmp_path)) as found:
        yield found


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Guarded]:
    """A proxy on this machine signs people in."""
    trusted = ("127.0.0.1",)
    made = partial(_by_proxy, trusted)
    with guarded(tmp_path, made, proxies=trusted) as found:
        yield found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Guarded]:
    """Likewise a proxy on another machine, and who comes from this one is not it."""
    trusted = ("10.1.0.0/16",)
    with guarded(tmp_path, partial(_by_proxy, trusted), proxies=trusted) as found:
        yield found


def _by_proxy(trusted: tuple[str, ...], register):
    return by_proxy(register, *trusted)


@pytest.fixture
def unseen(tmp_path: Path) -> Iterator[Guarded]:
    """Of one deployment there is no picture yet."""
    made = partial(by_password, tmp_path)
    with guarded(tmp_path, made, pictures=("east",)) as found:
        yield found
