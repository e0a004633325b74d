"""The words of what stands around the main part of a page: header, sources, banners,
what is not well, legend."""

from __future__ import annotations

from typing import Final

from layouts.strings import SOURCES

SKIP: Final = "Skip to the connections"
COUNTS: Final = "Connections by status"
PAGES: Final = "Pages"
LIVE: Final = "Live"
LOOK_FIRST: Final = "Look here first"

LOST: Final = "Connection to the server lost"
SHOWING: Final = ", showing "
RECONNECTING: Final = ". Trying to reconnect."

TROUBLED: Final = "Sources in trouble"
SOURCES_LIST: Final = "Sources of facts"
NO_SOURCES: Final = "No sources yet"
IN_TROUBLE: Final = "in trouble"
NOT_HEARD: Final = "not heard yet"

UNWELL: Final = "Not well now"
UNWELL_LABEL: Final = "Connections that are not well now"
ALL_WELL: Final = "All connections are well."

LEGEND: Final = "Legend"
THEME: Final = "Theme"

AS_LIST: Final = "Show as list"
AS_PICTURE: Final = "Show as picture"


def connection(number: int) -> str:
    """What the way to a connection is called."""
    return f"Connection {number}"


def unheard(source: str) -> str:
    """What a banner begins with."""
    return f"{SOURCES[source]} can't be heard"


def ends(source: str, destination: str) -> str:
    """Both ends of a connection."""
    return f"{source} to {destination}"


def counted_sources(count: int) -> str:
    """How many there are."""
    return "1 source" if count == 1 else f"{count} sources"


def all_heard(count: int) -> str:
    """What is said of them while all is well."""
    return "1 source, heard" if count == 1 else f"{count} sources, all heard"


def some_of(told: int, count: int, what: str) -> str:
    """`2 of 7 sources in trouble`."""
    return f"{told} of {counted_sources(count)} {what}"


def for_browser() -> dict[str, str]:
    """What `assets/page.js` says."""
    return {"asList": AS_LIST, "asPicture": AS_PICTURE}
