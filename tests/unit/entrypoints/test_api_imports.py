"""What the API process loads."""

from __future__ import annotations

import subprocess
import sys

NEVER = ("topform.vision", "topform.ml", "topform.coaching.planner", "cv2", "av", "ai_edge_litert", "torch", "ortools")


def test_the_api_loads_nothing_of_the_vision_stack() -> None:
    program = (
        "import sys\n"
        "from topform.entrypoints.api import create_app\n"
        "from topform.platform.settings import Settings\n"
        "import topform.entrypoints.api_process\n"
        "create_app(Settings()).openapi()\n"
        f"print([name for name in {NEVER!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"
