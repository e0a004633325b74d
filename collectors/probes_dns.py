"""Is a name known where it is asked for? Zone forwarding, seen from here.

The system's resolver is asked, as a service would ask it, or one name server over UDP:
a query and its answer, no more of DNS than that. Whatever is silent, an answer is given
in time; every `CollectorError` from here is a sentence an operator can act on.
"""

from __future__ import annotations

import queue
import random
import socket
import struct
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from collectors.errors import CollectorError, SourceMisread, SourceUnreachable
from collectors.sockets import Lines, in_words

PORT: Final = 53
A: Final = 1
AAAA: Final = 28
LARGEST: Final = 4096
TRIES: Final = 2
HEADER: Final = struct.Struct("!6H")
RECORD: Final = struct.Struct("!HHIH")
QUESTION: Final = struct.Struct("!HH")
RECURSE: Final = 0x0100
NO_NAME: Final = 3
CODES: Final = {
    1: "could not read the question (FORMERR)",
    2: "found nobody who answers for it (SERVFAIL)",
    4: "can't answer such questions (NOTIMP)",
    5: "refuses to answer (REFUSED)",
}
UNKNOWN: Final = {
    socket.EAI_NONAME,
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME),
}

Lookup = Callable[..., list[Any]]


def by_system(name: str, patience_s: float, lookup: Lookup = socket.getaddrinfo) -> int:
    """How many addresses the system's resolver gives for a name."""
    try:
        found = _in_time(lambda: lookup(name, None), patience_s)
    except socket.gaierror as exc:
        if exc.errno in UNKNOWN:
            raise no_name(name) from exc
        text = f"the system's resolver found nobody who answers for {zone(name)}"
        raise SourceUnreachable(text) from exc
    except (OSError, UnicodeError) as exc:
        raise SourceMisread(f"{name} is not a name that can be asked for") from exc
    return len({entry[4][0] for entry in found})


def by_server(lines: Lines, name: str, server: str, patience_s: float) -> int:
    """How many addresses one name server (`host` or `host:port`) gives for a name."""
    until = monotonic() + patience_s
    family, address = _place(server, patience_s)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        lines.keep(sock)
        sock.connect(address)
        count = _count(sock, name, A, until, patience_s)
        return count or _count(sock, name, AAAA, until, patience_s)
    except OSError as exc:
        raise in_words(exc) from exc
    finally:
        lines.forget(sock)
        sock.close()


def zone(name: str) -> str:
    """ "the zone consul", of whatever is in it."""
    return f"the zone {name.rstrip('.').rpartition('.')[2]}"


def no_name(name: str) -> CollectorError:
    return SourceUnreachable(
        f"no such name: {zone(name)} is not forwarded, or nothing healthy is called so"
    )


def _in_time(work: Callable[[], list[Any]], patience_s: float) -> list[Any]:
    """The system's resolver knows no time-out of ours: it is left behind instead."""
    said: queue.SimpleQueue[tuple[list[Any], Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            said.put((work(), None))
        except (OSError, UnicodeError) as exc:
            said.put(([], exc))

    threading.Thread(target=run, name="dns", daemon=True).start()
    try:
        found, failed = said.get(timeout=patience_s)
    except queue.Empty:
        raise _late(patience_s) from None
    if failed is not None:
        raise failed
    return found


def _late(patience_s: float) -> CollectorError:
    return SourceUnreachable(f"time-out: no answer in {patience_s:g} s")


def _place(server: str, patience_s: float) -> tuple[int, Any]:
    try:
        parts = urlsplit(f"//{server}")
        host, port = parts.hostname or "", parts.port or PORT
        found = _in_time(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM), patience_s
        )
    except (OSError, ValueError) as exc:
        raise SourceUnreachable(f"the name server {server} is not known") from exc
    return found[0][0], found[0][4]


def _count(
    sock: socket.socket, name: str, kind: int, until: float, patience_s: float
) -> int:
    """Asked again halfway: a datagram may be lost."""
    number = random.SystemRandom().randrange(1 << 16)
    asked = query(number, name, kind)
    for left in range(TRIES, 0, -1):
        sock.send(asked)
        end = monotonic() + (until - monotonic()) / left
        while (wait_s := end - monotonic()) > 0:
            sock.settimeout(wait_s)
            try:
                answer = sock.recv(LARGEST)
            except TimeoutError:
                break
            if answer[:2] == asked[:2]:
                return addresses(answer, name, kind)
            if not answer:
                raise _late(patience_s)
    raise _late(patience_s)


def query(number: int, name: str, kind: int) -> bytes:
    """One question, as RFC 1035 writes it."""
    try:
        labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
        encoded = b"".join(bytes([len(label)]) + label for label in labels)
    except (UnicodeError, ValueError) as exc:
        raise SourceMisread(f"{name} is not a name that can be asked for") from exc
    if not all(labels):
        raise SourceMisread(f"{name} is not a name that can be asked for")
    head = HEADER.pack(number, RECURSE, 1, 0, 0, 0)
    return head + encoded + b"\0" + QUESTION.pack(kind, 1)


def addresses(answer: bytes, name: str, kind: int) -> int:
    """How many addresses an answer holds. Raises `CollectorError` for a refusal."""
    try:
        _, flags, questions, records, _, _ = HEADER.unpack_from(answer)
        code = flags & 0xF
        if code == NO_NAME:
            raise no_name(name)
        if code:
            said = CODES.get(code, f"answers with code {code}")
            raise SourceUnreachable(f"the name server {said}: {zone(name)}")
        return _records(answer, questions, records, kind)
    except (struct.error, IndexError) as exc:
        raise SourceMisread("the name server's answer can't be read") from exc


def _records(answer: bytes, questions: int, records: int, kind: int) -> int:
    at, found = HEADER.size, 0
    for _ in range(questions):
        at = _after_name(answer, at) + QUESTION.size
    for _ in range(records):
        at = _after_name(answer, at)
        told, _, _, length = RECORD.unpack_from(answer, at)
        at += RECORD.size + length
        found += told == kind and at <= len(answer)
    return found


def _after_name(answer: bytes, at: int) -> int:
    """Where a name ends: at its empty label, or at a pointer to the rest of it."""
    while (length := answer[at]) and length < 0xC0:
        at += 1 + length
    return at + (2 if length else 1)
