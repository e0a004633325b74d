"""How a Redis is reached that several processes share: sign-in, TLS, names, scripts.

Who leads is one key with a time to live. Every script that a collector runs looks at it
first: what one writes that no longer leads is refused, whatever it believes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.credentials import CredentialProvider
from redis.retry import Retry

from app.secret_files import secret_in, without_secret

CONNECT_S: Final = 2.0
ANSWER_S: Final = 3.0
PORT: Final = 6379
PREFIX: Final = "gws-observatory:"
LEADER: Final = PREFIX + "leader"
"""The term of who leads, for as long as it says so."""
TERM: Final = PREFIX + "term"
"""The last term that was given out."""
STATE: Final = PREFIX + "state"
"""What the leader says of itself."""
HANDOVER: Final = PREFIX + "handover"
"""Where those who stand by wait for a leader that leaves in order."""
ERRANDS: Final = PREFIX + "errands"
ANSWER: Final = PREFIX + "answer:"
DEPOSED: Final = "DEPOSED"

TAKE: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return {0, 0} end
local now = redis.call('TIME')
local fresh = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local term = math.max(fresh, before + 1)
redis.call('SET', KEYS[2], string.format('%d', term))
redis.call('SET', KEYS[1], string.format('%d', term), 'PX', ARGV[1])
return {term, before}
"""
"""A term is later than each before, also where Redis has lost what it knew: no earlier
than the clock. The second number is the one before, 0 where there is none."""
RENEW: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3]) end
return 1
"""
"""`PEXPIRE` first: it needs no memory, so a full Redis deposes nobody."""
RELEASE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], 5000)
return 1
"""
PUBLISH: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('DEPOSED another collector leads')
end
if ARGV[6] ~= '' then
  local told = redis.pcall(
    'XADD', KEYS[2], 'MAXLEN', ARGV[7], ARGV[2], 'from', ARGV[3], 'news', ARGV[4])
  if type(told) == 'table' and told.err and not string.find(told.err, 'smaller') then
    return told
  end
end
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[3], 'id', ARGV[2], 'body', ARGV[5])
end
return 1
"""
"""An id that is there already was sent before, and only its answer was lost."""
KEEP: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('DEPOSED another collector leads')
end
redis.call('SET', KEYS[2], ARGV[2])
return 1
"""
REPLY: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class BusAddress:
    """`url`: redis://host[:port][/database], or rediss:// for TLS."""

    url: str
    user: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None

    @property
    def place(self) -> str:
        """What an operator calls it."""
        parts = urlsplit(self.url)
        return f"Redis at {parts.hostname or 'localhost'}:{parts.port or PORT}"

    def password(self) -> str | None:
        """As its file has it now; raises `OSError`. `None`: none is needed."""
        return secret_in(self.password_file)

    def without_secret(self, text: str) -> str:
        return without_secret(text, self.password_file)


class _SignIn(CredentialProvider):
    """Read at each connection: a password may be changed meanwhile."""

    def __init__(self, address: BusAddress) -> None:
        self._address = address

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        user, password = self._address.user, self._address.password() or ""
        return (password,) if user is None else (user, password)


def options(address: BusAddress) -> dict[str, Any]:
    """For a client of either kind. Nothing is tried twice: who asks knows better."""
    chosen: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_S,
        "socket_timeout": ANSWER_S,
        "retry": Retry(NoBackoff(), 0),
        "protocol": 2,
    }
    if address.password_file is not None:
        chosen["credential_provider"] = _SignIn(address)
    if address.ca_file is not None:
        chosen["ssl_ca_certs"] = str(address.ca_file)
    return chosen


def connect(address: BusAddress) -> redis.Redis:
    """Nothing is opened yet."""
    return redis.Redis.from_url(address.url, **options(address))


def news_of(deployment: str) -> str:
    """The stream of its deltas."""
    return f"{PREFIX}news:{deployment}"


def picture_of(deployment: str) -> str:
    """A whole picture, never older than the oldest delta that is held."""
    return f"{PREFIX}picture:{deployment}"


def memory_of(deployment: str) -> str:
    """What whoever leads remembers of it."""
    return f"{PREFIX}memory:{deployment}"


def told(address: BusAddress, exc: Exception) -> str:
    """What is wrong, in words that an operator can act on."""
    kind = type(exc).__name__
    said = address.without_secret(" ".join(str(exc).split()))
    hints = (words for mark, words in HINTS if mark in f"{kind} {said}")
    hint = next(hints, None)
    return f"{address.place}: {said or kind}" + (f" ({hint})" if hint else "")


HINTS: Final[Sequence[tuple[str, str]]] = (
    ("maxmemory", "it is full: give it more memory, or see what else fills it"),
    ("Authentication required", "storage.bus_password_file names the password's file"),
    ("username-password", "the password is refused"),
    ("NoPermission", "docs/replicas.md says what the user needs"),
    ("ReadOnly", "it is a replica: name the one that is written to"),
    ("BusyLoading", "it reads its data from the disk"),
)
"""By the library's own exceptions, which take the server's code off its message."""
