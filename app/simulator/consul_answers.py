"""How the simulated Consul writes an answer: Go's JSON, compressed where accepted."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from app.simulator.consul_options import Options

VARY: Final = {"Vary": "Accept-Encoding"}


def as_json(
    request: Request, options: Options, body: Any, meta: dict[str, str] | None = None
) -> Response:
    if options.pretty:
        text = json.dumps(body, indent=4, ensure_ascii=False) + "\n"
    else:
        text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&":  # Go's encoder writes these so, and so does Consul.
        text = text.replace(character, f"\\u{ord(character):04x}")
    return _packed(request, text, "application/json", meta or {})


def as_text(request: Request, status: int, text: str) -> Response:
    response = _packed(request, text, "text/plain", {})
    response.status_code = status
    return response


def _packed(
    request: Request, text: str, media_type: str, headers: dict[str, str]
) -> Response:
    """Compressed for every caller that takes it, however short."""
    content = text.encode()
    headers = {**VARY, **headers}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = gzip.compress(content, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)
