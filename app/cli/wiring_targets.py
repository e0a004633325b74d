"""From settings to what is scraped and probed: values only."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.config.models import Name, Rule, Target
from app.domain.subject import NodeId
from app.domain.targets import ProbeTarget, ScrapeRule


def scrape_rule(rule: Rule) -> ScrapeRule:
    """Pages that a configured rule tells of."""
    return ScrapeRule(NodeId(rule.node), rule.port, rule.path, rule.workload, rule.tls)


def probe_target(target: Target) -> ProbeTarget:
    """What a configured address means: its scheme says how it is reached."""
    parts = urlsplit(target.url)
    tls = parts.scheme in ("tls", "https")
    web = parts.scheme in ("http", "https")
    port = parts.port or (443 if tls else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return ProbeTarget(
        NodeId(target.node),
        kind="http" if web else parts.scheme,
        name=target.url,
        host=parts.hostname or "",
        port=port,
        path=path if web else None,
        tls=tls,
        verify=tls,
    )


def name_target(asked: Name) -> ProbeTarget:
    """A name that must be known; the server that is asked is part of what it is."""
    where = f"{asked.name} at {asked.server}" if asked.server else asked.name
    return ProbeTarget(
        NodeId(asked.node), "dns", where, asked.name, 53, server=asked.server
    )
