"""The collector against the simulated deployment, a process of its own."""

import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from app.domain.facts import PodFact
from collectors.kubernetes_access import by_kubeconfig
from tests.collectors.kubernetes_watcher import QUICK, watching

ATTENTIVE = replace(QUICK, silence_s=8)
"""The simulated API server says a bookmark every 5 s."""


@dataclass(frozen=True)
class Simulation:
    control: str
    kubeconfig: Path

    def inject(self, kind, target="kubernetes", **params):
        body = {"kind": kind, "target": target, "params": params}
        answer = requests.post(f"{self.control}/sim/faults", json=body, timeout=30)
        assert answer.ok, answer.text

    def end_faults(self):
        requests.delete(f"{self.control}/sim/faults", timeout=30).raise_for_status()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    config = tmp_path_factory.mktemp("simulation") / "watch.yaml"
    command = [sys.executable, "-m", "app", "simulate", "--config-out", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()  # said once everything listens
        address = re.search(r"http://\S+", first)
        assert address, first
        yield Simulation(address[0], config.with_suffix(".kubeconfig"))
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def simulation(running):
    yield running
    running.end_faults()


def is_pod(reading, node, **wanted):
    return any(
        isinstance(fact, PodFact)
        and fact.node == node
        and all(getattr(fact, name) == value for name, value in wanted.items())
        for fact in reading.facts
    )


def hears_changes_again(simulation, heard):
    """A pod that stops being ready is heard after all that was heard so far."""
    before = len(heard.of("pods/gws"))
    simulation.end_faults()
    simulation.inject("pod_not_ready", "workspace")

    def new_and_not_ready(reading):
        later = heard.of("pods/gws")[before:]
        return reading in later and is_pod(reading, "workspace", ready=False)

    heard.wait("pods/gws", new_and_not_ready)


def troubles(heard):
    return [r.trouble.text for r in heard.readings if r.trouble]


def test_every_feed_is_listed_and_a_crash_is_heard_and_its_end(simulation):
    with watching(by_kubeconfig(simulation.kubeconfig), "gws", "infra") as heard:
        pods = heard.wait("pods/infra", lambda r: r.complete and r.facts)
        assert is_pod(pods, "redis", ready=True)
        heard.wait("endpointslices/infra", lambda r: r.complete)
        simulation.inject("pod_crash", "redis")
        heard.wait(
            "pods/infra",
            lambda r: is_pod(r, "redis", waiting_reason="CrashLoopBackOff"),
        )
        heard.wait("endpointslices/infra", lambda r: not r.complete and r.facts)
        heard.wait("events/infra", lambda r: r.facts)
        crashed = len(heard.of("pods/infra"))
        simulation.end_faults()
        heard.wait(
            "pods/infra",
            lambda r: (
                r in heard.of("pods/infra")[crashed:] and is_pod(r, "redis", ready=True)
            ),
        )
    assert troubles(heard) == []


@pytest.mark.parametrize("told", ["stream", "status"])
def test_a_compacted_history_is_listed_anew_without_a_word(simulation, told):
    with watching(by_kubeconfig(simulation.kubeconfig), "gws") as heard:
        heard.wait("pods/gws", lambda r: r.complete)
        simulation.inject("api_gone", **{"as": told})
        heard.wait(
            "pods/gws", lambda _: sum(r.complete for r in heard.of("pods/gws")) > 1
        )
        hears_changes_again(simulation, heard)
    assert troubles(heard) == []


def test_a_cut_server_is_named_and_found_again(simulation):
    with watching(by_kubeconfig(simulation.kubeconfig), "gws") as heard:
        heard.wait("pods/gws", lambda r: r.complete)
        simulation.inject("api_cut")
        text = heard.trouble(kind="unreachable")
        hears_changes_again(simulation, heard)
    assert text.startswith("cannot watch pods in namespace gws: http://127.0.0.1:")


def test_silent_watches_are_noticed_and_changes_found_by_listing(simulation):
    connect = by_kubeconfig(simulation.kubeconfig)
    with watching(connect, "gws", timing=ATTENTIVE) as heard:
        heard.wait("pods/gws", lambda r: r.complete)
        simulation.inject("api_silent")
        simulation.inject("pod_not_ready", "workspace")
        heard.trouble(kind="silent")
        heard.wait(
            "pods/gws", lambda r: r.complete and is_pod(r, "workspace", ready=False)
        )
        hears_changes_again(simulation, heard)


@pytest.mark.parametrize("verb", ["list", "watch"])
def test_a_right_that_is_taken_away_is_named_and_its_return_noticed(simulation, verb):
    simulation.inject("api_forbidden", verb=verb, resource="pods", namespace="gws")
    with watching(by_kubeconfig(simulation.kubeconfig), "gws") as heard:
        text = heard.trouble(kind="refused")
        heard.wait("services/gws", lambda r: r.complete and r.facts)
        hears_changes_again(simulation, heard)
    assert text.startswith(f"not allowed to {verb} pods in namespace gws: ")
    assert f'cannot {verb} resource "pods"' in text
    assert set(troubles(heard)) == {text}


def test_a_clusters_clock_that_is_off_makes_no_trouble(simulation):
    with watching(by_kubeconfig(simulation.kubeconfig), "gws") as heard:
        heard.wait("pods/gws", lambda r: r.complete)
        simulation.inject("clock_skew", offset_s=3600)
        simulation.inject("pod_crash", "workspace")
        heard.wait("pods/gws", lambda r: is_pod(r, "workspace", ready=False))
    times = [r.at for r in heard.of("pods/gws")]
    assert times == sorted(times)
    assert troubles(heard) == []
