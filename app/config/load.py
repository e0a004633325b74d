"""From a file and an environment to `Settings`, or to every problem at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.config.deployments import assemble
from app.config.document import Document, Places, parse
from app.config.environment import overlay
from app.config.models import Settings
from app.config.names import known_names
from app.config.notices import Later, passing, unused
from app.config.problems import ConfigError, Path, Problem, unknown
from app.domain.evaluate import Deployment

LINE_AND_COLUMN: Final = re.compile(r":(\d+):(\d+)$")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was asked for, and the pictures and limits that follow from it."""

    settings: Settings
    deployments: tuple[Deployment, ...]
    notices: tuple[Problem, ...]
    """What is accepted yet has no effect in this version."""
    later: tuple[Later, ...] = ()
    """What has none from some moment on."""

    def told(self, now: datetime) -> tuple[Problem, ...]:
        """Every notice at `now`."""
        return (*self.notices, *(notice for at, notice in self.later if at <= now))


def load(file: FilePath, environ: Mapping[str, str]) -> Configuration:
    """Read and check everything. Raises `ConfigError` with every problem."""
    return check(_text_of(file), str(file), file.parent, environ)


def check(
    text: str, name: str, folder: FilePath, environ: Mapping[str, str]
) -> Configuration:
    """Likewise for a text that is already read; `name` is what places start with."""
    document = parse(text, name)
    if not isinstance(document.value, dict):
        raise ConfigError([Problem(name, (), "must be a mapping: server, deployments")])
    problems = [*document.problems]
    problems += overlay(document.value, document.places, environ)
    settings, more = _validate(document, folder)
    problems += more
    if settings is None:
        raise ConfigError(_in_order(problems))
    deployments, more = assemble(settings, document.places)
    if problems or more:
        raise ConfigError(_in_order([*problems, *more]))
    notices = unused(settings, document.places)
    later = passing(settings, document.places)
    return Configuration(settings, deployments, notices, later)


def _text_of(file: FilePath) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise ConfigError([Problem(str(file), (), "no such file")]) from exc
    except (OSError, UnicodeDecodeError) as exc:
        said = getattr(exc, "strerror", None) or "not UTF-8 text"
        raise ConfigError([Problem(str(file), (), f"cannot be read: {said}")]) from exc


def _validate(
    document: Document, folder: FilePath
) -> tuple[Settings | None, list[Problem]]:
    try:
        settings = Settings.model_validate(document.value, context={"folder": folder})
    except ValidationError as exc:
        details = exc.errors(include_url=False, include_input=False)
        return None, [_problem(detail, document.places) for detail in details]
    return settings, []


def _problem(detail: ErrorDetails, places: Places) -> Problem:
    path: Path = detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            text = unknown(str(path[-1]), known_names(path[:-1]))
            return Problem(places.of_key(path), path, text)
        case "missing":
            return Problem(places.of_value(path), path, "is required")
        case "model_type" | "model_attributes_type":
            return Problem(places.of_value(path), path, "must be a mapping of keys")
        case "tuple_type":
            return Problem(places.of_value(path), path, "must be a list")
    text = detail["msg"].removeprefix("Value error, ")
    return Problem(places.of_value(path), path, text[0].lower() + text[1:])


def _in_order(problems: list[Problem]) -> list[Problem]:
    """As they stand in the file, so that they can be mended from top to bottom."""

    def key(problem: Problem) -> tuple[Any, ...]:
        # Of the environment it is a variable, whose name may hold anything.
        found = LINE_AND_COLUMN.search(problem.place)
        place = (int(found[1]), int(found[2])) if found else (0, 0)
        return (*place, str(problem.path))

    return sorted(dict.fromkeys(problems), key=key)
