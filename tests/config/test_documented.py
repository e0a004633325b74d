"""What is written is what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import yaml

from app.config.auth import Auth, lasting
from app.config.fields import keep, size, so_many_bytes
from app.config.models import Settings
from app.config.section import Section
from app.domain.limits import BOUNDS, DEFAULT, NUMBERS
from app.domain.links import FIELDS

READERS = {
    "keep": keep,
    "limit": size,
    "session_idle": lasting,
    "session_longest": lasting,
    **{f"server.limits.{of}": so_many_bytes for of in ("body", "url", "headers")},
}
"""Of what is written otherwise than it is kept, by its key or the last word of it."""
DOC = Path(__file__).parents[2] / "docs" / "configuration.md"


def sections(annotation: object) -> list[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [found for inner in get_args(annotation) for found in sections(inner)]


def keys(model: type[Section], prefix: str = "") -> Iterator[str]:
    """Every key that may be written, as the documentation writes it."""
    for name, field in model.model_fields.items():
        inner = sections(field.annotation)
        many = "tuple[" in str(field.annotation)
        path = f"{prefix}{field.alias or name}" + ("[]" if inner and many else "")
        if not inner:
            yield path
        for section in inner:
            yield from keys(section, f"{path}.")


def documented() -> dict[str, str]:
    keys_part = DOC.read_text().split("## `topology`")[0]
    rows = re.findall(r"^\| `([^`]+)` \| .* \| (.*) \|$", keys_part, re.M)
    return dict(rows)


def test_every_key_is_documented_and_no_other():
    assert sorted(documented()) == sorted(keys(Settings))


def test_documented_defaults_are_the_real_ones(read):
    sections = "kubernetes: {}, alertmanager: {url: 'http://a'}, prometheus: {url: 'http://p'}, backends: {redis: {url: 'redis://r'}, postgresql: {}, elasticsearch: {url: 'http://e'}}, consul: {url: 'http://c'}"
    settings = read(f"deployments: [{{id: a, {sections}}}]").settings
    for key, text in documented().items():
        value = re.fullmatch(r"`([^`]+)`", text)
        if value is None or "rules[]" in key:
            continue
        found = settings
        if key.startswith("server.auth."):
            assert default_in(Auth, key.removeprefix("server.auth.")) == meant(
                key, value[1]
            )
            continue
        for part in key.replace("deployments[]", "deployments").split("."):
            found = found[0] if isinstance(found, tuple) else found
            found = getattr(found, part)
        assert found == meant(key, value[1]), key


def meant(key: str, shown: str) -> object:
    seconds = key.endswith(("interval", "window", "arrival", ".idle", "slow_request"))
    told = shown.removesuffix("s") if seconds else shown
    words = (key, key.rpartition(".")[2], key.rpartition("_")[2])
    read_ = next((READERS[one] for one in words if one in READERS), yaml.safe_load)
    value = read_(told)
    return tuple(value) if isinstance(value, list) else value


def default_in(model: type[Section], key: str) -> object:
    """Of sections of which only one may be there."""
    name, _, rest = key.partition(".")
    field = model.model_fields[name.removesuffix("[]")]
    return default_in(sections(field.annotation)[0], rest) if rest else field.default


def test_every_limit_is_documented_with_its_defaults():
    shown = {
        name: (degraded, failing)
        for name, degraded, failing in re.findall(
            r"^\| `(\w+)` \| (\S+) \| (\S+) \| [^|]+ \|$", DOC.read_text(), re.M
        )
    }
    real = {
        name: tuple(
            "-" if mark is None else f"{mark:g}"
            for mark in (bound.degraded, bound.failing)
        )
        for name, bound in BOUNDS.items()
    }
    assert shown == real


def test_every_hold_is_documented_with_its_default():
    shown = dict(
        re.findall(r"^\| `(\w+)` \| `?([\d.]+)s?`? \| [^|]+ \|$", DOC.read_text(), re.M)
    )
    assert shown == {name: f"{getattr(DEFAULT, name):g}" for name in NUMBERS}


def test_the_documented_examples_are_accepted(read, tmp_path):
    examples = re.findall(r"```yaml\n(.*?)```", DOC.read_text(), re.S)
    whole, *sections = examples
    for name in re.findall(r"_file: ([^,}]+)", whole):
        local = tmp_path / Path(name).name
        local.write_text("x")
        whole = whole.replace(name, str(local))
    assert read(whole).notices == ()
    for section in sections:
        indented = "".join(f"    {line}\n" for line in section.splitlines())
        assert read(f"deployments:\n  - id: a\n{indented}").notices == ()


def test_every_field_of_a_link_is_documented():
    assert dict(re.findall(r"^\| `\{(\w+)\}` \| (.+) \|$", DOC.read_text(), re.M)) == {
        **FIELDS
    }
