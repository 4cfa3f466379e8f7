"""The app has a name for every metric that is computed."""

from __future__ import annotations

import json

import pytest
from tests.support.shared_data import REPOSITORY

from topform.core.wellness import WellnessMetric
from topform.science.metric_versions import METRICS


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_metric_has_a_name_in_the_app(language: str) -> None:
    texts = json.loads((REPOSITORY / "app" / "src" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    assert sorted(set(METRICS) - set(texts["metric"])) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_daily_value_has_a_name_in_the_app(language: str) -> None:
    texts = json.loads((REPOSITORY / "app" / "src" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    assert sorted({metric.value for metric in WellnessMetric} ^ set(texts["wellness"]["metric"])) == []
