"""Commands for a terminal: the pods of a box, what befell them, what they log.

Every word is quoted for a POSIX shell, and what is configured stands behind its option
with `=`, so that no name can become an option or a second command.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.topology import Box, Topology

MOST_PODS: Final = 12
"""Named one by one; a command must stay readable."""
TALE: Final = ("--all-containers", "--prefix", "--timestamps", "--tail=200")


@dataclass(frozen=True, slots=True)
class Command:
    what: str
    text: str


def commands(
    box: Box,
    topology: Topology,
    context: str | None,
    pods: Sequence[Mapping[str, Any]] = (),
) -> tuple[Command, ...]:
    """`pods`: as a snapshot tells them. Nothing for a box without pods of its own.

    All workloads of a box live in one namespace.
    """
    if not box.workloads:
        return ()
    named = [str(pod["name"]) for pod in sorted(pods, key=lambda pod: pod["ready"])]
    crashed = [str(pod["name"]) for pod in pods if pod["last_exit"]]
    head = _head(context, topology.namespace_of(box.workloads[0].role))
    which = _which(box, named)
    made = [Command("Pods", _line(*head, "get", "pods", "--output=wide", *which))]
    if which:
        made.append(Command("Describe", _line(*head, "describe", "pods", *which)))
        # Of those that are named one by one, kubectl tells the log of one alone.
        made.append(Command("Logs", _line(*head, "logs", which[0], *TALE)))
    if crashed:
        words = _line(*head, "logs", crashed[0], "--previous", *TALE)
        made.append(Command("Logs before the last exit", words))
    return tuple(made)


def _head(context: str | None, namespace: str) -> tuple[str, ...]:
    cluster = () if context is None else (f"--context={context}",)
    return ("kubectl", *cluster, f"--namespace={namespace}")


def _which(box: Box, named: Sequence[str]) -> tuple[str, ...]:
    """By the label that all of its pods carry, else by their names, those first that
    are not ready."""
    labels = [work.label for work in box.workloads if work.label]
    if len(labels) < len(box.workloads):
        return tuple(named[:MOST_PODS])
    if len(labels) == 1:
        return (f"--selector=gws={labels[0]}",)
    return (f"--selector=gws in ({','.join(labels)})",)


def _line(*words: str) -> str:
    return shlex.join(words)
