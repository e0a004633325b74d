"""What this process asks of the system for itself, before it does anything else.

A core dump would hold every token and password that is in memory; a process that can't
be dumped can't be read by others of its user either.
"""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Final

UNDUMPABLE: Final = 4
"""PR_SET_DUMPABLE of prctl(2): it holds where a dump is piped to a program, too, which
asks for no limit of its size."""
ENOUGH: Final = 1 << 20
"""Some systems grant more file handles than a table of them may have entries."""


def without_dumps() -> None:
    """From now on no core is written, whatever happens."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(UNDUMPABLE, 0, 0, 0, 0)


def with_all_handles() -> int:
    """As many open files as the system grants; how many these are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < granted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
        return granted
    return granted if soft == resource.RLIM_INFINITY else soft
