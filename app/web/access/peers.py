"""Which requests come through a proxy that is trusted, and may so speak for somebody.

uvicorn resolves `X-Forwarded-For`, for peers that are trusted alone, and puts whom it
found there in the place of the peer. So who holds the socket is noted before.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from starlette.types import Scope

Address = IPv4Address | IPv6Address
PEER: Final = "peer"
"""In the state of a request: the address and the port of who holds its socket."""


class Peers:
    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._proxies = tuple(ip_network(one) for one in proxies)

    def vouch(self, scope: Scope) -> bool:
        """Did a proxy of ours hand this on?"""
        host, _ = peer(scope) or ("", 0)
        found = _address(host)
        return found is not None and any(found in one for one in self._proxies)


def peer(scope: Scope) -> tuple[str, int] | None:
    """Who holds the socket; `None` where that has no address."""
    found: tuple[str, int] | None = scope.get("state", {}).get(PEER)
    return found


def address(scope: Scope) -> str:
    """Who asks, as far as it is known."""
    return str((scope.get("client") or ("", 0))[0])


def _address(text: str) -> Address | None:
    """An IPv4 address that is dressed as an IPv6 one is undressed."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
