"""What `doctor` says of the records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.cli.kept import kept_at
from app.config.load import Configuration
from app.records.examination import Examined, examine


def examined(configuration: Configuration) -> Examined:
    names = [deployment.id for deployment in configuration.deployments]
    return examine(kept_at(configuration.settings.storage), names)


def line(found: Examined) -> str:
    """For people."""
    if not found.lasting:
        return "records: in memory until the process ends; storage.records keeps them"
    if found.trouble is not None:
        return f"records: CAN'T BE KEPT: {found.trouble}"
    return f"records: {found.place}: {_what_is_there(found)}"


def _what_is_there(found: Examined) -> str:
    if found.revision is None:
        return "nothing is there yet; it can be made"
    return f"can be written, {_schema(found)}, {_incidents(found)}"


def _schema(found: Examined) -> str:
    if found.revision == found.newest:
        return f"schema {found.revision}"
    return f"schema {found.revision} (serve will bring it to {found.newest})"


def _incidents(found: Examined) -> str:
    if found.oldest is None:
        return "no incidents"
    since = f"{found.oldest:%Y-%m-%d %H:%M} UTC"
    if found.incidents == 1:
        return f"1 incident, which began {since}"
    return f"{found.incidents} incidents, the oldest of which began {since}"


def values(found: Examined) -> dict[str, Any]:
    """For programs."""
    oldest = None if found.oldest is None else f"{found.oldest:%Y-%m-%dT%H:%M:%SZ}"
    return asdict(found) | {"oldest": oldest}
