"""The API server's refusals: `Status` objects, worded as the real one words them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.simulator.cluster_store import Resource

Object = dict[str, Any]
INCONSISTENT: Final = (
    "The provided continue parameter is too old to display a consistent list result. "
    "You can start a new list without the continue parameter, or use the continue "
    "token in this response to retrieve the remainder of the results. Continuing with "
    "the provided token results in an inconsistent list - objects that were created, "
    "modified, or deleted between the time the first chunk was returned and now may "
    "show up in the list."
)


class ApiError(Exception):
    """A request that is answered with a `Status`."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        details: Object | None = None,
        metadata: Object | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.body = status(code, reason, message, details, metadata)


def status(
    code: int,
    reason: str,
    message: str,
    details: Object | None = None,
    metadata: Object | None = None,
) -> Object:
    body: Object = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": metadata or {},
        "status": "Failure",
        "message": message,
        "reason": reason,
    }
    return body | ({"details": details} if details else {}) | {"code": code}


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to do what to which resource, where."""

    user: str
    verb: str
    resource: Resource
    namespace: str
    name: str = ""


def forbidden(attempt: Attempt) -> ApiError:
    resource = attempt.resource
    named = f' "{attempt.name}"' if attempt.name else ""
    scope = (
        f'in the namespace "{attempt.namespace}"'
        if attempt.namespace
        else "at the cluster scope"
    )
    message = (
        f'{resource.qualified}{named} is forbidden: User "{attempt.user}" cannot '
        f'{attempt.verb} resource "{resource.plural}" in API group '
        f'"{resource.group}" {scope}'
    )
    return ApiError(403, "Forbidden", message, _details(resource, attempt.name))


def not_found(resource: Resource, name: str) -> ApiError:
    message = f'{resource.qualified} "{name}" not found'
    return ApiError(404, "NotFound", message, _details(resource, name))


def no_such_resource() -> ApiError:
    message = "the server could not find the requested resource"
    return ApiError(404, "NotFound", message, {})


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def expired(message: str) -> ApiError:
    return ApiError(410, "Expired", message)


def expired_continue(token: str) -> ApiError:
    return ApiError(410, "Expired", INCONSISTENT, metadata={"continue": token})


def too_large_version(asked: int, current: int) -> ApiError:
    cause = {
        "reason": "ResourceVersionTooLarge",
        "message": "Too large resource version",
    }
    message = f"Too large resource version: {asked}, current: {current}"
    details = {"causes": [cause], "retryAfterSeconds": 1}
    return ApiError(504, "Timeout", message, details)


def _details(resource: Resource, name: str) -> Object:
    named = {"name": name} if name else {}
    group = {"group": resource.group} if resource.group else {}
    return named | group | {"kind": resource.plural}
