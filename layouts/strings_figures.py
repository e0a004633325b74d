"""The words beside numbers and times.

`{...}` is filled in by `layouts/figures.py` and by `assets/figures.js` alike: both say
the same.
"""

from __future__ import annotations

from typing import Any, Final

from layouts.strings import UNMEASURED

UNITS: Final = {"day": "d", "hour": "h", "minute": "min", "second": "s"}
LASTING: Final = "for {lasted}"
AGO: Final = "{lasted} ago"
NEVER: Final = "never"
OLD: Final = "{age} old"

NO_PODS: Final = f"{UNMEASURED} pods"
READY: Final = "{ready}/{desired} ready"
RESTART: Final = "1 restart"
RESTARTS: Final = "{count} restarts"
CLIENT: Final = "1 client"
CLIENTS: Final = "{count} clients"
CLIENTS_OF: Final = "{count}/{limit} clients"
USER: Final = "1 user"
USERS: Final = "{count} users"
FULLEST: Final = "{count}, {most} on the fullest pod"
MARKS: Final = "{shared}; marks {marks}"
AND: Final = " and "
CORE: Final = "{used} core"
CORES: Final = "{used} cores"
OF: Final = "{used} of {limit}"


def for_browser() -> dict[str, Any]:
    """What `assets/figures.js` says, as JSON."""
    return {
        "unmeasured": UNMEASURED,
        "units": UNITS,
        "lasting": LASTING,
        "ago": AGO,
        "never": NEVER,
        "old": OLD,
        "noPods": NO_PODS,
        "ready": READY,
        "restart": RESTART,
        "restarts": RESTARTS,
        "client": CLIENT,
        "clients": CLIENTS,
        "clientsOf": CLIENTS_OF,
        "user": USER,
        "users": USERS,
        "fullest": FULLEST,
        "marks": MARKS,
        "and": AND,
        "core": CORE,
        "cores": CORES,
        "of": OF,
    }
