"""From a deployment's settings to what is watched: its picture and its limits."""

from __future__ import annotations

from collections import Counter

from app.config.auth_checks import wrong_in_auth
from app.config.document import Places
from app.config.maintenance import windows
from app.config.models import DeploymentSettings, Settings
from app.config.problems import Path, Problem, unknown
from app.domain import limits
from app.domain.customise import customise
from app.domain.evaluate import Deployment
from app.domain.topology import Topology, standard


def assemble(
    settings: Settings, places: Places
) -> tuple[tuple[Deployment, ...], list[Problem]]:
    """The deployments, and every override that names nothing."""
    problems = [*_same_ids(settings, places), *wrong_in_auth(settings, places)]
    deployments = []
    for at, one in enumerate(settings.deployments):
        deployment, more = _assemble_one(one, ("deployments", at), places)
        deployments.append(deployment)
        problems += more
    return tuple(deployments), problems


def _assemble_one(
    one: DeploymentSettings, path: Path, places: Places
) -> tuple[Deployment, list[Problem]]:
    named = one.kubernetes.namespaces.model_dump() if one.kubernetes else None
    topology, wrong = customise(standard(named), one.topology)
    bounds, too = limits.customise(limits.DEFAULT, one.limits)
    problems = [_placed((*path, "topology"), p, places) for p in wrong]
    problems += [_placed((*path, "limits"), p, places) for p in too]
    problems += _unknown_nodes(one, path, topology, places)
    watched = Deployment(
        one.id,
        topology,
        bounds,
        sources(one),
        one.traffic.calendar(),
        windows(one.maintenance),
        one.kubernetes.zones if one.kubernetes else {},
    )
    return watched, problems


def sources(one: DeploymentSettings) -> tuple[str, ...]:
    """The sources that are configured, by their names in the contract."""
    postgresql = one.backends.postgresql
    asked = {
        "kubernetes": one.kubernetes is not None,
        "consul": one.consul is not None,
        "scrape": one.scrape.enabled and one.kubernetes is not None,
        "probe": one.probes.enabled and _has_targets(one),
        "redis": one.backends.redis is not None,
        "postgresql": postgresql is not None and postgresql.asked,
        "elasticsearch": one.backends.elasticsearch is not None,
        "alertmanager": one.alertmanager is not None,
        "prometheus": one.prometheus is not None,
    }
    return tuple(name for name, is_asked in asked.items() if is_asked)


def _has_targets(one: DeploymentSettings) -> bool:
    return bool(one.kubernetes or one.probes.targets or one.probes.dns)


def _unknown_nodes(
    one: DeploymentSettings, path: Path, topology: Topology, places: Places
) -> list[Problem]:
    """Rules, targets and windows for boxes that the picture does not have."""
    boxes = [box.id for box in topology.boxes]
    named = [
        *(_in("scrape", "rules", at, r.node) for at, r in enumerate(one.scrape.rules)),
        *(
            _in("probes", "targets", at, t.node)
            for at, t in enumerate(one.probes.targets)
        ),
        *(_in("probes", "dns", at, n.node) for at, n in enumerate(one.probes.dns)),
        *_in_windows(one),
    ]
    problems = []
    for below, node in named:
        if node not in boxes:
            here = (*path, *below)
            text = unknown(node, boxes, "no box is called")
            problems.append(Problem(places.of_value(here), here, text))
    return problems


def _in(section: str, name: str, at: int, node: str) -> tuple[Path, str]:
    return (section, name, at, "node"), node


def _in_windows(one: DeploymentSettings) -> list[tuple[Path, str]]:
    return [
        (("maintenance", at, "nodes", place), node)
        for at, window in enumerate(one.maintenance)
        for place, node in enumerate(window.nodes)
    ]


def _placed(path: Path, problem: tuple[str, str], places: Places) -> Problem:
    """The core names a place by its dotted path below the section."""
    where, text = problem
    whole = (*path, *(part for part in where.split(".") if part))
    return Problem(places.of_key(whole), whole, text)


def _same_ids(settings: Settings, places: Places) -> list[Problem]:
    counts = Counter(one.id for one in settings.deployments)
    return [
        Problem(places.of_value(path), path, f'another deployment is called "{one.id}"')
        for at, one in enumerate(settings.deployments)
        for path in [("deployments", at, "id")]
        if counts[one.id] > 1
    ]
