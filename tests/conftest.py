"""Fixtures every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shared_data import require_shared_data

pytest_plugins = ["tests.support.postgres"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation data; skips where it is absent."""
    return require_shared_data()
