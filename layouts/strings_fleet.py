"""What the page of the fleet says. `{...}` is filled in, here and in the browser."""

from __future__ import annotations

from typing import Any, Final

from app.domain.status import Status
from layouts.strings import SOURCES, WORDS

SUMMARY_WELL: Final = "All {of} are well"
SUMMARY_ONE: Final = "The only one is well"
SUMMARY_TROUBLE: Final = "Look at {count} of {of}"
SHOWN: Final = "{count} of {of} shown"
NONE_SHOWN: Final = "No deployment is called so."
NONE_TROUBLED: Final = "Nothing needs a look: all {of} deployments are well."
NONE_OF_BOTH: Final = "None that is called so is in trouble."
SHOW_ALL: Final = "Show all"
HELD: Final = "The order waits while you are among the cards."
BECAME: Final = "{name} is {word}"
SECTION: Final = "look at {count} of {of}"
UNPLACED: Final[dict[str, str]] = {
    "region": "Without a region",
    "group": "Without a group",
}
BY: Final[dict[str, str]] = {
    "": "One list",
    "region": "By region",
    "group": "By group",
}
SIZES: Final[dict[str, str]] = {"large": "Large", "compact": "Compact"}
SEARCH: Final = "Search by name, region or group"
PLACEHOLDER: Final = "Search   /"
ONLY_TROUBLE: Final = "Only trouble"
SORTED: Final = "Grouped"
SIZE: Final = "Size"
SHOW: Final = "Show"
LIST: Final = "Deployments, worst first"
TOTALS: Final = "Deployments by status"
SKIP: Final = "Skip to the deployments"
LOST: Final = "Connection to the server lost"
LOST_SHOWN: Final = ", showing "
LOST_REST: Final = ". Trying to reconnect."
LIVE: Final = "Live"
NOT_LIVE: Final = "Not live"

UNSEEN: Final = "No picture yet: {why}"
BLIND: Final = "Can't be seen: {why}"
OLD: Final = "Nothing heard for {age}: shown as last seen"
MORE: Final = "{why} (and {count} more)"
SOURCE: Final = "{source}: {why}"
UNTOLD: Final = "in trouble"
FRESH: Final = "data under {age} old"
AGED: Final = "data {age} old"
NO_DATA: Final = "no data yet"
SINCE: Final = "{word} since {at}"

KEYS_NOTE: Final = (
    "The worst stand first. A card moves only when its status does, and not while the "
    "pointer or the keyboard is among the cards."
)


def for_browser() -> dict[str, Any]:
    """What `assets/fleet_says.js` says, as JSON."""
    return {
        "words": WORDS,
        "ranks": {status.value: status.rank for status in Status},
        "sources": SOURCES,
        "unplaced": UNPLACED,
        "summaryWell": SUMMARY_WELL,
        "summaryOne": SUMMARY_ONE,
        "summaryTrouble": SUMMARY_TROUBLE,
        "section": SECTION,
        "shown": SHOWN,
        "noneShown": NONE_SHOWN,
        "noneTroubled": NONE_TROUBLED,
        "noneOfBoth": NONE_OF_BOTH,
        "became": BECAME,
        "list": LIST,
        "live": LIVE,
        "notLive": NOT_LIVE,
        "unseen": UNSEEN,
        "blind": BLIND,
        "old": OLD,
        "more": MORE,
        "source": SOURCE,
        "untold": UNTOLD,
        "fresh": FRESH,
        "aged": AGED,
        "noData": NO_DATA,
        "since": SINCE,
    }
