"""What alerts and the dashboard ask for is what a running server answers at /metrics."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.support.api import Api

MONITORING = Path(__file__).parents[3] / "deploy" / "kubernetes" / "components" / "monitoring"
PARTS = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


async def test_alerts_and_dashboard_ask_for_metrics_and_labels_that_are_served(api: Api) -> None:
    async with api.client() as http:
        await http.get("/healthz")
        told = (await http.get("/metrics")).text
    families = list(text_string_to_metric_families(told))
    # A family without samples yet, as alarms of models that never drifted, is told of by its type alone.
    served = {name + part for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", told, re.M) for part in PARTS[kind]}
    served |= {sample.name for family in families for sample in family.samples}
    labels = {(sample.name, label) for family in families for sample in family.samples for label in sample.labels}

    alerts = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    dashboard = json.loads((MONITORING / "topform.json").read_text(encoding="utf-8"))
    asked = [rule["expr"] for group in alerts["spec"]["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    names = {name for expression in asked for name in re.findall(r"\btopform_[a-z_]+\b", expression)}
    assert len(names) > 5 and names <= served
    filters = [one for expression in asked for one in re.findall(r"\b(topform_[a-z_]+){(.+?)}", expression)]
    wanted = {(name, label) for name, inner in filters for label in re.findall(r"(\w+)(?:=|!=|=~|!~)\"", inner)}
    assert wanted and wanted <= labels


def test_panels_do_not_lie_on_each_other() -> None:
    dashboard = json.loads((MONITORING / "topform.json").read_text(encoding="utf-8"))
    cells = [
        (x, y)
        for panel in dashboard["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
