"""Keys from the environment: `GWS_OBSERVATORY__DEPLOYMENTS__0__CONSUL__URL=...`.

Two underscores part the levels, a list is counted from 0, upper and lower case are the
same, and `_` also stands for the `-` of a name. A value is read as YAML, so a whole
section can be given: `GWS_OBSERVATORY__SERVER={port: 8051}`. What the environment says
replaces what the file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from app.config.document import Places
from app.config.problems import Path, Problem

PREFIX: Final = "GWS_OBSERVATORY__"


def overlay(
    value: dict[str, Any], places: Places, environ: Mapping[str, str]
) -> list[Problem]:
    """Put what `environ` says into `value` and `places`; give what could not be."""
    problems = []
    for name in sorted(environ):
        if name.startswith(PREFIX):
            problem = _put(value, places, name, environ[name])
            problems += [problem] if problem else []
    return problems


def _put(value: Any, places: Places, name: str, text: str) -> Problem | None:
    parts = name.removeprefix(PREFIX).lower().split("__")
    holder = value
    path: Path = ()
    for at, part in enumerate(parts):
        key = _key(holder, part)
        if key is None:
            return Problem(
                name, path, f'"{part}" is not a place in a list of that length'
            )
        path = (*path, key)
        if at == len(parts) - 1:
            _set(holder, key, _read(text))
            _claim(places, path, name)
            return None
        if not _holds(holder, key):
            _claim(places, path, name)
        holder = _descend(holder, key)
    return None


def _holds(holder: Any, key: str | int) -> bool:
    return int(key) < len(holder) if isinstance(holder, list) else key in holder


def _key(holder: Any, part: str) -> str | int | None:
    if isinstance(holder, list):
        inside = part.isdecimal() and int(part) <= len(holder)
        return int(part) if inside else None
    for known in holder:
        if known.replace("-", "_").lower() == part:
            return str(known)
    return part


def _descend(holder: Any, key: str | int) -> Any:
    """The container behind `key`; made when there is none."""
    if isinstance(holder, list):
        if key == len(holder):
            holder.append({})
        if not isinstance(holder[int(key)], dict | list):
            holder[int(key)] = {}
        return holder[int(key)]
    if not isinstance(holder.get(key), dict | list):
        holder[key] = [] if key == "deployments" else {}
    return holder[key]


def _set(holder: Any, key: str | int, value: Any) -> None:
    if isinstance(holder, list) and key == len(holder):
        holder.append(value)
    else:
        holder[key] = value


def _read(text: str) -> Any:
    """A scalar or a whole section; "East: one" is a text, not a section."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return text
    written_whole = text.lstrip().startswith(("{", "["))
    return value if written_whole or not isinstance(value, dict | list) else text


def _claim(places: Places, path: Path, name: str) -> None:
    """From now on the variable is to blame for everything at and below `path`."""
    for known in (places.keys, places.values):
        for below in [p for p in known if p[: len(path)] == path]:
            del known[below]
        known[path] = name
