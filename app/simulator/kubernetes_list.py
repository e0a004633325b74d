"""Lists: at one version, in pages, as the API server answers them.

A page goes on at the version of the first one; when that is compacted, 410 comes with
a token to go on at the present version.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from app.simulator.cluster_store import Compacted, Key, Object, Resource, Store
from app.simulator.kubernetes_errors import (
    bad_request,
    expired,
    expired_continue,
    too_large_version,
)
from app.simulator.kubernetes_select import Selects, continue_token, read_token


@dataclass(frozen=True, slots=True)
class ListRequest:
    resource: Resource
    namespace: str = ""
    selects: Selects | None = None
    limit: int = 0
    token: str = ""
    version: str = ""
    match: str = ""


def listing(store: Store, request: ListRequest) -> Object:
    """The answer to a list. Raises `ApiError`."""
    version, start = _from(store, request)
    found = _found(store, request, version, start)
    page = list(islice(found.values(), request.limit or None))
    metadata: Object = {"resourceVersion": str(version)}
    left = len(found) - len(page)
    if left:
        metadata["continue"] = continue_token(version, _after(request, page[-1]))
        if request.selects is None:
            metadata["remainingItemCount"] = left
    return {
        "kind": f"{request.resource.kind}List",
        "apiVersion": request.resource.api_version,
        "metadata": metadata,
        "items": [bare(obj) for obj in page],
    }


def bare(obj: Object) -> Object:
    """An object as recorded in lists: without who wrote which field."""
    metadata = obj["metadata"]
    kept = {name: metadata[name] for name in metadata if name != "managedFields"}
    return {**obj, "metadata": kept}


def typed(resource: Resource, obj: Object) -> Object:
    """An object as it is alone: with its kind in front."""
    return {"kind": resource.kind, "apiVersion": resource.api_version, **obj}


def whole_number(name: str, given: str) -> int:
    """A number that is not negative; an empty one is 0. Raises `ApiError` 400."""
    if given and not given.isdecimal():
        raise bad_request(
            f'Invalid value: "{given}": {name} must be a non-negative number'
        )
    return int(given or 0)


def _after(request: ListRequest, last: Object) -> str:
    """Where the next page starts, relative to what is listed."""
    about = last["metadata"]
    outer = "" if request.namespace else f"/{about.get('namespace', '')}"
    return f"{outer}/{about['name']}"


def _start(request: ListRequest, after: str) -> Key:
    outer, _, name = after.removeprefix("/").rpartition("/")
    return (request.namespace or outer, name)


def _from(store: Store, request: ListRequest) -> tuple[int, str]:
    """At which version to list, and after which object."""
    if request.token:
        if request.version not in ("", "0"):
            raise bad_request(
                "specifying resource version is not allowed when using continue"
            )
        version, start = read_token(request.token)
        return (store.version if version == -1 else version), start
    asked = whole_number("resourceVersion", request.version)
    if asked > store.version:
        raise too_large_version(asked, store.version)
    if request.match == "Exact":
        if not asked:
            raise bad_request(
                "resourceVersionMatch is forbidden without a resourceVersion"
            )
        return asked, ""
    return store.version, ""


def _found(
    store: Store, request: ListRequest, version: int, start: str
) -> dict[Key, Object]:
    try:
        objects = store.at(request.resource, version)
    except Compacted as exc:
        if request.token:
            raise expired_continue(continue_token(-1, start)) from exc
        raise expired(str(exc)) from exc
    first = _start(request, start)
    return {
        key: obj
        for key, obj in objects.items()
        if key > first
        and request.namespace in ("", key[0])
        and (request.selects is None or request.selects(obj))
    }
