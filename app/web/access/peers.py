"""Which requests come through a proxy that is trusted, and may so speak for somebody.

uvicorn has resolved `X-Forwarded-For` by then, for peers that are trusted alone: what
it took from there has no port. Whoever holds the socket himself has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

Address = IPv4Address | IPv6Address


class Peers:
    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._proxies = tuple(ip_network(one) for one in proxies)

    def vouch(self, scope: Scope) -> bool:
        """Did a proxy of ours hand this on?"""
        host, port = scope.get("client") or ("", None)
        if port == 0:
            return bool(self._proxies)
        found = _address(host)
        return found is not None and any(found in one for one in self._proxies)


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
