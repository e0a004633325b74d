"""How often one client may ask for what is dear, and how many streams it may hold.

A client is an address; behind a proxy that is trusted, the one that the proxy tells
(`server.trusted_proxies`). Addresses of IPv6 count by their network, of which every
machine has as many as it likes.
"""

from __future__ import annotations

import ipaddress
import math
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.bounds import Bounds
from app.web.errors import answer
from app.web.messages import missing
from layouts.strings_plain import TOO_FAST, TOO_FAST_HEADING

COSTLY: Final = re.compile(
    r"/api/v1/deployments/[^/]+/(capacity|series|replay|pictures|timeline"
    r"|connections\.csv|incidents/[^/]+/postmortem)\b.*"
    r"|/(capacity|compare|incident|timeline)/.*"
)
"""What reads much of the history, or writes a file."""
STREAM: Final = "/stream"
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OF_DASH: Final = "/_dash-"
"""Its own page asks by POST, and changes nothing."""
MOST_CLIENTS: Final = 10_000
"""The one that has been quiet for longest is forgotten: it had its full measure."""
RETRY_STREAM_S: Final = 10.0
NETWORK: Final = 64
ONE_MORE: Final = "too many streams are open: close some, or come back later"
TOO_OFTEN: Final = "too many requests of this kind from one address: come back later"


class Measures:
    """So many a minute for each client, and as many at once (a token bucket)."""

    def __init__(self, per_minute: int) -> None:
        self._most, self._per_s = float(per_minute), per_minute / 60
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> float:
        """Seconds until there is one again; 0: there was, and it is taken."""
        left, at = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_s)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_s
        self._left[client] = (left - 1 if wait == 0 else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return wait


class Rates:
    """429 with `Retry-After`, in the API's own shape, or as a page to who reads."""

    def __init__(
        self, app: ASGIApp, bounds: Bounds, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._bounds, self._now = app, bounds, now
        self._costly, self._changes = Measures(bounds.costly), Measures(bounds.changes)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].endswith(STREAM):
            await self._stream(scope, receive, send)
        elif wait := self._wait(scope):
            await _too_many(scope, TOO_OFTEN, wait)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        client, most = client_of(scope), self._bounds
        all_of_them = self._open.total() >= most.streams
        if all_of_them or self._open[client] >= most.streams_per_client:
            refusal = _too_many(scope, ONE_MORE, RETRY_STREAM_S)
            await refusal(scope, receive, send)
            return
        self._open[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _wait(self, scope: Scope) -> float:
        measures = self._measures(scope)
        return measures.take(client_of(scope), self._now()) if measures else 0.0

    def _measures(self, scope: Scope) -> Measures | None:
        path = scope["path"]
        if scope["method"] not in READS:
            return None if path.startswith(OF_DASH) else self._changes
        return self._costly if COSTLY.fullmatch(path) else None


def client_of(scope: Scope) -> str:
    """Whom a limit is about."""
    host = (scope.get("client") or ("unknown",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)[:80]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, NETWORK), strict=False))


def _too_many(scope: Scope, text: str, wait_s: float) -> Response:
    again = {"Retry-After": str(max(1, math.ceil(wait_s)))}
    accepts = Headers(scope=scope).get("accept", "")
    if "text/html" in accepts and not scope["path"].startswith("/api/"):
        page = missing(TOO_FAST, status=429, heading=TOO_FAST_HEADING)
        page.headers.update(again)
        return page
    return answer(429, "too_often", text, headers=again)
