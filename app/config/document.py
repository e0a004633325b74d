"""YAML into plain values, with the line and column that each came from.

PyYAML forgets where a value stood once it is constructed, and lets the last of two
equal keys win in silence. Neither will do for a file that people write by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from app.config.problems import ConfigError, Path, Problem

LARGEST_FILE: Final = 1024 * 1024
MOST_NODES: Final = 50_000
"""Aliases can make a small file enormous; no real configuration comes near this."""


@dataclass(slots=True)
class Places:
    """Where keys and values stand in the file: `file:line:column`."""

    file: str
    keys: dict[Path, str] = field(default_factory=dict)
    values: dict[Path, str] = field(default_factory=dict)

    def of_key(self, path: Path) -> str:
        return self.keys.get(path) or self.of_value(path)

    def of_value(self, path: Path) -> str:
        """The place of the value, or of the nearest thing that encloses it."""
        for length in range(len(path), -1, -1):
            place = self.values.get(path[:length])
            if place:
                return place
        return self.file


@dataclass(frozen=True, slots=True)
class Document:
    value: Any
    places: Places
    problems: tuple[Problem, ...]


def parse(text: str, file: str) -> Document:
    """Read one YAML document. Raises `ConfigError` when it is not YAML at all."""
    if len(text) > LARGEST_FILE:
        raise ConfigError([Problem(file, (), "larger than 1 MiB")])
    try:
        return _Reader(text, file).read()
    except yaml.MarkedYAMLError as exc:
        place = _place(file, exc.problem_mark or exc.context_mark)
        said = exc.problem or exc.context or "cannot be read"
        raise ConfigError([Problem(place, (), f"not YAML: {said}")]) from exc
    except RecursionError as exc:
        raise ConfigError([Problem(file, (), "nested too deeply")]) from exc
    except yaml.YAMLError as exc:
        first = str(exc).splitlines()[0]
        raise ConfigError([Problem(file, (), f"not YAML: {first}")]) from exc


def _place(file: str, mark: yaml.Mark | None) -> str:
    return file if mark is None else f"{file}:{mark.line + 1}:{mark.column + 1}"


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._loader = yaml.SafeLoader(text)
        self._places = Places(file)
        self._problems: list[Problem] = []
        self._seen = 0
        self._open: set[int] = set()

    def read(self) -> Document:
        try:
            node = self._loader.get_single_node()
            value = {} if node is None else self._value(node, ())
        finally:
            self._loader.dispose()
        return Document(value, self._places, tuple(self._problems))

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self._places.values[path] = _place(self._places.file, node.start_mark)
        self._seen += 1
        if self._seen > MOST_NODES:
            raise yaml.MarkedYAMLError(None, None, "too many values", node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        return self._nested(node, path)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            return self._loader.construct_object(node)
        except ValueError:
            return (
                node.value
            )  # such as the 41st of a month: its reader says what is wrong

    def _nested(self, node: yaml.Node, path: Path) -> Any:
        if id(node) in self._open:
            raise yaml.MarkedYAMLError(None, None, "contains itself", node.start_mark)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            return [
                self._value(item, (*path, at)) for at, item in enumerate(node.value)
            ]
        finally:
            self._open.remove(id(node))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        self._tell_twice(node, path)
        self._loader.flatten_mapping(node)
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(self._loader.construct_object(key_node, deep=True))
            here = (*path, key)
            self._places.keys[here] = _place(self._places.file, key_node.start_mark)
            found[key] = self._value(value_node, here)
        return found

    def _tell_twice(self, node: yaml.MappingNode, path: Path) -> None:
        seen: set[str] = set()
        for key_node, _value in node.value:
            key = str(key_node.value)
            if key in seen:
                place = _place(self._places.file, key_node.start_mark)
                self._problems.append(Problem(place, (*path, key), "written twice"))
            seen.add(key)
