"""Puts the built app and the weights of the pose model into packages, if they were built and installed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

POSE_FILES = ("pose_landmark_full.tflite", "pose_landmark_lite.tflite", "pose_solution_packed_assets.data")


class BuiltApp(BuildHookInterface[Any]):
    """Adds what a checkout makes and git does not keep."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; a source archive has them at the same place, so that a wheel can be built from it."""
        if version != "standard":
            return
        root, is_wheel = Path(self.root), self.target_name == "wheel"
        found: dict[str, str] = {}
        if (root / "app/dist/index.html").is_file():
            found[str(root / "app/dist")] = "topform/_web" if is_wheel else "app/dist"
        pose = Path("app/node_modules/@mediapipe/pose")
        for name in POSE_FILES:
            if (root / pose / name).is_file():
                found[str(root / pose / name)] = f"topform/_pose/{name}" if is_wheel else str(pose / name)
        build_data["force_include"].update(found)
