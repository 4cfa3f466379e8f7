"""Fixtures of the started program."""

import pytest
from tests.support.running_server import server

__all__ = ["server"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the started application."""
    for item in items:
        if "tests/e2e/api" in str(item.path):
            item.add_marker(pytest.mark.e2e)
