"""All scripts, or all styles, of a page as one file. Single ones are served by Dash."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from app.web.api_error import ApiError
from app.web.assets import BUNDLES, content

KINDS: Final = {".js": "text/javascript", ".css": "text/css"}


def bundles_router() -> APIRouter:
    """To be included before Dash, which claims `/assets`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/assets/bundle/{name}")
    async def bundle(name: str) -> Response:
        if f"bundle/{name}" not in BUNDLES:
            raise ApiError(HTTPStatus.NOT_FOUND, "not_found", "there is no such file")
        kind = KINDS[Path(name).suffix]
        return Response(content(f"bundle/{name}"), media_type=kind)

    return router
