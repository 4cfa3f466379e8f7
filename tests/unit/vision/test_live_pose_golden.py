"""The numbers that the app's live pose is tested with are those of the recorded analysis as it is now."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support.live_pose_golden import FILE, document


def _same(found: Any, stored: Any, place: str) -> None:
    if isinstance(stored, dict):
        assert found.keys() == stored.keys(), place
        for name, value in stored.items():
            _same(found[name], value, f"{place}.{name}")
    elif isinstance(stored, list):
        assert len(found) == len(stored), place
        for index, value in enumerate(stored):
            _same(found[index], value, f"{place}[{index}]")
    else:
        assert found == pytest.approx(stored, abs=2e-6), place


def test_the_app_is_tested_with_what_the_recorded_analysis_computes() -> None:
    _same(document(), json.loads(FILE.read_text(encoding="utf-8")), "golden")
