"""The vendor's architecture table, as data: 31 connections between 23 boxes.

Source: Genesys Web Services and Applications Private Edition Guide, "Architecture",
connections table of 14 July 2025. Text is the vendor's; a cell that is empty there is
`None` here. `NODE_OF` gives the box that a name in the table stands for.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One row of the vendor's table, its text unchanged."""

    number: int
    source: str
    destination: str
    protocol: str | None
    port: int | None
    classification: str
    data: str | None


INTRA: Final = "Intra-cluster"
EGRESS: Final = "Egress"
PROXY: Final = "Service proxy"
PLATFORM: Final = "Platform services"
WORKSPACE: Final = "GWS Workspace Service"
PROVISIONING: Final = "GWS Provisioning Service"
DISCOVERY: Final = "Service discovery information."
CACHE: Final = "Session data cache."
AUTH: Final = "Authentication Service"
AUTH_DATA: Final = (
    "Authentication and authorization information. The port depends on your ."
)
PORT_80: Final = "The port number is the value set for . The default is 80."

ROWS: Final[tuple[Row, ...]] = (
    Row(1, "Clients/WWE/Agent Setup", PROXY, "HTTPS", 443, "Ingress",
        "REST API requests and responses, and UI static content."),
    Row(2, PROXY, PLATFORM, "HTTP", 80, INTRA,
        "REST API requests and responses. You can configure the port number for each "
        "platform service with the <code>gwsServices.service.port</code> parameters. "
        "See ."),
    Row(3, PROXY, "Consul", "HTTP", 8500, INTRA, DISCOVERY),
    Row(4, PROXY, "Gplus Adapter for Salesforce", None, None, INTRA, None),
    Row(5, PROXY, "Agent Setup", None, 80, INTRA, f"UI static content. {PORT_80}"),
    Row(6, PROXY, WORKSPACE, "HTTP", 80, INTRA,
        f"Workspace REST API requests and responses. {PORT_80}"),
    Row(7, PROXY, PROVISIONING, "HTTP", 80, INTRA,
        f"Provisioning REST API requests and responses. {PORT_80}"),
    Row(8, PLATFORM, "Consul", "HTTP", 8500, INTRA, DISCOVERY),
    Row(9, "GWS Setting Service", "PostgreSQL", "TCP", 5432, INTRA,
        "Tenant information. The port number depends on your PostgreSQL "
        "configuration."),
    Row(10, PLATFORM, "Tenant Service", None, None, EGRESS,
        "Tenant configuration, voice events, multimedia interactions, and statistical "
        "information. The port depends on your ."),
    Row(11, PLATFORM, AUTH, "HTTP", None, EGRESS, AUTH_DATA),
    Row(12, "GWS Data Collector Service", "Redis", "TCP", 6379, INTRA, CACHE),
    Row(13, "GWS Data Collector Service", "Elasticsearch", "TCP", 9200, INTRA,
        "Store monitored statistics for fast access."),
    Row(14, WORKSPACE, AUTH, "HTTP", None, EGRESS, AUTH_DATA),
    Row(15, WORKSPACE, "GWS Data Collector Service", "HTTP", 80, INTRA,
        f"Contacts search requests and contacts state information. {PORT_80}"),
    Row(16, WORKSPACE, "GWS Configuration Service", "HTTP", 80, INTRA,
        f"Contact center configuration information. {PORT_80}"),
    Row(17, WORKSPACE, "Voicemail", "HTTP", None, EGRESS,
        "Voice mailbox message count data. The port depends on your ."),
    Row(18, WORKSPACE, "Redis", "TCP", 6379, INTRA, CACHE),
    Row(19, WORKSPACE, "Consul", "HTTP", 8500, INTRA, DISCOVERY),
    Row(20, PROVISIONING, AUTH, "HTTP", None, EGRESS, AUTH_DATA),
    Row(21, PROVISIONING, "GWS Configuration Service", "HTTP", 80, INTRA,
        "Read and write requests for contact center configuration information. "
        f"{PORT_80}"),
    Row(22, PROVISIONING, "Consul", "HTTP", 8500, INTRA, DISCOVERY),
    Row(23, PROVISIONING, "PostgreSQL", "TCP", 5432, INTRA,
        "Tenant information. The port number depends on your PostgreSQL "
        "configuration."),
    Row(24, "GWS Interaction Service", "Redis", "TCP", 6379, INTRA, CACHE),
    Row(25, "GWS Voice Service", "Redis", "TCP", 6379, INTRA, CACHE),
    Row(26, WORKSPACE, "Intelligent Workload Distribution", "HTTP", None, EGRESS,
        "IWD API requests and responses. The port depends on your ."),
    Row(27, WORKSPACE, "Digital Channels", "HTTP", None, EGRESS,
        "Chat API requests and responses, and CometD polling for chat events. The "
        "port depends on your ."),
    Row(28, WORKSPACE, "Universal Contact Service", "HTTP", None, EGRESS,
        "UCS API requests and responses, and CometD polling for UCS asynchronous "
        "responses. The port depends on your ."),
    Row(29, WORKSPACE, "GWS Voice Service", "HTTP", 80, INTRA,
        "Voice API requests and responses, CometD polling for voice related events. "
        f"{PORT_80}"),
    Row(30, WORKSPACE, "GWS Statistics Service", "HTTP", 80, INTRA,
        f"Statistics API requests and responses. {PORT_80}"),
    Row(31, WORKSPACE, "GWS Setting Service", "HTTP", 80, INTRA,
        f"Favorite and recent data for agents. {PORT_80}"),
)  # fmt: skip

NODE_OF: Final[dict[str, str]] = {
    "Clients/WWE/Agent Setup": "clients",
    PROXY: "service-proxy",
    PLATFORM: "platform-services",
    "Consul": "consul",
    "Gplus Adapter for Salesforce": "gplus-adapter",
    "Agent Setup": "agent-setup",
    WORKSPACE: "workspace",
    PROVISIONING: "provisioning",
    "GWS Setting Service": "setting",
    "GWS Data Collector Service": "data-collector",
    "GWS Configuration Service": "configuration",
    "GWS Interaction Service": "interaction",
    "GWS Voice Service": "voice",
    "GWS Statistics Service": "statistics",
    "PostgreSQL": "postgresql",
    "Redis": "redis",
    "Elasticsearch": "elasticsearch",
    "Tenant Service": "tenant",
    AUTH: "authentication",
    "Voicemail": "voicemail",
    "Intelligent Workload Distribution": "iwd",
    "Digital Channels": "digital-channels",
    "Universal Contact Service": "ucs",
}
