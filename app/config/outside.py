"""From a deployment's settings to what leads out of the panel."""

from __future__ import annotations

from app.config.models import DeploymentSettings
from app.domain.links import Outside


def outside(settings: DeploymentSettings) -> Outside:
    kubernetes, consul = settings.kubernetes, settings.consul
    return Outside(
        settings.links,
        kubernetes is not None,
        kubernetes.context if kubernetes else None,
        consul.datacenter if consul else None,
    )
