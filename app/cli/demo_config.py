"""The configuration of a demo: what each simulation wrote for who watches it, put
together where there are several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from app.config.load import Configuration, load

REGIONS: Final = ("east", "west")


def together(
    files: Sequence[Path], folder: Path, environ: Mapping[str, str]
) -> Configuration:
    """One dashboard over all of them; each two are the units of a pair."""
    if len(files) == 1:
        return load(files[0], environ)
    written = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    named = [
        found["deployments"][0] | called(at, len(files))
        for at, found in enumerate(written)
    ]
    whole = folder / "demo.yaml"
    whole.write_text(
        yaml.safe_dump(written[0] | {"deployments": named}), encoding="utf-8"
    )
    return load(whole, environ)


def called(at: int, count: int) -> dict[str, Any]:
    """How the simulation at this place is called, and what it belongs to."""
    region, pair = REGIONS[at % 2], at // 2 + 1
    grouped = {"group": f"pair-{pair}"} if (at ^ 1) < count else {}
    name = {"id": f"demo-{at + 1}", "name": f"Simulated deployment {at + 1}"}
    return name | {"region": region} | grouped
