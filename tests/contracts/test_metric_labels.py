"""The app has a name for every metric that is computed, and words for every oddity of a file or a sensor."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.shared_data import REPOSITORY

import topform.formats
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


def noted_codes(folder: Path) -> Iterator[str]:
    """Yield the codes that readers of files note."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            noted = node.args[0].value
            if name in ("add", "add_damage", "FileWarning") and len(node.args) > 1 and isinstance(noted, str):
                yield noted


def test_every_oddity_of_a_file_has_words_in_the_app() -> None:
    texts = json.loads((REPOSITORY / "app" / "src" / "i18n" / "en.json").read_text(encoding="utf-8"))
    codes = set(noted_codes(Path(topform.formats.__path__[0])))
    assert len(codes) > 20
    assert codes == set(texts["dataNote"])
