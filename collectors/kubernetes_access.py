"""Ask an API server, with the official client: who we are, and one GET at a time.

A credential ends: tokens rotate, exec plugins hand out new ones, certificates and their
authorities are replaced. Whatever it is, an answer of 401 or a failure of TLS makes
`Access` read all of it anew from where it came from (`Connect`) and ask once more.
"""

from __future__ import annotations

import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import yaml
from kubernetes.client import ApiClient, Configuration
from kubernetes.client.exceptions import ApiException
from kubernetes.config import load_kube_config
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.incluster_config import InClusterConfigLoader
from kubernetes.utils.keepalive import tcp_keepalive_socket_options
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from collectors.errors import CollectorError, SourceRefused
from collectors.http_errors import hidden
from collectors.kubernetes_errors import NotAccepted, busy, no_answer, place, refusal
from collectors.kubernetes_lines import Status, parse_json, read_status
from collectors.kubernetes_resources import Question
from collectors.kubernetes_sockets import Sockets
from collectors.stamps import Stamp, stamp
from collectors.trust import system_authorities

Connect = Callable[[], ApiClient]
Query = list[tuple[str, str]]
T = TypeVar("T")

CONNECT_S: Final = 5.0
CREDENTIAL_S: Final = 30.0
"""How long a feed waits while another reads the credential, perhaps from a plugin."""
RENEW_PAUSE_S: Final = 5.0
"""A credential that stays refused is not read anew more often than this."""
LONGEST_WAIT_S: Final = 60.0
"""No server may put us to sleep for longer."""
ERROR_BODY_LIMIT: Final = 2**16
SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def by_kubeconfig(path: Path | None = None, context: str | None = None) -> Connect:
    """As `kubectl` with this file (its usual one for `None`) and context would."""

    def connect() -> ApiClient:
        configuration = Configuration()
        file = None if path is None else str(path)
        load_kube_config(  # type: ignore[no-untyped-call]
            file, context, configuration, persist_config=False
        )
        return _client(configuration)

    return connect


def in_cluster(
    account: Path = SERVICE_ACCOUNT, environ: Mapping[str, str] | None = None
) -> Connect:
    """As the pod's own service account; the client reads its token anew each minute."""

    def connect() -> ApiClient:
        configuration = Configuration()
        files = (str(account / "token"), str(account / "ca.crt"))
        known = {} if environ is None else {"environ": environ}
        loader = InClusterConfigLoader(*files, **known)  # type: ignore[no-untyped-call]
        loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
        return _client(configuration)

    return connect


class Access:
    """One API server and the credential for it, shared by every feed's thread."""

    def __init__(
        self,
        connect: Connect,
        monotonic: Callable[[], float] = time.monotonic,
        patience_s: float = CREDENTIAL_S,
    ) -> None:
        self._connect = connect
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._client: ApiClient | None = None
        self._renewed_at = -RENEW_PAUSE_S
        self._sockets = Sockets()

    def ask(self, question: Question, query: Query, read_s: float) -> BaseHTTPResponse:
        """The answer to a GET, its body still to be read. Raises `CollectorError`."""
        client = self._current()
        try:
            return _answer(client, question, query, read_s)
        except NotAccepted:
            if not self._renew(client):
                raise
        return _answer(self._current(), question, query, read_s)

    def drained(self, answer: BaseHTTPResponse) -> bool:
        """Whether nothing of a stream is there that was not read."""
        return self._sockets.drained(answer)

    def cut_off(self) -> None:
        """End every answer that is waited for or read, and every one to come."""
        self._sockets.cut_off()

    def _current(self) -> ApiClient:
        with self._alone():
            if self._client is None:
                self._client = self._connected()
            return self._client

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._patience_s):
            text = "no access to Kubernetes: the credential is waited for too long"
            raise SourceRefused(f"{text} (does an exec plugin hang?)")
        try:
            yield
        finally:
            self._lock.release()

    def _connected(self) -> ApiClient:
        client = _carefully(self._connect)
        self._sockets.follow(client)
        return client

    def _renew(self, refused: ApiClient) -> bool:
        """Read the credential anew. False: too soon to hope for another one."""
        with self._alone():
            if self._client is not refused:
                return True
            now = self._monotonic()
            if now - self._renewed_at < RENEW_PAUSE_S:
                return False
            self._renewed_at = now
            self._client = self._connected()
            return True


def _client(configuration: Configuration) -> ApiClient:
    configuration.retries = False
    configuration.connection_pool_maxsize = 64
    configuration.socket_options = tcp_keepalive_socket_options(10, 5, 3)
    _spare_loopback_the_proxy(configuration)
    client = ApiClient(configuration)
    client.user_agent = "gws-observatory"
    _share_the_systems_authorities(client)
    return client


def _share_the_systems_authorities(client: ApiClient) -> None:
    """Load them once for all deployments: else each connection takes 0.8 MB and 80 ms
    for its own."""
    own = client.configuration
    if own.verify_ssl and not (own.ssl_ca_cert or own.ca_cert_data or own.cert_file):
        context = _systems(stamp(system_authorities()))
        client.rest_client.pool_manager.connection_pool_kw["ssl_context"] = context


@lru_cache(maxsize=1)
def _systems(_as_of: Stamp) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_default_certs()
    return context


def _spare_loopback_the_proxy(configuration: Configuration) -> None:
    """As kubectl: a proxy from the environment is not asked for our own machine."""
    host = urlsplit(configuration.host).hostname or ""
    from_environment = Configuration(host=configuration.host).proxy
    if configuration.proxy == from_environment and _is_loopback(host):
        configuration.proxy = None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _carefully(act: Callable[[], T]) -> T:
    """What `act` gives. A text of its errors is passed on only where it has no secret:
    a YAML error shows the line, which may be the token."""
    try:
        return act()
    except ConfigException as exc:
        raise SourceRefused(f"no access to Kubernetes: {exc}") from None
    except OSError as exc:
        why = f"{exc.filename}: {exc.strerror}" if exc.filename else exc.strerror
        raise SourceRefused(f"no access to Kubernetes: {why}") from None
    except (ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError) as exc:
        kind = type(exc).__name__
        text = f"no access to Kubernetes: the kubeconfig is not well formed ({kind})"
        raise SourceRefused(text) from None


def _answer(
    client: ApiClient, question: Question, query: Query, read_s: float
) -> BaseHTTPResponse:
    where = place(client.configuration.host)
    headers = {"Accept": "application/json"}
    if question.verb == "list":
        headers["Accept-Encoding"] = "gzip"
    method, url, headers, *_ = _carefully(
        lambda: client.param_serialize(
            "GET",
            question.resource.path(question.namespace),
            query_params=query,
            header_params=headers,
            auth_settings=["BearerToken"],
        )
    )
    if token := headers.get("authorization"):
        headers["authorization"] = token.strip()
    response = _sent(client, (method, url, headers), question, (CONNECT_S, read_s))
    if response.status == 200:
        return response
    signed = bool(token or client.configuration.cert_file)
    raise _told(response, question, where, signed, headers)


def _sent(
    client: ApiClient,
    request: tuple[str, str, dict[str, str]],
    question: Question,
    timeouts: tuple[float, float],
) -> BaseHTTPResponse:
    try:
        told = client.call_api(*request, _request_timeout=timeouts)
        response: BaseHTTPResponse = told.response
        return response
    except (HTTPError, ApiException, OSError) as exc:
        raise no_answer(question, place(client.configuration.host), exc) from exc
    except ValueError:
        text = f"cannot {question}: the credential holds a character no header may hold"
        raise NotAccepted(text) from None


def _told(
    response: BaseHTTPResponse,
    question: Question,
    where: str,
    signed: bool,
    sent: Mapping[str, str],
) -> CollectorError:
    code = response.status
    if code == 429 or (code == 503 and "Retry-After" in response.headers):
        response.close()
        return busy(question, where, code, _retry_after(response.headers))
    return refusal(question, where, code, _status(response, sent), signed=signed)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; a date would need the two clocks to agree, so it is passed over."""
    told = headers.get("Retry-After", "")
    seconds = float(told[:6]) if told.isascii() and told.isdecimal() else 0.0
    return min(seconds, LONGEST_WAIT_S)


def _status(response: BaseHTTPResponse, sent: Mapping[str, str]) -> Status | None:
    credential = {"": sent.get("authorization", "")}
    try:
        body = hidden(response.read(ERROR_BODY_LIMIT), "", credential)
        return read_status(parse_json(body, "the answer"))
    except (HTTPError, OSError, CollectorError):
        return None
    finally:
        response.close()
