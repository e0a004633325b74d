"""Waits until a dashboard says that it works and has its first picture: `helm test`."""

import http.client
import sys
import time

PATHS = ("/healthz", "/readyz")
WITHIN_S = 90.0


def said(place: str, path: str) -> str:
    """The status line, or why there is none."""
    connection = http.client.HTTPConnection(place, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return f"{answer.status} {answer.read(500).decode(errors='replace')}"
    except OSError as exc:
        return str(exc)
    finally:
        connection.close()


def main(place: str) -> int:
    deadline = time.monotonic() + WITHIN_S
    for path in PATHS:
        while not (last := said(place, path)).startswith("200 "):
            if time.monotonic() > deadline:
                sys.stderr.write(f"{place}{path}: {last}\n")
                return 1
            time.sleep(1)
        sys.stdout.write(f"{place}{path}: {last}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
