"""Is the part of Consul's KV store there that GWS services read at their start?

Names of keys alone are asked for, and of those only the ones right under the prefix.
Without the right to read them Consul answers as if there were none: it filters lists
silently. So where none is told, one key that nobody has is asked for by name, which
Consul refuses to a token that may not read it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from app.domain.facts import KeysFact
from collectors.consul_errors import Denied, NotThere
from collectors.consul_feeds import Chance, Heard
from collectors.consul_http import ConsulLine
from collectors.consul_pace import Pace, jittered
from collectors.consul_read import from_json
from collectors.errors import SourceMisread

LISTED: Final = {"keys": "", "separator": "/"}
NOBODYS: Final = ".gws-observatory"
"""Asked for to hear whether it may be; were it there, it would not be looked at."""


class Keys:
    """Asks now and then; a `Question` of `collectors.consul_feeds`."""

    def __init__(self, prefix: str, pace: Pace, chance: Chance, *, stale: bool) -> None:
        self._prefix = prefix
        self._path = f"/v1/kv/{quote(prefix)}"
        self._pace = pace
        self._chance = chance
        self._consistency = {"stale": ""} if stale else {}

    def ask(self, line: ConsulLine) -> Heard:
        fact = KeysFact(self._prefix, self._count(line))
        return Heard((fact,), jittered(self._pace.keys_s, self._chance()))

    def forget(self) -> None:
        """Every question stands on its own."""

    def _count(self, line: ConsulLine) -> int | None:
        try:
            # The right may have come between two answers: then they are all there.
            return self._told(line) or (
                self._told(line) if self._may_read(line) else None
            )
        except Denied:
            return None

    def _told(self, line: ConsulLine) -> int:
        try:
            return self._listed(line)
        except NotThere:
            return 0

    def _listed(self, line: ConsulLine) -> int:
        params = {**LISTED, **self._consistency}
        answer = line.query(self._path, params, self._pace.answer_s)
        return read_keys(answer.body)

    def _may_read(self, line: ConsulLine) -> bool:
        try:
            path = f"{self._path}{NOBODYS}"
            line.query(path, self._consistency, self._pace.answer_s)
        except NotThere:
            return True
        except Denied:
            return False
        return True


def read_keys(body: bytes) -> int:
    """How many names are listed."""
    keys = from_json(body)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise SourceMisread("the keys are not a list of names")
    return len(keys)
