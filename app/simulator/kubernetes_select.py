"""Selectors and paging: which objects a request means. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.simulator.cluster_store import EVENTS, PODS, Object, Resource
from app.simulator.kubernetes_errors import bad_request

Selects = Callable[[Object], bool]
LABEL: Final = re.compile(
    r"^\s*(?P<not>!)?\s*(?P<key>[\w./-]+)\s*"
    r"(?:(?P<op>==|=|!=)\s*(?P<value>[\w.-]*)|(?P<set>in|notin)\s*\((?P<values>[^)]*)\))?"
    r"\s*$"
)
COMMON_FIELDS: Final = ("metadata.name", "metadata.namespace")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    PODS.plural: ("spec.nodeName", "status.phase", "status.podIP", "spec.restartPolicy",
                  "spec.schedulerName", "spec.serviceAccountName"),
    EVENTS.plural: ("involvedObject.kind", "involvedObject.name",
                    "involvedObject.namespace", "involvedObject.uid",
                    "involvedObject.apiVersion", "involvedObject.fieldPath",
                    "involvedObject.resourceVersion", "reason", "type",
                    "reportingComponent", "source"),
}  # fmt: skip


def selector(resource: Resource, labels: str, fields: str) -> Selects | None:
    """The objects that both selectors mean; `None`: all of them.

    Raises `ApiError` 400 for one that can't be read.
    """
    parts = [_label(part) for part in _split(labels)]
    parts += [_field(resource, part) for part in _split(fields)]
    if not parts:
        return None
    return lambda obj: all(part(obj) for part in parts)


def _split(text: str) -> list[str]:
    """At commas that are not inside parentheses."""
    return [part for part in re.split(r",(?![^()]*\))", text) if part.strip()]


def _label(part: str) -> Selects:
    found = LABEL.match(part)
    if found is None:
        raise bad_request(f"unable to parse requirement: {part!r}")
    key, operator = found["key"], found["op"] or found["set"]
    values = {value.strip() for value in (found["values"] or "").split(",")}
    if found["op"]:
        values = {found["value"]}
    if operator is None:
        wanted = not found["not"]
        return lambda obj: (key in _labels(obj)) == wanted
    if operator in ("!=", "notin"):
        return lambda obj: _labels(obj).get(key) not in values
    return lambda obj: _labels(obj).get(key) in values


def _labels(obj: Object) -> Mapping[str, str]:
    labels: Mapping[str, str] = obj["metadata"].get("labels") or {}
    return labels


def _field(resource: Resource, part: str) -> Selects:
    path, operator, value = _comparison(part)
    if path not in (*COMMON_FIELDS, *FIELDS.get(resource.plural, ())):
        raise bad_request(f'field label not supported: "{path}"')
    wanted = operator != "!="
    return lambda obj: (_at(obj, path) == value) == wanted


def _comparison(part: str) -> tuple[str, str, str]:
    for operator in ("!=", "==", "="):
        path, found, value = part.partition(operator)
        if found:
            return path.strip(), operator, value.strip()
    raise bad_request(f"invalid field selector: {part!r}; can't understand it")


def _at(obj: Object, path: str) -> str:
    value: Any = obj
    for step in path.split("."):
        value = value.get(step, "") if isinstance(value, dict) else ""
    return str(value)


def continue_token(version: int, start: str) -> str:
    """As the API server makes one: where to go on, and at which version."""
    told = {"v": "meta.k8s.io/v1", "rv": version, "start": f"{start}\u0000"}
    text = json.dumps(told, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str) -> tuple[int, str]:
    """The version (-1: whatever is now) and where to go on. Raises `ApiError` 400."""
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        told = json.loads(text)
        return int(told["rv"]), str(told["start"]).rstrip("\u0000")
    except (binascii.Error, ValueError, KeyError, TypeError) as exc:
        raise bad_request(f"continue key is not valid: {type(exc).__name__}") from exc
