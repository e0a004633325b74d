"""Sites that the chart is rendered for: the least, everything, each cloud."""

from __future__ import annotations

from typing import Any

from tests.chart.helm import FOLDER, merged, values_of

Json = dict[str, Any]

SECRET = f"{FOLDER}/secrets"
CA = f"{FOLDER}/files/ca/ca.crt"
DEPLOYMENT: Json = {
    "id": "prod-east",
    "name": "Production East",
    "region": "us-east",
    "kubernetes": {"in_cluster": True, "namespaces": {"iwd": "gws", "infra": "stores"}},
    "consul": {
        "url": "https://consul-server.infra.svc:8501",
        "token_file": f"{SECRET}/consul/token",
        "ca_file": CA,
    },
    "prometheus": {"url": "http://prometheus.monitoring:9090"},
    "alertmanager": {"url": "http://10.20.30.40:9093"},
    "probes": {
        "targets": [
            {"node": "service-proxy", "url": "https://gws.agents.example.com/"}
        ],
        "dns": [
            {"name": "gws.service.consul", "node": "consul", "server": "10.0.0.10:8600"}
        ],
    },
    "backends": {
        "redis": {
            "url": "rediss://redis.stores.svc.cluster.local",
            "user": "observatory",
            "password_file": f"{SECRET}/redis/password",
            "ca_file": CA,
        },
        "postgresql": {"dsn_file": f"{SECRET}/postgresql/dsn"},
        "elasticsearch": {"url": "http://elastic:9200"},
    },
    "topology": {"nodes": {"voicemail": {"namespace": "voicemail"}}},
    "limits": {"error_ratio": {"degraded": 0.02}},
    "links": {"Runbook": "https://wiki.site.example.com/gws/{connection}"},
}
SIGNED: Json = {
    "mode": "proxy",
    "everybody": {"role": "viewer"},
    "metrics_token_file": f"{SECRET}/sign-in/metrics",
}
EAST: Json = {
    "config": {
        "server": {
            "public_url": "https://observatory.example.com",
            "trusted_proxies": ["10.0.0.0/8"],
            "auth": SIGNED,
        },
        "deployments": [DEPLOYMENT],
    },
    "secrets": {
        "consul": {"secretName": "gws-consul-token"},
        "sign-in": {"secretName": "observatory-sign-in"},
        "redis": {"secretName": "observatory-redis"},
        "postgresql": {"secretName": "observatory-postgresql"},
    },
    "files": {"ca": {"configMapName": "site-ca"}},
}
"""A deployment of which everything is asked."""
SCRAPED: Json = {
    "serviceMonitor": {
        "authorization": {"credentials": {"name": "scrape", "key": "token"}}
    }
}
HOST: Json = {"ingress": {"hosts": ["observatory.example.com"]}}
EVERYTHING: Json = merged(
    EAST,
    {
        "commonLabels": {"team": "voice"},
        "image": {
            "repository": "registry.example.com/gws-observatory",
            "digest": "sha256:" + "a" * 64,
        },
        "imagePullSecrets": [{"name": "registry"}],
        "extraEnv": [{"name": "HTTPS_PROXY", "value": "http://proxy:3128"}],
        "extraEnvFrom": [{"secretRef": {"name": "more"}}],
        "extraVolumes": [{"name": "more", "emptyDir": {}}],
        "extraVolumeMounts": [{"name": "more", "mountPath": "/more"}],
        "extraContainers": [{"name": "proxy", "image": "oauth2-proxy:7"}],
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "hosts": ["observatory.example.com"],
            "tls": [{"secretName": "tls", "hosts": ["observatory.example.com"]}],
        },
        "httpRoute": {
            "enabled": True,
            "parentRefs": [{"name": "gateway", "namespace": "gateways"}],
            "hostnames": ["observatory.example.com"],
        },
        "route": {"enabled": True, "host": "observatory.apps.example.com"},
        "backendConfig": {"enabled": True},
        "networkPolicy": {
            "apiServer": {"cidrs": ["10.0.0.1/32"]},
            "egress": [
                {
                    "to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}],
                    "ports": [{"protocol": "TCP", "port": 8500}],
                }
            ],
        },
        "serviceMonitor": {
            "enabled": True,
            "namespace": "monitoring",
            "labels": {"release": "monitoring"},
            "authorization": {"credentials": {"name": "scrape", "key": "token"}},
            "metricRelabelings": [{"action": "labeldrop", "regex": "pod"}],
        },
        "prometheusRule": {"enabled": True, "labels": {"release": "monitoring"}},
        "dashboard": {"enabled": True, "annotations": {"grafana_folder": "GWS"}},
        "podAnnotations": {"sidecar.istio.io/inject": "false"},
        "podLabels": {"zone": "watch"},
        "priorityClassName": "monitoring",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "monitoring", "operator": "Exists"}],
        "affinity": {
            "podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}
        },
    },
)
"""A single process with every feature on."""
REPLICATED: Json = merged(values_of("replicated"), EAST)
ALL_REPLICATED: Json = merged(
    EVERYTHING,
    REPLICATED,
    {"web": {"autoscaling": {"enabled": True}}, "rbac": {"scope": "cluster"}},
)
SITES: dict[str, Json] = {
    "minimal": {},
    "single": merged(values_of("single"), EAST),
    "everything": EVERYTHING,
    "replicated": REPLICATED,
    "all-replicated": ALL_REPLICATED,
    "openshift": merged(values_of("openshift"), EAST, SCRAPED),
    "openshift-replicated": merged(values_of("openshift"), REPLICATED, SCRAPED),
    "gke": merged(values_of("gke"), HOST, EAST),
    "aks": merged(values_of("aks"), HOST, EAST),
}
