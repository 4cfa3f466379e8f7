"""What each kind of process loads: the API starts fast because it never loads the vision stack."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.support.shared_data import REPOSITORY

HEAVY = ("torch", "cv2", "av", "ai_edge_litert", "ortools", "scipy", "topform.vision", "topform.ml")


def modules_after(statement: str) -> set[str]:
    program = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=REPOSITORY
    ).stdout
    return set(json.loads(loaded))


@pytest.mark.parametrize(
    "statement",
    [
        "import topform.entrypoints.api_process; from topform.entrypoints.api import create_app; create_app()",
        "import topform.entrypoints.cli.serve",
    ],
    ids=["the API", "the supervisor"],
)
def test_light_processes_load_nothing_heavy(statement: str) -> None:
    loaded = modules_after(statement)
    assert "topform.platform.database" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_only_the_video_worker_loads_the_vision_stack() -> None:
    loaded = modules_after(
        "from topform.entrypoints import worker\n"
        "from topform.platform.settings import Settings\n"
        "worker.provide_implementations(None, Settings(), ['default'])"
    )
    assert [name for name in ("cv2", "av", "ai_edge_litert", "topform.vision.analysis") if name in loaded] == []
