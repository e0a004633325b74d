"""Keeps the simulated Consul's catalog in step with the pods and the faults."""

from __future__ import annotations

from collections.abc import Iterable

from app.simulator.consul import Check, Consul, Instance, Server
from app.simulator.faults import Fault
from app.simulator.faults_effects import CheckState, check_state, consul_state
from app.simulator.world import COLOUR, WORKLOADS, Pod

ELSEWHERE = "a token that the watcher does not have"


def servers(pods: Iterable[Pod]) -> tuple[Server, ...]:
    """The Consul servers, as autopilot knows them."""
    return tuple(Server(pod.name, pod.ip) for pod in pods if pod.spec.box == "consul")


def put_settings(consul: Consul) -> None:
    """What the vendor's services read at their start, without its content."""
    consul.put_value("settings/common", b"{}")
    for spec in WORKLOADS:
        if spec.coloured:
            consul.put_value(f"settings/{spec.name}/{COLOUR}", b"{}")


class Catalog:
    """One agent a Kubernetes node; a pod is registered with its node's agent."""

    def __init__(self, consul: Consul, hosts: Iterable[str]) -> None:
        self._consul = consul
        self._known: dict[tuple[str, str], tuple[str, CheckState]] = {}
        for number, host in enumerate(hosts):
            consul.add_node(host, f"10.0.4.{number + 11}")

    def follow(self, faults: tuple[Fault, ...], pods: tuple[Pod, ...]) -> None:
        """Register, check and deregister what changed since the last time."""
        self._cluster(faults, pods)
        wanted: dict[tuple[str, str], tuple[Pod, CheckState]] = {}
        for pod in pods:
            state = check_state(faults, pod, pods)
            for service, port in pod.spec.consul if state.registered else ():
                wanted[service, pod.name] = (pod, state)
                self._put(pod, service, port, state)
        for key in [key for key in self._known if key not in wanted]:
            host, _ = self._known.pop(key)
            self._consul.deregister(host, f"{key[0]}-{key[1]}")

    def _put(self, pod: Pod, service: str, port: str, state: CheckState) -> None:
        key = (service, pod.name)
        known = self._known.get(key)
        if known == (pod.host, state):
            return
        id_ = f"{service}-{pod.name}"
        check_id = f"service:{id_}"
        if known is None:
            tags = (COLOUR, f"v{pod.version}") if port == "http" else (COLOUR,)
            instance = Instance(
                pod.host, id_, service, pod.ip, pod.port(port), tags,
                (("version", pod.version),),
            )  # fmt: skip
            check = Check(
                pod.host, check_id, "health", state.status, state.output, type="http",
                service_id=id_, service=service, tags=tags,
            )  # fmt: skip
            self._consul.register(instance, (check,))
        else:
            self._consul.set_check(pod.host, check_id, state.status, state.output)
        self._known[key] = (pod.host, state)

    def _cluster(self, faults: tuple[Fault, ...], pods: tuple[Pod, ...]) -> None:
        """Who leads: a server that is up, while a majority is."""
        state = consul_state(faults, pods)
        up = {pod.name for pod in pods if pod.spec.box == "consul" and pod.serving}
        for server in self._consul.servers:
            self._consul.set_server_health(server.name, server.name in up)
        able = [server.rpc for server in self._consul.servers if server.name in up]
        if state.leaderless or not able:
            if self._consul.leader is not None:
                self._consul.set_leader(None)
        elif self._consul.leader not in able:
            self._consul.set_leader(able[0])
        self._consul.token = ELSEWHERE if state.denied else None
