"""What operators of others accept in the resources that our manifests give them, for the fields that we set.

Written after the types that the operators publish: `Cluster` of CloudNativePG 1.27 (`api/v1/cluster_types.go`),
`RayJob` of KubeRay 1.4 (`ray-operator/apis/ray/v1`), `ServiceMonitor` and `PrometheusRule` of the Prometheus operator
0.85 (`pkg/apis/monitoring/v1`). A field that is not here is refused, so that a new one is looked up before it is used.
Pod templates inside are those of Kubernetes and are held against its own schema.
"""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
FLAG: Final[Schema] = {"type": "boolean"}
TEXTS: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
QUANTITY: Final[Schema] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$"}
QUANTITIES: Final[Schema] = {"type": "object", "additionalProperties": QUANTITY}
DURATION: Final[Schema] = {
    "type": "string",
    "pattern": "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
}
POD_TEMPLATE: Final[Schema] = {"type": "object", "required": ["metadata", "spec"]}


def fields(*required: str, **known: Schema) -> Schema:
    """Return an object with these fields and no others."""
    return {"type": "object", "required": list(required), "properties": known, "additionalProperties": False}


def listed(item: Schema) -> Schema:
    """Return a list that is not empty."""
    return {"type": "array", "items": item, "minItems": 1}


POSTGRES_CLUSTER: Final = fields(
    "instances",
    "storage",
    imageName=TEXT,
    instances={"type": "integer", "minimum": 1},
    bootstrap=fields(initdb=fields(database=TEXT, owner=TEXT)),
    postgresql=fields(
        parameters=TEXTS,
        synchronous=fields(
            "method", "number", method={"enum": ["any", "first"]}, number={"type": "integer", "minimum": 1}
        ),
    ),
    resources=fields(requests=QUANTITIES, limits=QUANTITIES),
    storage=fields(size=QUANTITY, storageClass=TEXT),
)

RAY_CLUSTER: Final = fields(
    "headGroupSpec",
    rayVersion=TEXT,
    headGroupSpec=fields("rayStartParams", "template", rayStartParams=TEXTS, template=POD_TEMPLATE),
    workerGroupSpecs=listed(
        fields(
            "groupName", "minReplicas", "maxReplicas", "rayStartParams", "template",
            groupName=TEXT, replicas=NUMBER, minReplicas=NUMBER, maxReplicas=NUMBER, rayStartParams=TEXTS,
            template=POD_TEMPLATE,
        )
    ),
)  # fmt: skip

RAY_JOB: Final = fields(
    entrypoint=TEXT,
    submissionMode={"enum": ["K8sJobMode", "HTTPMode", "InteractiveMode"]},
    suspend=FLAG,
    shutdownAfterJobFinishes=FLAG,
    ttlSecondsAfterFinished=NUMBER,
    rayClusterSpec=RAY_CLUSTER,
)

SERVICE_MONITOR: Final = fields(
    "endpoints",
    "selector",
    jobLabel=TEXT,
    selector=fields(matchLabels=TEXTS),
    endpoints=listed(
        fields(
            port=TEXT, path=TEXT, interval=DURATION, scrapeTimeout=DURATION, honorLabels=FLAG,
            authorization=fields(type=TEXT, credentials=fields("key", name=TEXT, key=TEXT)),
        )
    ),
)  # fmt: skip

PROMETHEUS_RULE: Final = fields(
    groups=listed(
        fields(
            "name",
            name=TEXT,
            interval=DURATION,
            rules=listed(
                {**fields("expr", alert=TEXT, expr=TEXT, labels=TEXTS, annotations=TEXTS, **{"for": DURATION})}
            ),
        )
    ),
)

SPECIFICATIONS: Final[dict[tuple[str, str], Schema]] = {
    ("postgresql.cnpg.io/v1", "Cluster"): POSTGRES_CLUSTER,
    ("ray.io/v1", "RayJob"): RAY_JOB,
    ("monitoring.coreos.com/v1", "ServiceMonitor"): SERVICE_MONITOR,
    ("monitoring.coreos.com/v1", "PrometheusRule"): PROMETHEUS_RULE,
}
