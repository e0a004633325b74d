"""`metadata.managedFields`: who last wrote which part of an object.

Two entries at most, the writer of the object and the writer of its status, with the
fields of the first two levels: enough for a client that reads past them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NOT_MANAGED: Final = (
    "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds",
)  # fmt: skip


def managed_fields(
    api_version: str, obj: Mapping[str, Any], manager: str, time: str
) -> list[dict[str, Any]]:
    """The entries for an object that `manager` wrote at `time`."""
    created = obj["metadata"]["creationTimestamp"]
    whole = {part: value for part, value in obj.items() if part != "status"}
    entries = [_entry("kube-controller-manager", api_version, created, whole)]
    if "status" in obj:
        status = _entry(manager, api_version, time, {"status": obj["status"]})
        entries.append({**status, "subresource": "status"})
    elif manager != "kube-controller-manager":
        entries = [{**entries[0], "manager": manager}]
    return entries


def _entry(
    manager: str, api_version: str, time: str, parts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": "Update",
        "apiVersion": api_version,
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": {f"f:{part}": _fields(value) for part, value in parts.items()},
    }


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {f"f:{name}": {} for name in value if name not in NOT_MANAGED}
