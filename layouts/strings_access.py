"""The words of signing in, of who somebody is, and of the log of acts."""

from __future__ import annotations

from typing import Any, Final

SIGN_IN: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
SIGNED_OUT: Final = "Signed out"
NAME: Final = "Name"
PASSWORD: Final = "Password"
WRONG: Final = "Name or password is wrong."
WAIT: Final = "Too many tries. Try again in {minutes} min."
BUSY: Final = "Too many sign in at once. Try again in a moment."
TOO_LARGE: Final = "That is not what this form sends."
WITH_PROVIDER: Final = "Sign in again"
SIGN_IN_FAILED: Final = "Signing in failed"
FAILED: Final = "Nobody is signed in: {reason}."
OUT_NOW: Final = "You are signed out of the dashboard."
BY_PROXY: Final = (
    "The proxy in front of the dashboard signs people in and out: it is asked there."
)
HERE_NOBODY: Final = "Nobody signs in here."

NOT_SIGNED_IN: Final = "Not signed in"
NOT_LET_IN: Final = "Not let in"
NO_ROLE: Final = "Not yours to see"
AS_ANOTHER: Final = "Sign in as somebody else"
AGAIN: Final = "Try again"

ROLES: Final = {"viewer": "viewer", "operator": "operator", "admin": "admin"}
LOOKS_ONLY: Final = "read only"
SIGNED_IN_AS: Final = "Signed in as"

TOKENS: Final = "Tokens"
TOKENS_TOLD: Final = (
    "For scripts, by the header Authorization: Bearer. TVs that were let in stand here "
    "too."
)
NO_TOKENS: Final = "There is no token yet."
MAKE: Final = "Make a token"
MADE: Final = "Made. It is shown once: copy it now."
REVOKE: Final = "Revoke"
REVOKE_SURELY: Final = "Revoke for good?"
UNREACHABLE: Final = "The dashboard can't be reached, and nothing was changed."
FOR: Final = "Holds for"
ROLE: Final = "Role"
WHERE: Final = "Deployments"
EVERYWHERE: Final = "every one"
TOKEN_COLUMNS: Final = ("Name", "Kind", "Role", "Deployments", "Made by", "Until", "")
REVOKED: Final = "revoked"
OVER: Final = "over"
KINDS: Final = {"token": "script", "tv": "TV"}
SPANS: Final = (
    ("7", "a week"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "a year"),
)

AUDIT: Final = "Who did what"
AUDIT_COLUMNS: Final = ("When", "Who", "What", "Outcome", "Deployment", "About", "From")
NOTHING_DONE: Final = "Nothing was done yet that matches."
AS_CSV: Final = "All of it as CSV"
OLDER: Final = "Older"
NEWEST: Final = "Newest"
SHOW: Final = "Show"
ALL_OUTCOMES: Final = "any outcome"
WHO: Final = "Who"
WHAT: Final = "What"
OUTCOME: Final = "Outcome"
OUTCOMES: Final = {"done": "done", "refused": "refused", "failed": "failed"}
TROUBLE: Final = "Only what is in memory is shown: {why}"
BACK: Final = "Back to the picture"
ADMINISTER: Final = "Administration"


def for_browser() -> dict[str, Any]:
    """What `assets/person.js` says."""
    return {
        "out": "Signed out.",
        "outTold": "What is shown is as of {time}.",
        "again": "Sign in again",
    }
