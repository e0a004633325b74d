"""An OIDC provider on loopback that does as a test says: honest unless told otherwise.

It keeps to the protocol where that is its part (PKCE, codes for one use, the client's
secret), so that a flow that leaves one of them out fails here as it would elsewhere.
"""

from __future__ import annotations

import base64
import http.server
import json
import secrets
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "observatory", "s3cret-of-the-client"
BACK = "https://gws.example/auth/callback"
NOW = 1_800_000_000.0
DISCOVERY = "/realms/gws/.well-known/openid-configuration"
Answer = tuple[int, str, bytes]


def new_key(kid: str | None) -> ECKey:
    named = {} if kid is None else {"kid": kid}
    return ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig", **named})


class Provider:
    """`discovery`, `header` and `claims` are laid over the honest ones; a value of
    `None` takes one away. `answers`: what to say at a path instead."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, public: bool = False):
        self.public = public
        self.now = NOW
        self.key = new_key("one")
        self.listed = [self.key]
        self.discovery: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.info: dict[str, Any] = {"sub": "jane"}
        self.sign = self.by_key
        self.answers: dict[str, Answer | Callable[[Handler], Answer]] = {}
        self.held: dict[str, threading.Event] = {}
        self.hits: Counter[str] = Counter()
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.provider = self  # type: ignore[attr-defined]
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if tls else "http"
        self.host = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self.issuer = f"{self.host}/realms/gws"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        for event in self.held.values():
            event.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)

    def signed_in(self, url: str) -> dict[str, str]:
        """What a browser brings back that was sent to `url`, once its user agreed."""
        asked = {
            name: values[0] for name, values in parse_qs(urlsplit(url).query).items()
        }
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def by_key(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        return jwt.encode(header, claims, self.key, algorithms=["ES256"])

    def described(self) -> dict[str, Any]:
        return self._laid(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.host}/authorize",
                "token_endpoint": f"{self.host}/token/",
                "userinfo_endpoint": f"{self.host}/userinfo?schema=openid",
                "jwks_uri": f"{self.host}/keys",
                "end_session_endpoint": f"{self.host}/logout?ui=1",
                "id_token_signing_alg_values_supported": ["HS256", "none", "ES256"],
            },
            self.discovery,
        )

    def token(self, form: dict[str, str], authorization: str) -> Answer:
        self.forms.append(form)
        self.authorizations.append(authorization)
        if not self._knows(form, authorization):
            return as_json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = create_s256_code_challenge(form.get("code_verifier", ""))
        if asked is None or asked["code_challenge"] != challenge:
            told = {"error": "invalid_grant", "error_description": "no such code"}
            return as_json(told, 400)
        assert form["redirect_uri"] == asked["redirect_uri"] == BACK
        access = secrets.token_urlsafe(24)
        claims = {
            "iss": self.issuer, "sub": "jane", "aud": CLIENT, "nonce": asked["nonce"],
            "iat": self.now, "exp": self.now + 300, "name": "Jane Doe",
            "at_hash": create_half_hash(access, "ES256").decode(),
            "groups": ["ops", "noc"],
        }  # fmt: skip
        header = self._laid({"alg": "ES256", "kid": self.key.kid}, self.header)
        token = self.sign(header, self._laid(claims, self.claims))
        return as_json(
            {"access_token": access, "token_type": "Bearer", "id_token": token}
        )

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if self.public:
            return form.get("client_id") == CLIENT and "client_secret" not in form
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        posted = (form.get("client_id"), form.get("client_secret"))
        return authorization == f"Basic {pair}" or posted == (CLIENT, SECRET)

    @staticmethod
    def _laid(honest: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
        both = {**honest, **over}
        return {name: value for name, value in both.items() if value is not None}

    def keys(self) -> Answer:
        return as_json({"keys": [key.as_dict(private=False) for key in self.listed]})


def as_json(value: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(value).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self._answer(self.rfile.read(length).decode())

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, body: str) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        provider.hits[path] += 1
        if path in provider.held:
            provider.held[path].wait(30)
        canned = provider.answers.get(path) or self._honest(path, body)
        status, kind, answer = canned(self) if callable(canned) else canned
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        if status == 302:
            self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(answer)

    def _honest(self, path: str, body: str) -> Answer:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        authorization = self.headers.get("Authorization", "")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if path == DISCOVERY:
            return as_json(provider.described())
        if path == "/keys":
            return provider.keys()
        if path == "/token/":
            return provider.token(form, authorization)
        if path == "/userinfo" and authorization.startswith("Bearer "):
            return as_json(provider.info)
        return 404, "text/plain", b"nothing here"
