"""The words of the page about the dashboard itself."""

from __future__ import annotations

from typing import Final

TITLE: Final = "Inside the dashboard"
ABOUT: Final = "How the dashboard itself does"
LEAD: Final = "How the dashboard itself does, as of"
NAV: Final = "Elsewhere"
HOME: Final = "Home"
AGAIN: Final = "Look again"
AS_JSON: Final = "As JSON"
METRICS: Final = "Metrics"
EVERYTHING: Final = "All deployments"
SKIP: Final = "Skip to the facts"

PROCESS: Final = "Process"
VERSION: Final = "Version"
UPTIME: Final = "Running for"
STARTED: Final = "since"
MEMORY: Final = "Memory"
CPU: Final = "Processor time"
CPU_SHARE: Final = "{share} of a core since the start"
THREADS: Final = "Threads"
HANDLES: Final = "File handles"
HANDLES_OF: Final = "{used} of {limit}"
SOCKETS: Final = "{count} sockets among them"
LAG: Final = "Event loop is late by"
LAG_TOLD: Final = "last; 95 % within {p95}, at most {most}"
FLEET: Final = "Viewers of the fleet"

DEPLOYMENTS: Final = "Deployments"
OPEN_ONE: Final = "Every feed of {name}"
PICTURE: Final = "Picture {version}, made"
NO_PICTURE: Final = "No picture yet; waits for {names}"
ITS_SOURCES: Final = "its sources"
SUMMARY: Final = (
    "{viewers} viewers, the slowest {longest} behind, {resynced} resynchronised; "
    "{waiting} feeds wait to be learnt; judged {count} times, 95 % within {p95}"
)
SUMMARY_ELSEWHERE: Final = (
    "{viewers} viewers, the slowest {longest} behind, {resynced} resynchronised; "
    "nothing was judged by this process"
)
OF_SOURCES: Final = "Sources of {name}"
OF_FEEDS: Final = "Feeds of {source}"
SOURCE_COLUMNS: Final = (
    "Source", "Last answer", "Asks", "Failed", "Took last", "95 % within", "Lists",
    "Watches", "Feeds", "Last error",
)  # fmt: skip
FEED_COLUMNS: Final = ("Feed", "Last answer", "Stale after", "Version", "Trouble")
TROUBLED: Final = "{troubled} of {count} in trouble"
NEVER: Final = "none since the start"
FEEDS: Final = "Feeds: {count} told"
SINCE: Final = "since"
MORE: Final = "The first {count} of those in trouble."

STORES: Final = "What is kept"
STORE_COLUMNS: Final = ("Store", "Where", "Waits", "Trouble", "More")
STORE_NAMES: Final = {"bus": "Bus", "records": "Records", "history": "History"}
STORE_DETAILS: Final = {
    "well_at": "well at",
    "lost_from": "lost from",
    "lost_until": "lost until",
    "remark": "remark",
    "bytes": "size",
    "written_at": "written",
    "resyncs": "whole pictures read",
}
WELL: Final = "none"

CONFIGURATION: Final = "Configuration in force"
CONFIGURED: Final = "What is set, without secrets"
CONFIG_GOOD: Final = "The file is good."
CONFIG_BROKEN: Final = "The file is broken; the old one is in force:"
CONFIG_WAITS: Final = "Takes effect after a restart:"

WARNINGS: Final = "Last warnings of the log"
NO_WARNINGS: Final = "None since the start."
WARNING_COLUMNS: Final = ("When", "Level", "What")
