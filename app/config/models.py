"""The settings, frozen: one class a section of `docs/configuration.md`.

Every section of a deployment but its `id` may be left out: what is not configured is a
witness less, and `doctor` says so. An unknown key is an error.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field, field_validator, model_validator

from app.config.auth import Auth, is_loopback
from app.config.backends import Backends
from app.config.fields import (
    DeploymentId,
    HttpUrl,
    Interval,
    Labels,
    ListenPort,
    Namespace,
    Network,
    Overrides,
    Place,
    PortNumber,
    ProbeUrl,
    ReadableFile,
    Text,
)
from app.config.links import Links
from app.config.maintenance import Maintenance
from app.config.problems import unknown
from app.config.section import Section, pair_or_none, sign_in_once
from app.config.server_limits import ServerLimits
from app.config.storage import Storage
from app.config.traffic import Traffic
from app.domain.telemetry import TITLES

NOBODY_SIGNS_IN: Final = (
    "listens on {host}, beyond this machine, and nobody signs in: set auth.mode to "
    "oidc, proxy or basic; or, on purpose, to open, and whoever reaches it sees "
    "everything and changes nothing"
)
NO_PROXY: Final = (
    "auth.mode: proxy needs trusted_proxies, which may say who somebody is"
)
NO_URL: Final = (
    "auth.mode: oidc needs public_url, to which the provider sends people back"
)


class Server(Section):
    host: Text = "127.0.0.1"
    port: ListenPort = 8050
    public_url: HttpUrl | None = None
    access_log: bool = False
    slow_request: Interval = 1.0
    trusted_proxies: tuple[Network, ...] = ()
    limits: ServerLimits = ServerLimits()
    auth: Auth | None = None

    @model_validator(mode="after")
    def _somebody_signs_in(self) -> Server:
        """Raises for what would show itself to everybody without being asked to."""
        if self.auth is None and not is_loopback(self.host):
            raise ValueError(NOBODY_SIGNS_IN.format(host=self.host))
        return self

    @model_validator(mode="after")
    def _the_mode_has_what_it_needs(self) -> Server:
        mode = self.auth.mode if self.auth else "open"
        if mode == "proxy" and not self.trusted_proxies:
            raise ValueError(NO_PROXY)
        if mode == "oidc" and self.public_url is None:
            raise ValueError(NO_URL)
        return self


class Namespaces(Section):
    gws: Namespace = "gws"
    gauth: Namespace = "gauth"
    voice: Namespace = "voice"
    ucsx: Namespace = "ucsx"
    nexus: Namespace = "nexus"
    iwd: Namespace = "iwd"
    infra: Namespace = "infra"


class Kubernetes(Section):
    kubeconfig: ReadableFile | None = None
    context: Text | None = None
    in_cluster: bool = False
    namespaces: Namespaces = Namespaces()
    zones: dict[Text, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way_in(self) -> Kubernetes:
        if self.in_cluster and self.kubeconfig:
            raise ValueError("give kubeconfig or in_cluster: true, not both")
        if self.in_cluster and self.context:
            raise ValueError("context belongs to a kubeconfig, not to in_cluster")
        return self


class Consul(Section):
    url: HttpUrl
    token_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    cert_file: ReadableFile | None = None
    key_file: ReadableFile | None = None
    datacenter: Text | None = None
    stale: bool = False
    kv_prefix: Text | None = "settings/"

    @field_validator("kv_prefix")
    @classmethod
    def _as_a_folder(cls, value: str | None) -> str | None:
        """Consul's keys begin without a slash; a prefix that ends without one would
        count its namesakes too."""
        if value is None:
            return None
        if not value.strip("/"):
            raise ValueError("must name a folder of keys, such as settings/")
        return f"{value.strip('/')}/"

    @model_validator(mode="after")
    def _whole_pair(self) -> Consul:
        pair_or_none(self.cert_file, self.key_file)
        return self


class Rule(Section):
    """A metrics page that no annotation tells of, as a PodMonitor would."""

    node: Text
    port: PortNumber | Text
    path: Text = "/metrics"
    workload: Text | None = None
    tls: bool = False


class Scrape(Section):
    enabled: bool = True
    interval: Interval = 15.0
    window: Interval = 60.0
    ca_file: ReadableFile | None = None
    server_name: Text | None = None
    insecure_skip_verify: bool = False
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _trusts_one_way(self) -> Scrape:
        if self.insecure_skip_verify and (self.ca_file or self.server_name):
            raise ValueError(
                "insecure_skip_verify: true would not look at ca_file and server_name: "
                "leave one of them out"
            )
        return self


class Target(Section):
    """One more thing to reach; the address's scheme says how."""

    node: Text
    url: ProbeUrl


class Name(Section):
    """A name to ask for; without a server, of the system's resolver."""

    name: Text
    node: Text
    server: Text | None = None


class Probes(Section):
    enabled: bool = True
    interval: Interval = 10.0
    ca_file: ReadableFile | None = None
    targets: tuple[Target, ...] = ()
    dns: tuple[Name, ...] = ()


class Prometheus(Section):
    url: HttpUrl
    user: Text | None = None
    password_file: ReadableFile | None = None
    token_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    sources: tuple[Text, ...] = ()
    labels: Labels = Field(default_factory=dict)
    interval: Interval = 15.0
    window: Interval = 60.0

    @field_validator("sources")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in TITLES:
                raise ValueError(unknown(name, TITLES, "no telemetry is called"))
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Prometheus:
        sign_in_once(self.user, self.password_file, self.token_file, "token_file")
        return self


class Alertmanager(Section):
    url: HttpUrl
    labels: Labels = Field(default_factory=dict)
    token_file: ReadableFile | None = None
    ca_file: ReadableFile | None = None
    interval: Interval = 15.0


class DeploymentSettings(Section):
    id: DeploymentId
    name: Text | None = None
    region: Place | None = None
    group: Place | None = None
    kubernetes: Kubernetes | None = None
    consul: Consul | None = None
    scrape: Scrape = Scrape()
    prometheus: Prometheus | None = None
    alertmanager: Alertmanager | None = None
    probes: Probes = Probes()
    backends: Backends = Backends()
    topology: Overrides = Field(default_factory=dict)
    limits: Overrides = Field(default_factory=dict)
    traffic: Traffic = Traffic()
    maintenance: tuple[Maintenance, ...] = ()
    links: Links = Field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.name or self.id


class Settings(Section):
    server: Server = Server()
    storage: Storage = Storage()
    deployments: tuple[DeploymentSettings, ...]

    @field_validator("deployments", mode="before")
    @classmethod
    def _at_least_one(cls, value: Any) -> Any:
        if not value:
            raise ValueError("must list at least one deployment")
        return value
