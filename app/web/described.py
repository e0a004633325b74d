"""`/openapi.json`, made when somebody asks for it.

FastAPI would make a validator for every answer of every operation when the routes are
made, and another one at the first request, though nothing is validated by them: bodies
are sent as the bus holds them. So routes only name the shapes of their answers.
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from pydantic.json_schema import models_json_schema

from app.web.schema_shape import Shape

Described = dict[str, Any]
SHAPE: Final = "x-shape"
"""Of an answer: where the model that describes it stands."""
JSON: Final = "application/json"


def shaped(model: type[Shape]) -> Described:
    """An answer that looks so."""
    return {SHAPE: f"{model.__module__}:{model.__qualname__}"}


class DescribedApp(FastAPI):
    """An application whose answers are `shaped`."""

    _described: Described | None = None

    def openapi(self) -> Described:
        if self._described is None:
            self._described = _with_shapes(super().openapi())
        return self._described


def _with_shapes(described: Described) -> Described:
    answers = [
        answer
        for operations in described["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        if SHAPE in answer
    ]
    models = {name: resolve_name(name) for name in {one[SHAPE] for one in answers}}
    told, shapes = models_json_schema(
        [(model, "serialization") for model in models.values()],
        ref_template="#/components/schemas/{model}",
    )
    for answer in answers:
        content = answer.setdefault("content", {}).setdefault(JSON, {})
        content["schema"] = told[models[answer.pop(SHAPE)], "serialization"]
    components = described.setdefault("components", {})
    known = components.get("schemas", {}) | shapes["$defs"]
    components["schemas"] = dict(sorted(known.items()))
    return described


def add_routes(server: FastAPI, router: APIRouter) -> None:
    """As they are: to include them would make each once more at the first request."""
    server.router.routes.extend(router.routes)
