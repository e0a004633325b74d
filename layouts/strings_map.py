"""The words of the map's own controls."""

from __future__ import annotations

from typing import Any, Final

TOOLS: Final = "What the map shows"
VALUES: Final = "Value on each line"
VALUE_CHOICES: Final[dict[str, str]] = {
    "": "Latency, else rate",
    "p95": "Latency, p95",
    "rate": "Requests per second",
    "errors": "Errors",
    "open": "Open connections",
    "age": "Age of the facts",
}
"""By what stands in the address as `?v=`; the first stands there as nothing."""
OPEN_UNIT: Final = "con"
ONLY_TROUBLE: Final = "Only trouble"
ONLY_TROUBLE_TITLE: Final = "Fade what is well (t)"
VALUES_TITLE: Final = "The next value (v)"
FADED: Final = "{faded} of {all} faded"
NONE_FADED: Final = "nothing is well"
MOTION: Final = "Motion"
MOTION_TITLE: Final = "Dots wander along lines that carry requests"
NO_MOTION: Final = "Your system asks for no motion"
LATELY: Final = "turned in the last 10 min"
ZOOM: Final = (
    ("in", "+", "Zoom in"),
    ("out", "−", "Zoom out"),
    ("fit", "Fit", "Show the whole picture"),
)
THEMES: Final = (
    ("", "System"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast", "High contrast"),
)
"""What may be chosen, by what `data-theme` says; as the system has it by nothing."""


def for_browser() -> dict[str, Any]:
    """What `assets/values.js` and `tools.js` say, as JSON."""
    return {
        "values": list(VALUE_CHOICES),
        "openUnit": OPEN_UNIT,
        "faded": FADED,
        "noneFaded": NONE_FADED,
        "noMotion": NO_MOTION,
    }
