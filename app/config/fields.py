"""The kinds of value a configuration is made of: durations, addresses, files, names.

Each is read by a plain function that raises `ValueError` with what to write instead.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
)

from app.domain.limits import seconds

SHORTEST_INTERVAL_S: Final = 1.0
LONGEST_INTERVAL_S: Final = 3600.0
FOR_EVER: Final = "forever"
NONE: Final = "none"
_DNS_LABEL: Final = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"


def interval(text: Any) -> float:
    """How often a source is asked, in seconds."""
    value = seconds(text)
    if value is None:
        raise ValueError('must be a duration such as "15s", "500ms" or "2m"')
    if not SHORTEST_INTERVAL_S <= value <= LONGEST_INTERVAL_S:
        raise ValueError("must be between 1s and 1h")
    return value


def keep(text: Any) -> timedelta | None:
    """How long something is kept; `None`: for ever."""
    if text == FOR_EVER:
        return None
    found = re.fullmatch(r"(\d{1,5})d", str(text))
    if found is None or not int(found[1]):
        raise ValueError(f'must be days such as "400d", or {FOR_EVER}')
    return timedelta(days=int(found[1]))


def size(text: Any) -> int | None:
    """How large something may become, in bytes; `None`: as large as it will."""
    if text == NONE:
        return None
    found = _bytes(text)
    if found is None:
        raise ValueError(f'must be a size such as "500MiB" or "2GiB", or {NONE}')
    return found


def so_many_bytes(text: Any) -> int:
    """How large something may be that is never without a limit."""
    found = _bytes(text)
    if found is None:
        raise ValueError('must be a size such as "64KiB" or "1MiB"')
    return found


def _bytes(text: Any) -> int | None:
    found = re.fullmatch(r"(\d{1,6}) ?([KMGT])iB", str(text))
    if found is None or not int(found[1]):
        return None
    return int(found[1]) << 10 * ("KMGT".index(found[2]) + 1)


def network(text: Any) -> str:
    """An address or a network (`10.0.0.0/8`), as it is compared."""
    try:
        found = ipaddress.ip_network(str(text))
    except ValueError as exc:
        raise ValueError(
            "is neither an address nor a network such as 10.0.0.0/8"
        ) from exc
    if not found.prefixlen:
        raise ValueError("would trust everybody; name the proxy's own network")
    return str(found)


def readable_file(text: Any, info: ValidationInfo) -> Path:
    """A file that is there; a relative name starts at the configuration's folder."""
    folder = (info.context or {}).get("folder", ".")
    path = Path(folder, os.path.expanduser(str(text)))
    if not path.is_file():
        raise ValueError(f"no such file: {path}")
    if not os.access(path, os.R_OK):
        raise ValueError(f"may not be read by this user: {path}")
    return path


def _address(*schemes: str, whole: bool = False) -> Callable[[Any], str]:
    """An address of one of the schemes, without a secret in it. `whole`: it is asked as
    it stands; otherwise paths are put behind it."""

    def check(text: Any) -> str:
        try:
            parts = urlsplit(str(text))
            host = parts.hostname
            _ = parts.port
        except ValueError as exc:
            raise ValueError(f"is not an address: {exc}") from exc
        if parts.scheme not in schemes:
            raise ValueError(f"must start with {_either(schemes)}")
        if _holds_secret(parts):
            raise ValueError("holds a password; secrets come only from files")
        if not whole and (parts.query or parts.fragment) and not _is_database(parts):
            raise ValueError("must end with its path, without ? and #")
        if not host and parts.scheme not in LOCAL_SCHEMES:
            raise ValueError("has no host")
        return str(text).rstrip("/")

    return check


def _holds_secret(parts: SplitResult) -> bool:
    """A name alone may be a token; that of a database's user is none."""
    if _is_database(parts):
        named = [key for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
        return parts.password is not None or any("password" in key for key in named)
    return "@" in parts.netloc


def _is_database(parts: SplitResult) -> bool:
    return parts.scheme == "postgresql"


LOCAL_SCHEMES: Final = ("sqlite",)


def records(text: Any, info: ValidationInfo) -> str:
    """A file, which a relative name places in the configuration's folder, or the
    address of a database."""
    if "://" in str(text):
        url = RECORDED(text)
        if urlsplit(url).scheme in LOCAL_SCHEMES and urlsplit(url).netloc:
            raise ValueError("names a host; write sqlite:///path, or the file alone")
        return url
    folder = (info.context or {}).get("folder", ".")
    path = os.path.abspath(Path(folder, os.path.expanduser(str(text))))
    return f"sqlite://{path}"


def history(text: Any, info: ValidationInfo) -> str:
    """Likewise a file, or the address of an engine for metrics; or none of them."""
    if text == NONE or "://" in str(text) and not str(text).startswith("sqlite:"):
        return NONE if text == NONE else REMEMBERED(text)
    return records(text, info)


def local_file(url: str) -> Path | None:
    """The file of a `sqlite:` address; `None` for another one."""
    if not url.startswith("sqlite:"):
        return None
    return Path("/" + url.removeprefix("sqlite:").lstrip("/"))


def _either(schemes: tuple[str, ...]) -> str:
    names = [f"{scheme}://" for scheme in schemes]
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _bus(text: Any) -> str:
    return "memory" if text == "memory" else REDIS(text)


def _probe(text: Any) -> str:
    """`tcp://host:port`, `tls://host:port`, or what a browser would be given."""
    url = PROBED(text)
    if urlsplit(url).scheme in ("tcp", "tls") and urlsplit(url).port is None:
        raise ValueError("needs a port: tcp://host:6379")
    return url


def _whole(pattern: str, hint: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(hint)
        return text

    return AfterValidator(check)


REDIS: Final = _address("redis", "rediss")
HTTP: Final = _address("http", "https")
REMEMBERED: Final = _address("sqlite", "prometheus+http", "prometheus+https")
RECORDED: Final = _address("sqlite", "postgresql")
PROBED: Final = _address("tcp", "tls", "http", "https", whole=True)
LINKED: Final = _address("http", "https", whole=True)

Interval = Annotated[float, BeforeValidator(interval)]
Keep = Annotated[timedelta | None, BeforeValidator(keep)]
Size = Annotated[int | None, BeforeValidator(size)]
Bytes = Annotated[int, BeforeValidator(so_many_bytes)]
Network = Annotated[str, BeforeValidator(network)]
ReadableFile = Annotated[Path, BeforeValidator(readable_file)]
HttpUrl = Annotated[str, BeforeValidator(HTTP)]
RedisUrl = Annotated[str, BeforeValidator(REDIS)]
HistoryUrl = Annotated[str, BeforeValidator(history)]
RecordsUrl = Annotated[str, BeforeValidator(records)]
ProbeUrl = Annotated[str, BeforeValidator(_probe)]
PortNumber = Annotated[int, Field(strict=True, ge=1, le=65535)]
ListenPort = Annotated[int, Field(strict=True, ge=0, le=65535)]
BusUrl = Annotated[str, BeforeValidator(_bus)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
DeploymentId = Annotated[
    str, _whole(r"[a-z0-9-]{1,63}", "may hold only a-z, 0-9 and -, at most 63 of them")
]
Place = Annotated[
    str,
    _whole(
        r"[^\W_][\w .-]{0,62}",
        "may hold only letters, digits, spaces and _ . -, at most 63 of them, and "
        "begins with a letter or digit",
    ),
]
"""What a deployment is put together by on the page of the fleet."""
LabelName = Annotated[
    str, _whole(r"[a-zA-Z_][a-zA-Z0-9_]*", "is not the name of a label")
]
Labels = dict[LabelName, str]
Namespace = Annotated[
    str, _whole(_DNS_LABEL, "is not the name of a Kubernetes namespace")
]


def as_mapping(value: Any) -> Any:
    """A section that is written but left empty is an empty section."""
    return {} if value is None else value


Overrides = Annotated[Mapping[str, Any], BeforeValidator(as_mapping)]
