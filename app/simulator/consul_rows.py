"""The rows of the simulated Consul's answers: one object each, as Consul 1.8 has it.

Pure. Field names, their order and which fields are left out are Consul's own.
"""

from __future__ import annotations

from typing import Any, Final

from app.simulator.consul_state import (
    Check,
    Instance,
    Node,
    Server,
    State,
    node_id,
)

VERSION: Final = "1.8.7"
NODE_META: Final = {"consul-network-segment": ""}
WEIGHTS: Final = {"Passing": 1, "Warning": 1}
PROXY: Final[dict[str, Any]] = {"MeshGateway": {}, "Expose": {}}


def check(check: Check) -> dict[str, Any]:
    return {
        "Node": check.node,
        "CheckID": check.id,
        "Name": check.name,
        "Status": check.status,
        "Notes": check.notes,
        "Output": check.output,
        "ServiceID": check.service_id,
        "ServiceName": check.service,
        "ServiceTags": list(check.tags),
        "Type": check.type,
        "Definition": {},
        "CreateIndex": check.created,
        "ModifyIndex": check.modified,
    }


def _addresses(address: str) -> dict[str, str]:
    return {
        "lan": address,
        "lan_ipv4": address,
        "wan": address,
        "wan_ipv4": address,
    }


def node(node: Node, datacenter: str) -> dict[str, Any]:
    return {
        "ID": node.id,
        "Node": node.name,
        "Address": node.address,
        "Datacenter": datacenter,
        "TaggedAddresses": _addresses(node.address),
        "Meta": NODE_META,
        "CreateIndex": node.created,
        "ModifyIndex": node.modified,
    }


def tagged(instance: Instance, name: str) -> dict[str, Any]:
    """An instance without an address, or with a host's name, has no such field."""
    if not instance.address.replace(".", "").isdigit():
        return {}
    place = {"Address": instance.address, "Port": instance.port}
    return {name: {"lan_ipv4": place, "wan_ipv4": place}}


def _meta(instance: Instance) -> dict[str, str] | None:
    return dict(instance.meta) or None


def service(instance: Instance) -> dict[str, Any]:
    return {
        "ID": instance.id,
        "Service": instance.service,
        "Tags": list(instance.tags),
        "Address": instance.address,
        **tagged(instance, "TaggedAddresses"),
        "Meta": _meta(instance),
        "Port": instance.port,
        "Weights": WEIGHTS,
        "EnableTagOverride": False,
        "Proxy": PROXY,
        "Connect": {},
        "CreateIndex": instance.created,
        "ModifyIndex": instance.modified,
    }


def catalog_row(node: Node, datacenter: str, instance: Instance) -> dict[str, Any]:
    return {
        "ID": node.id,
        "Node": node.name,
        "Address": node.address,
        "Datacenter": datacenter,
        "TaggedAddresses": _addresses(node.address),
        "NodeMeta": NODE_META,
        "ServiceKind": "",
        "ServiceID": instance.id,
        "ServiceName": instance.service,
        "ServiceTags": list(instance.tags),
        "ServiceAddress": instance.address,
        **tagged(instance, "ServiceTaggedAddresses"),
        "ServiceWeights": WEIGHTS,
        "ServiceMeta": _meta(instance) or {},
        "ServicePort": instance.port,
        "ServiceEnableTagOverride": False,
        "ServiceProxy": PROXY,
        "ServiceConnect": {},
        "CreateIndex": instance.created,
        "ModifyIndex": instance.modified,
    }


def server(state: State, server: Server, leader: str | None) -> dict[str, Any]:
    since = server.stable_since
    return {
        "ID": node_id(server.name),
        "Name": server.name,
        "Address": server.rpc,
        "SerfStatus": "alive" if server.healthy else "failed",
        "Version": VERSION,
        "Leader": server.rpc == leader,
        "LastContact": "0s" if server.rpc == leader else "42.107ms",
        "LastTerm": 2,
        "LastIndex": state.raft,
        "Healthy": server.healthy,
        "Voter": True,
        "StableSince": since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else None,
    }
