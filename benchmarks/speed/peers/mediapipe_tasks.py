"""Runs MediaPipe's own pose landmarker on one clip; started by `pose_vs_mediapipe.py` in MediaPipe's environment.

Needs mediapipe 0.10.21 and nothing of TopForm. Prints one JSON document; writes the landmarks beside it.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import vision
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.metadata.metadata_writers import metadata_writer, model_asset_bundle_utils


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bundle(folder: Path) -> Path:
    """Make the `.task` file from the models in MediaPipe's own wheel."""
    modules = Path(mp.__file__).parent / "modules"
    parts = {
        "pose_detector.tflite": (modules / "pose_detection" / "pose_detection.tflite", 127.5, 127.5),
        "pose_landmarks_detector.tflite": (modules / "pose_landmark" / "pose_landmark_full.tflite", 0.0, 255.0),
    }
    written = {}
    for name, (path, mean, deviation) in parts.items():
        writer = metadata_writer.MetadataWriter.create(bytearray(path.read_bytes()))
        writer.add_image_input([mean], [deviation])
        written[name] = writer.populate()[0]
    target = folder / "pose.task"
    model_asset_bundle_utils.create_model_asset_bundle(written, str(target))
    return target


def main() -> None:
    clip, landmarks_path, mode = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(bundle(Path(folder)))),
            running_mode=vision.RunningMode.VIDEO if mode == "video" else vision.RunningMode.IMAGE,
        )
        landmarker = vision.PoseLandmarker.create_from_options(options)
    video = cv2.VideoCapture(str(clip))
    frames_per_s = video.get(cv2.CAP_PROP_FPS) or 30.0
    found, pose_s, index = [], 0.0, 0
    started = cpu_s()
    while True:
        is_read, bgr = video.read()
        if not is_read:
            break
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        before = cpu_s()
        if mode == "video":
            result = landmarker.detect_for_video(image, round(index * 1000.0 / frames_per_s))
        else:
            result = landmarker.detect(image)
        pose_s += cpu_s() - before
        points = np.full((33, 2), np.nan)
        if result.pose_landmarks:
            size = (bgr.shape[1], bgr.shape[0])
            points = np.array([(point.x, point.y) for point in result.pose_landmarks[0]]) * size
        found.append(points)
        index += 1
    total_s = cpu_s() - started
    np.save(landmarks_path, np.array(found))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps({"total_s": total_s, "pose_s": pose_s, "frames": index, "peak_mb": round(peak_mb, 1)}))


if __name__ == "__main__":
    main()
