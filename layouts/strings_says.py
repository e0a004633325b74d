"""The sentences about a connection, a box or a source: labels for who can't see the
picture, the card beside the pointer, what the panel tells at a glance.

`{...}` is filled in by `layouts/says.py` and by `assets/says.js` alike: both say the
same.
"""

from __future__ import annotations

from typing import Final

PICTURE: Final = "Architecture: 31 numbered connections between 23 components"

ENDS: Final = "{source} to {destination}"
LABEL: Final = "{what}: {verdict}"
CONNECTION_LABEL: Final = "{number}, {ends}"
BOX_LABEL: Final = "{name}, {ready}"
SINCE: Final = "{word} since {at}"
BECAUSE: Final = "{verdict}, {reason}"
APART: Final = "{verdict}; {disagree}"
APART_WHO: Final = "Disagreement. Failing: {failing}. Ok: {well}."
SILENT: Final = "silent"
VERSIONS: Final = "{count} versions"

READY: Final = "Ready"
RESTARTS: Final = "Restarts"
VERSION: Final = "Version"
MEMORY: Final = "Memory"
CLIENTS: Final = "Clients"
LAG: Final = "Replicas behind"


def for_browser() -> dict[str, str]:
    """What `assets/says.js` and `card.js` say, as JSON."""
    return {
        "ends": ENDS,
        "label": LABEL,
        "connectionLabel": CONNECTION_LABEL,
        "boxLabel": BOX_LABEL,
        "since": SINCE,
        "because": BECAUSE,
        "apart": APART,
        "silent": SILENT,
        "versions": VERSIONS,
        "ready": READY,
        "restarts": RESTARTS,
        "version": VERSION,
        "memory": MEMORY,
        "clients": CLIENTS,
    }
