"""How the simulated Consul understands a request: consistency, blocking, token.

Pure; the wording of what is refused is Consul 1.8's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DEFAULT_WAIT_S: Final = 300.0
LONGEST_WAIT_S: Final = 600.0
UNITS_S: Final = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0,
}  # fmt: skip
PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")


class Refused(Exception):
    """The request is refused with this status and text."""

    def __init__(self, status: int, text: str, *, meta: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.meta = meta
        """Consul sends its `X-Consul-*` headers with this refusal."""


@dataclass(frozen=True, slots=True)
class Options:
    """`index` 0: do not block."""

    consistency: str = "leader"
    index: int = 0
    wait_s: float = DEFAULT_WAIT_S
    datacenter: str = ""
    token: str = ""
    pretty: bool = False


def read_options(query: Mapping[str, str], headers: Mapping[str, str]) -> Options:
    """Raises `Refused` for what Consul answers with 400."""
    if "stale" in query and "consistent" in query:
        text = "Cannot specify ?stale with ?consistent, conflicting semantics."
        raise Refused(400, text)
    named = [name for name in ("stale", "consistent") if name in query]
    return Options(
        consistency=named[0] if named else "leader",
        index=_index(query.get("index", "")),
        wait_s=_wait(query.get("wait", "")),
        datacenter=query.get("dc", ""),
        token=_token(query, headers),
        pretty="pretty" in query,
    )


def duration_s(text: str) -> float:
    """A Go duration such as `1m30s`. Raises `ValueError` for anything else."""
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {text}")
    return sum(float(number) * UNITS_S[unit] for number, unit in parts)


def _index(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise Refused(400, "Invalid index")
    return int(text)


def _wait(text: str) -> float:
    if not text:
        return DEFAULT_WAIT_S
    try:
        return min(duration_s(text) or DEFAULT_WAIT_S, LONGEST_WAIT_S)
    except ValueError:
        raise Refused(400, "Invalid wait time") from None


def _token(query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    if query.get("token"):
        return query["token"]
    if headers.get("x-consul-token"):
        return headers["x-consul-token"]
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""
