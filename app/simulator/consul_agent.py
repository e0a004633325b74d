"""The simulated Consul's agent endpoints: register, deregister, and what checks found.

As far as a contract test needs them against a real agent as well. One agent answers
for the simulation, so a check may be set on whichever node it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request

from app.simulator import consul_query
from app.simulator.consul import Check, Consul, Instance
from app.simulator.consul_metrics import process
from app.simulator.consul_options import Options, Refused

STATUSES: Final = ("passing", "warning", "critical")
VERBS: Final = {"pass": "passing", "warn": "warning", "fail": "critical"}
DENIED: Final = "Permission denied"

Action = Callable[[Consul, Request, Options, bytes], Any]


def allowed(consul: Consul, options: Options, *, meta: bool = False) -> bool:
    """Whether the caller's token may see and do everything.

    Without a token the default policy decides, which is to deny; a token that nobody
    issued is refused.
    """
    if consul.token is None or options.token == consul.token:
        return True
    if options.token:
        raise Refused(403, "ACL not found", meta=meta)
    return False


def demand(consul: Consul, options: Options, denied: str = DENIED) -> None:
    """Refuse a caller who may not."""
    if not allowed(consul, options):
        raise Refused(403, denied)


def _self(consul: Consul, request: Request, options: Options, body: bytes) -> Any:
    demand(consul, options)
    return consul_query.agent_self(
        consul.state.nodes[consul.agent],
        consul.datacenter,
        acls=consul.token is not None,
        server=consul.agent in {server.name for server in consul.servers},
    )


def _services(consul: Consul, request: Request, options: Options, body: bytes) -> Any:
    if not allowed(consul, options):
        return {}
    return consul_query.agent_services(consul.state, consul.agent)


def _checks(consul: Consul, request: Request, options: Options, body: bytes) -> Any:
    if not allowed(consul, options):
        return {}
    return consul_query.agent_checks(consul.state, consul.agent)


def _metrics(consul: Consul, request: Request, options: Options, body: bytes) -> Any:
    demand(consul, options)
    if request.query_params.get("format") == "prometheus":
        text = "Prometheus is not enabled since its retention time is not positive"
        raise Refused(415, text)
    state, contacts = consul.state, consul.contacts_ms()
    leads = consul.leader == consul.servers[0].rpc
    health = consul_query.autopilot(state, consul.servers, consul.leader)
    gauges = {"raft.applied_index": state.raft, "raft.last_index": state.raft}
    if leads:
        gauges["autopilot.healthy"] = int(health["Healthy"])
        gauges["autopilot.failure_tolerance"] = health["FailureTolerance"]
    contact = [("raft.leader.lastContact", one) for one in contacts]
    return consul.metrics.told({**gauges, **process()}, contact)


def _register(consul: Consul, request: Request, options: Options, body: bytes) -> None:
    wanted = _decoded(body)
    name = wanted.get("Name")
    if not name:
        raise Refused(400, "Missing service name")
    demand(consul, options, f"{DENIED}: Missing service:write on {name}")
    instance = Instance(
        node=consul.agent,
        id=wanted.get("ID") or name,
        service=name,
        address=wanted.get("Address", ""),
        port=wanted.get("Port", 0),
        tags=tuple(wanted.get("Tags") or ()),
        meta=tuple(sorted((wanted.get("Meta") or {}).items())),
    )
    single, several = wanted.get("Check"), wanted.get("Checks") or []
    described = ([single] if single else []) + several
    consul.register(
        instance,
        [
            _kept(consul, _new_check(instance, one, number * (len(described) > 1)))
            for number, one in enumerate(described, start=1)
        ],
    )


def _new_check(instance: Instance, wanted: Mapping[str, Any], number: int) -> Check:
    """`number` 0: the instance's only check."""
    kinds = [kind for kind in ("TTL", "HTTP", "TCP") if wanted.get(kind)]
    if not kinds:
        raise Refused(400, "Invalid check: TTL must be > 0 for TTL checks")
    status = wanted.get("Status") or "critical"
    if status not in STATUSES:
        text = "Status for checks must 'passing', 'warning', 'critical'"
        raise Refused(400, text)
    default_id = f"service:{instance.id}" + (f":{number}" if number else "")
    return Check(
        node=instance.node,
        id=wanted.get("CheckID") or default_id,
        name=wanted.get("Name") or f"Service '{instance.service}' check",
        status=status,
        notes=wanted.get("Notes", ""),
        type=kinds[0].lower(),
    )


def _kept(consul: Consul, check: Check) -> Check:
    """A check that the agent has already keeps what it found, as with a real agent."""
    old = consul.state.checks.get((check.node, check.id))
    return replace(check, status=old.status, output=old.output) if old else check


def _deregister(
    consul: Consul, request: Request, options: Options, body: bytes
) -> None:
    wanted = request.path_params["id"]
    found = [one for one in consul.state.instances.values() if one.id == wanted]
    may = allowed(consul, options)
    if consul.token is not None and not found:
        raise Refused(500, f'Unknown service {{"{wanted}" {{}}}}')
    if not may:
        raise Refused(403, f"{DENIED}: Missing service:write on {found[0].service}")
    for instance in found:
        consul.deregister(instance.node, instance.id)


def _report(consul: Consul, request: Request, options: Options, body: bytes) -> None:
    """`pass`, `warn` or `fail`, with what it found in `?note=`."""
    status = VERBS[request.url.path.split("/")[-2]]
    _set(consul, request, options, status, request.query_params.get("note", ""))


def _update(consul: Consul, request: Request, options: Options, body: bytes) -> None:
    wanted = _decoded(body)
    status = wanted.get("Status", "")
    if status not in STATUSES:
        raise Refused(400, f"Invalid check status: '{status}'")
    _set(consul, request, options, status, wanted.get("Output", ""))


def _set(
    consul: Consul, request: Request, options: Options, status: str, output: str
) -> None:
    wanted = request.path_params["id"]
    found = [check for check in consul.state.checks.values() if check.id == wanted]
    may = allowed(consul, options)
    if consul.token is not None and not found:
        raise Refused(500, f'Unknown check "{wanted}"')
    if not may:
        raise Refused(403, f"{DENIED}: Missing service:write on {found[0].service}")
    ttl = [check for check in found if check.type == "ttl"]
    if not ttl:
        raise Refused(500, f'CheckID "{wanted}" does not have associated TTL')
    for check in ttl:
        consul.set_check(check.node, check.id, status, output)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        wanted = json.loads(body)
    except ValueError as error:
        raise Refused(400, f"Request decode failed: {error}") from None
    if not isinstance(wanted, dict):
        raise Refused(400, "Request decode failed: not an object")
    return wanted


ACTIONS: Final[Mapping[str, tuple[str, Action]]] = {
    "/v1/agent/self": ("GET", _self),
    "/v1/agent/services": ("GET", _services),
    "/v1/agent/checks": ("GET", _checks),
    "/v1/agent/metrics": ("GET", _metrics),
    "/v1/agent/service/register": ("PUT", _register),
    "/v1/agent/service/deregister/{id:path}": ("PUT", _deregister),
    "/v1/agent/check/pass/{id:path}": ("PUT", _report),
    "/v1/agent/check/warn/{id:path}": ("PUT", _report),
    "/v1/agent/check/fail/{id:path}": ("PUT", _report),
    "/v1/agent/check/update/{id:path}": ("PUT", _update),
}
"""Path: the method, and what it does; `None` is an empty answer."""
