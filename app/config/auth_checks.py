"""What can be wrong with `server.auth` that no single key tells: deployments that there
are not, and lines of the files that it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Final

from app.config.auth import Auth, Everybody, Group
from app.config.document import Places
from app.config.models import Settings
from app.config.problems import Path, Problem, unknown
from app.domain import credentials

AUTH: Final[Path] = ("server", "auth")
READERS: Final = {
    "secret_file": credentials.keys,
    "users_file": credentials.users,
}
LARGEST: Final = 1 << 20


def wrong_in_auth(settings: Settings, places: Places) -> list[Problem]:
    auth = settings.server.auth
    if auth is None:
        return []
    known = [one.id for one in settings.deployments]
    strange = [
        Problem(places.of_value(path), path, unknown(name, known, "no deployment is"))
        for path, name in _named(auth)
        if name not in known
    ]
    return [*strange, *_in_files(auth)]


def _named(auth: Auth) -> Iterator[tuple[Path, str]]:
    """Every deployment that is named, with its place."""
    parts: list[tuple[Path, Everybody | Group]] = []
    if auth.everybody is not None:
        parts.append((("everybody",), auth.everybody))
    parts += [(("groups", at), one) for at, one in enumerate(auth.groups)]
    for path, one in parts:
        for at, name in enumerate(one.deployments or ()):
            yield (*AUTH, *path, "deployments", at), name


def _in_files(auth: Auth) -> Iterator[Problem]:
    for name, file in auth.files():
        text = _text(file)
        if text is None:
            yield Problem(str(file), (), "can't be read, or is larger than 1 MiB")
            continue
        _, wrong = READERS[name](text)
        for line, what in wrong:
            yield Problem(f"{file}:{line}", (), what)


def _text(file: FilePath) -> str | None:
    try:
        with file.open(encoding="utf-8") as opened:
            text = opened.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) <= LARGEST else None
