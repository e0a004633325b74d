"""The words of what stands around the main part of a page: header, sources, banners,
what is not well, legend."""

from __future__ import annotations

from typing import Final

from layouts.strings import SOURCES

SKIP: Final = "Skip to the connections"
COUNTS: Final = "Connections by status"
PAGES: Final = "Pages"
LIVE: Final = "Live"
NOT_LIVE: Final = "Not live"
CONNECTION: Final = "Connection {number}"
BECAME: Final = "The deployment is {word}"
LOOK_FIRST: Final = "Look here first"

BLIND: Final = "What can't be heard"
LOST: Final = "Connection to the server lost"
SHOWING: Final = ", showing "
RECONNECTING: Final = ". Trying to reconnect."

TROUBLED: Final = "Sources in trouble"
SOURCES_LIST: Final = "Sources of facts"
NO_SOURCES: Final = "No sources yet"
SOURCE: Final = "1 source"
SOURCES_COUNTED: Final = "{count} sources"
SOURCE_HEARD: Final = "1 source, heard"
ALL_HEARD: Final = "{count} sources, all heard"
IN_TROUBLE: Final = "{told} of {sources} in trouble"
NOT_HEARD: Final = "{told} of {sources} not heard yet"

UNWELL: Final = "Not well now"
UNWELL_LABEL: Final = "Connections that are not well now"
ALL_WELL: Final = "All connections are well."

LEGEND: Final = "Legend"
THEME: Final = "Theme"

AS_LIST: Final = "Show as list"
AS_PICTURE: Final = "Show as picture"


def connection(number: int) -> str:
    """What the way to a connection is called."""
    return CONNECTION.format(number=number)


def unheard(source: str) -> str:
    """What a banner begins with."""
    return f"{SOURCES[source]} can't be heard"


def for_browser() -> dict[str, str]:
    """What `assets/page.js` and `paint.js` say."""
    return {
        "asList": AS_LIST,
        "asPicture": AS_PICTURE,
        "connection": CONNECTION,
        "became": BECAME,
        "noSources": NO_SOURCES,
        "source": SOURCE,
        "counted": SOURCES_COUNTED,
        "heard": SOURCE_HEARD,
        "allHeard": ALL_HEARD,
        "inTrouble": IN_TROUBLE,
        "notHeard": NOT_HEARD,
        "live": LIVE,
        "notLive": NOT_LIVE,
    }
