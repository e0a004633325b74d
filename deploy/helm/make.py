"""Writes what follows from other files: `make chart`.

* `config` in the chart's `values.schema.json`, from the product's own settings, so that
  Helm refuses a key that the product would refuse;
* the table of values in `docs/helm.md`, from the comments in `values.yaml`.
"""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Union, get_args, get_origin

import yaml

HERE: Final = Path(__file__).parent
TOP: Final = HERE.parents[1]
sys.path.insert(0, str(TOP))

from app.config.models import Settings  # noqa: E402  needs the line above
from app.config.section import Section  # noqa: E402
from app.config.storage import Storage  # noqa: E402

CHART: Final = HERE / "gws-observatory"
VALUES: Final = CHART / "values.yaml"
SCHEMA: Final = CHART / "values.schema.json"
PAGE: Final = TOP / "docs" / "helm.md"
BEGIN: Final = "<!-- values: written by make chart -->\n"
END: Final = "<!-- end of values -->\n"
KEY: Final = re.compile(r"^( *)([A-Za-z][\w-]*):")
LONGEST: Final = 60
"""What is longer is not repeated in the table."""

Json = dict[str, Any]


def section(model: type[Section]) -> Json:
    """The keys that may be written in a section of the product's configuration."""
    fields = model.model_fields.items()
    found: Json = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            field.alias or name: _value(field.annotation) for name, field in fields
        },
    }
    if needed := [field.alias or name for name, field in fields if field.is_required()]:
        found["required"] = needed
    return found


def _value(annotation: Any) -> Json:
    """What may be written for a key. Whether it makes sense `check-config` tells."""
    many, inner = _is_many(annotation), _sections(annotation)
    found: Json = {"type": ["string", "number", "boolean", "null"]}
    if annotation is bool:
        return {"type": "boolean"}
    if inner:
        one = [section(model) for model in inner]
        found = one[0] if len(one) == 1 else {"anyOf": one}
        if many:
            return {"type": "array", "items": found}
        return (
            {"anyOf": [found, {"type": "null"}]} if _may_be_none(annotation) else found
        )
    if many or "Mapping" in str(annotation) or "dict[" in str(annotation):
        return {}
    return found


def _sections(annotation: Any) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _sections(inner)]


def _is_many(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def _may_be_none(annotation: Any) -> bool:
    union = get_origin(annotation) in (Union, types.UnionType)
    return union and type(None) in get_args(annotation)


def schema() -> str:
    """The chart's schema with the `config` that there is now."""
    whole = json.loads(SCHEMA.read_text())
    config = section(Settings)
    config["properties"]["deployments"]["minItems"] = 1
    whole["properties"]["config"] = config
    whole["properties"]["web"]["properties"]["storage"] = section(Storage)
    return json.dumps(whole, indent=2) + "\n"


def told() -> Iterator[tuple[str, str]]:
    """Each value that has a comment: its place, and what is said of it."""
    path: list[tuple[int, str]] = []
    said: list[str] = []
    for line in VALUES.read_text().splitlines():
        text = line.strip()
        if text.startswith("# --"):
            said = [text.removeprefix("# --").strip()]
        elif text.startswith("#") and said:
            said.append(text.removeprefix("#").strip())
        elif key := KEY.match(line):
            path = [(depth, name) for depth, name in path if depth < len(key[1])]
            path.append((len(key[1]), key[2]))
            if said:
                yield ".".join(name for _, name in path), " ".join(said)
            said = []


def rows() -> Iterator[str]:
    values = yaml.safe_load(VALUES.read_text())
    yield "| Value | Meaning | Default |"
    yield "| --- | --- | --- |"
    for place, said in told():
        found = values
        for part in place.split("."):
            found = found[part]
        yield f"| `{place}` | {said} | {_shown(found)} |"


def _shown(value: Any) -> str:
    if value in ("", [], {}):
        return "none"
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text}`" if len(text) <= LONGEST else "see `values.yaml`"


def page() -> str:
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    return before + BEGIN + "\n" + "\n".join(rows()) + "\n\n" + END + after


if __name__ == "__main__":
    SCHEMA.write_text(schema())
    PAGE.write_text(page())
