"""Whether the pose model's weights are installed on this machine."""

from __future__ import annotations

import pytest

from topform.core.errors import ModelUnavailableError
from topform.vision.weights import find_weights, read_manifest


def require_pose_weights() -> None:
    """Skip the test, saying why, where the weights are absent."""
    manifest = read_manifest("blazepose")
    try:
        for name in ("detector", manifest.default_variant):
            find_weights(manifest, name)
    except ModelUnavailableError as error:
        pytest.skip(f"{error.message}. {error.remedy}")
