"""Real servers on loopback that misbehave as told, and an ear for readings."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.domain.subject import NodeId
from app.domain.targets import ProbeTarget
from collectors.probes import ProbeCollector
from collectors.sockets import Patience

RECORDED = Path(__file__).parents[2] / "recorded" / "exposition"


class Heard:
    """Collects readings; waits for a condition over them, never for a time."""

    def __init__(self) -> None:
        self.readings: list = []
        self.at: list[float] = []
        self._changed = threading.Condition()

    def __call__(self, reading) -> None:
        with self._changed:
            self.readings.append(reading)
            self.at.append(monotonic())
            self._changed.notify_all()

    def until(self, holds: Callable[[list], object], within: float = 30.0):
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self.readings), within), (
                f"never so: {self.readings}"
            )
            return holds(self.readings)

    def of(self, name: str) -> list:
        return [r for r in self.readings if name in r.feed.name]


class Server:
    """Listens on loopback and gives each connection to `handle` in its own thread."""

    def __init__(self, handle, context: ssl.SSLContext | None, host: str) -> None:
        self._handle = handle
        self._context = context
        self._socket = socket.create_server((host, 0))
        self.host, self.port = self._socket.getsockname()[:2]
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context is not None:
                self._open.discard(connection)
                connection = self._context.wrap_socket(connection, server_side=True)
                self._open.add(connection)
            self._handle(self, connection)
        except OSError:
            pass  # the client went away, as it should
        finally:
            connection.close()

    def request(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            if not more:
                break
            data += more
        self.requests.append(data)
        return data

    def close(self) -> None:
        self.ended.set()
        for sock in (self._socket, *self._open):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                pass
        self._socket.close()
        for thread in self._threads:
            thread.join(30)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def clock():
    return lambda: datetime.fromtimestamp(time(), UTC)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(handle, context=None, host="127.0.0.1") -> Server:
        servers.append(Server(handle, context, host))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def answer():
    """A handler that answers every GET with these raw bytes."""

    def make(raw: bytes):
        def handle(server, connection) -> None:
            server.request(connection)
            connection.sendall(raw)

        return handle

    return make


@pytest.fixture
def page():
    """A whole HTTP answer with a metrics page."""

    def make(body: bytes | str, headers: str = "", kind: str = "text/plain") -> bytes:
        data = body.encode() if isinstance(body, str) else body
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{headers}"
        return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data

    return make


@pytest.fixture
def recorded():
    return lambda name: (RECORDED / name).read_bytes()


@pytest.fixture
def refused_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that never answers a connect: its queue is full and nobody accepts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
    yield port
    for sock in (*fillers, listener):
        sock.close()


@pytest.fixture
def aimed():
    """A target to probe on loopback."""

    def make(port, kind="tcp", path=None, tls=False, verify=False, host="127.0.0.1"):
        name = f"x:{port}"
        return ProbeTarget(NodeId("redis"), kind, name, host, port, path, tls, verify)

    return make


@pytest.fixture
def prober(heard, clock) -> Iterator[Callable[..., ProbeCollector]]:
    """A collector of these targets, stopped at the end."""
    made: list[ProbeCollector] = []
    impatient = Patience(connect_s=0.5, read_s=0.5, total_s=1.0)

    def make(*targets, **more) -> ProbeCollector:
        options = {"patience": impatient} | more
        made.append(ProbeCollector(lambda: targets, heard, clock, **options))
        return made[-1]

    yield make
    for one in made:
        one.stop()
        one.join(30)


@pytest.fixture
def certificate(tmp_path, clock):
    """A self-signed certificate for localhost: server context and the file."""

    def issue(days):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        ends = clock() + timedelta(days=days, minutes=5)
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        signed = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ends - timedelta(days=400))
            .not_valid_after(ends)
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / f"{days}.pem"
        pem = signed.public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(pem + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context, str(path)

    return issue
