"""Where the evaluation data lies, when it lies anywhere: kept beside the checkout, never inside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def shared_data_dir() -> Path | None:
    """Return the folder of evaluation data, or None where there is none."""
    configured = os.environ.get("TOPFORM_SHARED_DATA")
    folder = Path(configured) if configured else REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def require_shared_data() -> Path:
    """Return the folder of evaluation data or skip the test with the reason."""
    folder = shared_data_dir()
    if folder is None:
        pytest.skip("evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA)")
    return folder
