"""`doctor`: every source asked once; exit 0 only if every installed connection has a
witness, and records and history can be kept where the configuration says."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from app.cli import doctor_history, doctor_records, doctor_sign_in
from app.cli.diagnosis import ConnectionReport, DeploymentReport, diagnose
from app.cli.main import DONE, FAILED, World
from app.cli.wiring import collectors
from app.config.load import load
from app.config.models import DeploymentSettings
from app.domain.evaluate import Deployment, Memory, evaluate
from app.domain.knowledge import Knowledge, learn


def run(chosen: argparse.Namespace, world: World) -> int:
    configuration = load(chosen.config, world.environ)
    pairs = zip(
        configuration.settings.deployments, configuration.deployments, strict=True
    )
    reports = [_examine(settings, watched, world) for settings, watched in pairs]
    covered = all(report.covered for report in reports)
    records = doctor_records.examined(configuration)
    history = doctor_history.examined(configuration, world.clock)
    auth = configuration.settings.server.auth
    sign_in = doctor_sign_in.examined(None if auth is None else auth.oidc)
    if chosen.json:
        values = {
            **_as_values(reports, covered),
            "records": doctor_records.values(records),
            "history": doctor_history.values(history),
            "sign_in": doctor_sign_in.values(sign_in),
        }
        world.say(json.dumps(values, indent=2))
    else:
        for report in reports:
            world.say(*lines(report))
        world.say(doctor_records.line(records), doctor_history.line(history))
        world.say(*doctor_sign_in.lines(sign_in))
    kept = records.trouble is None and (history is None or history.trouble is None)
    let_in = sign_in is None or sign_in.trouble is None
    return DONE if covered and kept and let_in else FAILED


def _examine(
    settings: DeploymentSettings, deployment: Deployment, world: World
) -> DeploymentReport:
    """Ask the sources one after another: whom to scrape and probe follows from what
    Kubernetes said."""
    knowledge = Knowledge()
    asked = collectors(
        settings, deployment, lambda: knowledge, lambda reading: None, world.clock
    )
    for collector in asked:
        for reading in collector.ask_once():
            knowledge = learn(knowledge, reading)
    outcome = evaluate(deployment, knowledge, Memory(), world.clock())
    return diagnose(deployment, settings.title, outcome.snapshot, knowledge)


def _as_values(reports: list[DeploymentReport], covered: bool) -> dict[str, object]:
    return {
        "covered": covered,
        "deployments": [
            asdict(report) | {"covered": report.covered} for report in reports
        ],
    }


def lines(report: DeploymentReport) -> Iterator[str]:
    """For people: the sources, the connections, and what to enable, each once."""
    yield f"{report.id} ({report.name})"
    for source in report.sources:
        asked = f"{source.feeds - source.troubled} of {source.feeds} feeds answer"
        said = f": {source.error}" if source.error else ""
        yield f"  source {source.name:<11} {source.status:<9} {asked}{said}"
    for connection in report.connections:
        yield f"  {connection.number:>2}  {_ends(connection)}  {_who(connection)}"
    advice = dict.fromkeys(
        f"  {silence.witness}: {silence.why}: {silence.enable}"
        for connection in report.connections
        if connection.installed
        for silence in connection.silent
    )
    if advice:
        yield "to enable:"
        yield from advice
    yield from (f"note: {note}" for note in report.notes)


def _ends(connection: ConnectionReport) -> str:
    return f"{connection.source + ' -> ' + connection.destination:<38}"


def _who(connection: ConnectionReport) -> str:
    if not connection.installed:
        return "not installed"
    silent = ", ".join(silence.witness for silence in connection.silent)
    speaking = ", ".join(connection.speaking) or "NO WITNESS"
    return speaking + (f"   (silent: {silent})" if silent else "")
