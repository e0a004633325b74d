"""From settings to collectors: who is asked, how, and to whom it is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.cli.wiring_targets import name_target, probe_target, scrape_rule
from app.config.backends import (
    ElasticsearchBackend,
    PostgresqlBackend,
    RedisBackend,
)
from app.config.models import (
    Alertmanager,
    Consul,
    DeploymentSettings,
    Kubernetes,
    Prometheus,
)
from app.config.section import Section
from app.domain.alerted import Directory
from app.domain.evaluate import Deployment
from app.domain.knowledge import Knowledge
from app.domain.locate import Locator, locator
from app.domain.named import Names, addresses
from app.domain.targets import (
    VENDOR_RULES,
    owners,
    probe_targets,
    scrape_targets,
)
from collectors.alertmanager import AlertmanagerCollector
from collectors.base import Clock, Collector, Report
from collectors.consul import ConsulAddress, ConsulCollector
from collectors.elasticsearch_store import (
    ElasticsearchAddress,
    ElasticsearchCollector,
)
from collectors.http_line import HttpAddress
from collectors.kubernetes import KubernetesCollector
from collectors.kubernetes_access import Connect, by_kubeconfig, in_cluster
from collectors.probes import ProbeCollector
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from collectors.prometheus_hour import Remember, forget
from collectors.scrape import PageTls, ScrapeCollector
from collectors.telemetry_boxes import DIRECT
from collectors.together import Together

Known = Callable[[], Knowledge]
S = TypeVar("S", bound=Section)


def collectors(
    settings: DeploymentSettings,
    deployment: Deployment,
    known: Known,
    report: Report,
    clock: Clock,
    remember: Remember = forget,
) -> tuple[Collector, ...]:
    """One collector for each of `deployment.sources`, in that order. `known`: what is
    known at the moment; it tells whom to scrape and to probe. `remember`: hears what a
    source knows of the last hour."""
    place = locator(deployment.topology)
    made: dict[str, Callable[[], Collector]] = {
        "kubernetes": lambda: _kubernetes(settings, deployment, place, report, clock),
        "consul": lambda: _consul(_given(settings.consul), place, report, clock),
        "scrape": lambda: _scrape(settings, deployment, known, report, clock),
        "probe": lambda: _probe(settings, deployment, known, report, clock),
        "redis": lambda: _redis(_given(settings.backends.redis), known, report, clock),
        "postgresql": lambda: _postgresql(
            _given(settings.backends.postgresql), known, report, clock
        ),
        "elasticsearch": lambda: _elasticsearch(
            _given(settings.backends.elasticsearch), known, report, clock
        ),
        "alertmanager": lambda: _alertmanager(
            _given(settings.alertmanager), deployment, place, report, clock
        ),
        "prometheus": lambda: _prometheus(
            _given(settings.prometheus),
            deployment,
            place,
            known,
            report,
            clock,
            remember,
        ),
    }
    return tuple(made[name]() for name in deployment.sources)


def _kubernetes(
    settings: DeploymentSettings,
    deployment: Deployment,
    place: Locator,
    report: Report,
    clock: Clock,
) -> Collector:
    return KubernetesCollector(
        _access(settings.kubernetes or Kubernetes()),
        place,
        deployment.topology.watched_namespaces(),
        report,
        clock,
    )


def _access(settings: Kubernetes) -> Connect:
    if settings.in_cluster:
        return in_cluster()
    return by_kubeconfig(settings.kubeconfig, settings.context)


def _consul(
    settings: Consul, place: Locator, report: Report, clock: Clock
) -> Collector:
    address, prefix = _consul_address(settings), settings.kv_prefix
    return ConsulCollector(address, place, report, clock, kv_prefix=prefix)


def _consul_address(settings: Consul) -> ConsulAddress:
    return ConsulAddress(
        settings.url,
        token_file=_text(settings.token_file),
        ca_file=_text(settings.ca_file),
        client_cert=_pair(settings.cert_file, settings.key_file),
        datacenter=settings.datacenter,
        stale=settings.stale,
    )


def _redis(
    settings: RedisBackend, known: Known, report: Report, clock: Clock
) -> Collector:
    # Its library takes a tenth of a second to load, which others need not wait for.
    from collectors.redis_store import RedisAddress, RedisCollector

    address = RedisAddress(
        settings.url,
        settings.user,
        _text(settings.password_file),
        _text(settings.ca_file),
        _pair(settings.cert_file, settings.key_file),
    )
    return RedisCollector(
        address,
        lambda: owners(known()),
        report,
        clock,
        interval_s=settings.interval,
    )


def _postgresql(
    settings: PostgresqlBackend, known: Known, report: Report, clock: Clock
) -> Collector:
    from collectors.postgresql_store import PostgresqlCollector  # likewise

    def of(database: str, file: Path | None) -> Collector:
        return PostgresqlCollector(
            str(file),
            lambda: owners(known()),
            report,
            clock,
            interval_s=settings.interval,
            of=database,
            ca_file=_text(settings.ca_file),
            client_cert=_pair(settings.cert_file, settings.key_file),
        )

    if settings.prov_dsn_file is None:
        return of("", settings.dsn_file)
    return Together(of("gws", settings.dsn_file), of("prov", settings.prov_dsn_file))


def _elasticsearch(
    settings: ElasticsearchBackend, known: Known, report: Report, clock: Clock
) -> Collector:
    address = ElasticsearchAddress(
        settings.url,
        _text(settings.password_file or settings.api_key_file),
        _text(settings.ca_file),
        user=settings.user,
    )
    return ElasticsearchCollector(
        address,
        lambda: owners(known()),
        report,
        clock,
        interval_s=settings.interval,
    )


def _alertmanager(
    settings: Alertmanager,
    deployment: Deployment,
    place: Locator,
    report: Report,
    clock: Clock,
) -> Collector:
    directory = Directory(deployment.id, deployment.topology, place, settings.labels)
    address = HttpAddress(
        settings.url, _text(settings.token_file), _text(settings.ca_file)
    )
    return AlertmanagerCollector(
        address, directory, report, clock, interval_s=settings.interval
    )


def _prometheus(
    settings: Prometheus,
    deployment: Deployment,
    place: Locator,
    known: Known,
    report: Report,
    clock: Clock,
    remember: Remember,
) -> Collector:
    address = PrometheusAddress(
        settings.url,
        _text(settings.password_file or settings.token_file),
        _text(settings.ca_file),
        user=settings.user,
    )
    direct = {DIRECT[name] for name in deployment.sources if name in DIRECT}
    wanted = Wanted(
        settings.sources, frozenset(direct), settings.labels, settings.window
    )
    return PrometheusCollector(
        address,
        wanted,
        lambda: Names(deployment.topology, place, addresses(known())),
        report,
        clock,
        interval_s=settings.interval,
        remember=remember,
    )


def _scrape(
    settings: DeploymentSettings,
    deployment: Deployment,
    known: Known,
    report: Report,
    clock: Clock,
) -> Collector:
    rules = (*map(scrape_rule, settings.scrape.rules), *VENDOR_RULES)
    return ScrapeCollector(
        lambda: scrape_targets(deployment.topology, known(), rules),
        report,
        clock,
        interval_s=settings.scrape.interval,
        window_s=settings.scrape.window,
        tls=PageTls(
            _text(settings.scrape.ca_file),
            settings.scrape.server_name,
            verify=not settings.scrape.insecure_skip_verify,
        ),
    )


def _probe(
    settings: DeploymentSettings,
    deployment: Deployment,
    known: Known,
    report: Report,
    clock: Clock,
) -> Collector:
    reached = map(probe_target, settings.probes.targets)
    configured = (*reached, *map(name_target, settings.probes.dns))
    return ProbeCollector(
        lambda: probe_targets(deployment.topology, known(), configured),
        report,
        clock,
        interval_s=settings.probes.interval,
        ca_file=_text(settings.probes.ca_file),
    )


def _given(section: S | None) -> S:
    """A section that is there, since its source is one of `deployment.sources`."""
    if section is None:
        raise ValueError("a source is asked only where it is configured")
    return section


def _pair(certificate: Path | None, key: Path | None) -> tuple[str, str] | None:
    return (str(certificate), str(key)) if certificate and key else None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
