"""Schemas of the objects that are not Kubernetes's own, as far as the chart writes them.

From the published definitions: prometheus-operator 0.7x (`monitoring.coreos.com/v1`),
OpenShift 4 (`route.openshift.io/v1`), GKE (`cloud.google.com/v1`) and Gateway API 1.2
(`gateway.networking.k8s.io/v1`). Strict: a key that is not named here is refused.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string", "minLength": 1}
TEXTS: Json = {"type": "object", "additionalProperties": {"type": "string"}}
NUMBER: Json = {"type": "integer"}
DURATION: Json = {"type": "string", "pattern": "^([0-9]+(ms|s|m|h))+$"}


def fields(needed: str = "", **known: Json) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed.split(),
        "properties": known,
    }


def many(items: Json) -> Json:
    return {"type": "array", "minItems": 1, "items": items}


def one_of(*words: str) -> Json:
    return {"enum": list(words)}


SERVICE_MONITOR = fields(
    "selector endpoints",
    jobLabel=TEXT,
    namespaceSelector=fields(matchNames=many(TEXT), any={"type": "boolean"}),
    selector=fields(matchLabels=TEXTS, matchExpressions={"type": "array"}),
    endpoints=many(
        fields(
            "port",
            port=TEXT,
            path=TEXT,
            interval=DURATION,
            scrapeTimeout=DURATION,
            authorization=fields(
                type=TEXT, credentials=fields("key", name=TEXT, key=TEXT)
            ),
            metricRelabelings={"type": "array", "items": {"type": "object"}},
        )
    ),
)
PROMETHEUS_RULE = fields(
    "groups",
    groups=many(
        fields(
            "name rules",
            name=TEXT,
            interval=DURATION,
            rules=many(
                fields(
                    "alert expr labels annotations",
                    alert={"type": "string", "pattern": "^[A-Z][A-Za-z]+$"},
                    expr=TEXT,
                    labels=TEXTS,
                    annotations=TEXTS,
                    **{"for": DURATION},
                )
            ),
        )
    ),
)
ROUTE = fields(
    "to",
    host=TEXT,
    path=TEXT,
    to=fields("kind name", kind=one_of("Service"), name=TEXT, weight=NUMBER),
    port=fields("targetPort", targetPort={"type": ["string", "integer"]}),
    tls=fields(
        "termination",
        termination=one_of("edge", "passthrough", "reencrypt"),
        insecureEdgeTerminationPolicy=one_of("Allow", "None", "Redirect"),
    ),
    wildcardPolicy=one_of("None", "Subdomain"),
)
BACKEND_CONFIG = fields(
    timeoutSec=NUMBER,
    connectionDraining=fields(drainingTimeoutSec=NUMBER),
    healthCheck=fields(type=one_of("HTTP"), requestPath=TEXT, port=NUMBER),
)
HTTP_ROUTE = fields(
    "parentRefs rules",
    parentRefs=many(fields("name", name=TEXT, namespace=TEXT, sectionName=TEXT)),
    hostnames=many(TEXT),
    rules=many(
        fields(
            matches=many(
                fields(path=fields("type value", type=one_of("PathPrefix"), value=TEXT))
            ),
            backendRefs=many(fields("name port", name=TEXT, port=NUMBER)),
            timeouts=fields(request=DURATION, backendRequest=DURATION),
        )
    ),
)
SPECS = {
    ("monitoring.coreos.com/v1", "ServiceMonitor"): SERVICE_MONITOR,
    ("monitoring.coreos.com/v1", "PrometheusRule"): PROMETHEUS_RULE,
    ("route.openshift.io/v1", "Route"): ROUTE,
    ("cloud.google.com/v1", "BackendConfig"): BACKEND_CONFIG,
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): HTTP_ROUTE,
}
