"""The words of a page that only says something."""

from __future__ import annotations

from typing import Final

NOT_FOUND: Final = "Not found"
HOME: Final = "Home"
MADE_UP: Final = (
    "This is a demo: what was before {until} was made up, by the load that it has now. "
    "Nobody watched then."
)
NO_DEPLOYMENT: Final = 'No deployment is called "{name}".'
NO_PAGE: Final = "No page stands at {path}."
TOO_FAST_HEADING: Final = "Too many at once"
TOO_FAST: Final = (
    "Pages like this one were asked for too often from this address. Wait a moment, "
    "and load it again."
)
REFERENCE: Final = "If you report this, quote {id}: the log knows it by that."
