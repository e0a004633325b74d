"""What a configuration may say although nothing comes of it, or nothing any more.

A key that is accepted in silence and does nothing is a lie to its author: each of these
is told by `check-config` and by `serve`.
"""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Final

from app.config.document import Places
from app.config.models import Settings
from app.config.outside import outside
from app.config.problems import Path, Problem
from app.domain.links import names, parsed

NEVER: Final = "is never shown: {{{}}} needs {}, which is not set"
NEEDS: Final = {"context": "kubernetes.context", "datacenter": "consul.datacenter"}
"""What gives a link's fields their value."""
FORGOTTEN: Final = (
    "tokens, TVs that were let in, sign-outs and the log of acts are forgotten when "
    "the process ends: set storage.records"
)
Later = tuple[datetime, Problem]
"""A notice, and the moment from which on it is one."""


def unused(settings: Settings, places: Places) -> tuple[Problem, ...]:
    """One notice for every part that is set and has no effect."""
    notices = [*_in_links(settings), *_alone(settings), *_in_auth(settings)]
    return tuple(Problem(places.of_key(path), path, text) for path, text in notices)


def passing(settings: Settings, places: Places) -> tuple[Later, ...]:
    """One for every maintenance window that will be over."""
    return tuple(
        (window.to, Problem(places.of_value(path), path, _over(window.to)))
        for number, deployment in enumerate(settings.deployments)
        for at, window in enumerate(deployment.maintenance)
        for path in [("deployments", number, "maintenance", at)]
    )


def _over(end: datetime) -> str:
    return f"is over since {end:%Y-%m-%d %H:%M} UTC, and can be left out"


def _in_links(settings: Settings) -> list[tuple[Path, str]]:
    """Links with a field that the configuration must give, and does not."""
    told: list[tuple[Path, str]] = []
    for at, one in enumerate(settings.deployments):
        given = outside(one)
        for name, template in one.links.items():
            used = [field for field in names(parsed(template)) if field in NEEDS]
            missing = [field for field in used if getattr(given, field) is None]
            told += [
                (("deployments", at, "links", name), NEVER.format(field, NEEDS[field]))
                for field in dict.fromkeys(missing)
            ]
    return told


def _alone(settings: Settings) -> list[tuple[Path, str]]:
    """Deployments that share their group with nobody: it may be another one's,
    misspelt."""
    names = [one.group for one in settings.deployments]
    found: list[tuple[Path, str]] = []
    for at, name in enumerate(names):
        if name is None or names.count(name) > 1:
            continue
        others = {other for other in names if other and other != name}
        near = difflib.get_close_matches(name, sorted(others), n=1)
        meant = f'; did you mean "{near[0]}"?' if near else ""
        text = f'no other deployment is in the group "{name}"{meant}'
        found.append((("deployments", at, "group"), text))
    return found


def _in_auth(settings: Settings) -> list[tuple[Path, str]]:
    """What signing in remembers is remembered for a while only."""
    auth = settings.server.auth
    if auth is None or auth.mode == "open" or settings.storage.records is not None:
        return []
    return [(("server", "auth"), FORGOTTEN)]
