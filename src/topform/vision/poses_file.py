"""Reading and writing poses as `.npz`; files come from anywhere, so nothing in them is trusted."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from topform.core.activity import FileWarning
from topform.core.arrays import BoolArray, FloatArray, frozen_floats
from topform.core.errors import PoseFileError, ShapeError
from topform.kinematics.camera_record import MAX_DROPPED, CameraRecord, longest_gaps
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33

MAX_UNPACKED_BYTES: Final = 512 * 2**20
HOLDS: Final = ("xy", "score", "world_m", "t_s", "fps")
REMEDY: Final = "It must hold xy (T,33,2), either t_s (T,) or fps, and may hold score (T,33) and world_m (T,33,3)."


def read_poses(path: Path) -> tuple[PoseSequence, tuple[FileWarning, ...]]:
    """Read a poses file.

    Returns
    -------
    tuple of (PoseSequence, tuple of FileWarning)
        Infinite coordinates count as not observed; frames whose time does not increase are left out with a warning.

    Raises
    ------
    PoseFileError
        If the file is missing, no `.npz`, too large, or does not hold what it must.
    """
    arrays = _arrays(path)
    if "xy" not in arrays:
        raise PoseFileError("The poses file holds no array `xy`", file=str(path), remedy=REMEDY)
    xy = arrays["xy"]
    n_frames, n_keypoints = (xy.shape[0], len(BLAZEPOSE33)) if xy.ndim else (0, 0)
    _require(path, "xy", xy, (n_frames, n_keypoints, 2))
    if n_frames == 0:
        raise PoseFileError("The poses file holds no frame", file=str(path), remedy=REMEDY)
    observed: BoolArray = np.asarray(np.isfinite(xy).all(axis=2))
    xy = np.where(observed[..., None], xy, np.nan)
    score = arrays["score"] if "score" in arrays else observed.astype(np.float64)
    _require(path, "score", score, (n_frames, n_keypoints))
    score = np.where(observed & np.isfinite(score), np.clip(score, 0.0, 1.0), 0.0)
    world = arrays.get("world_m")
    if world is not None:
        _require(path, "world_m", world, (n_frames, n_keypoints, 3))
        world = np.where(np.isfinite(world).all(axis=2, keepdims=True), world, np.nan)
    t_s = _times(path, arrays, n_frames)
    keep = np.ones(n_frames, dtype=np.bool_)
    keep[1:] = t_s[1:] > np.maximum.accumulate(t_s)[:-1]
    warnings = []
    if not keep.all():
        text = f"{int((~keep).sum())} frames are timed before their predecessor and were left out"
        warnings.append(FileWarning("timestamp_not_increasing", text))
    try:
        poses = PoseSequence(
            t_s=frozen_floats(t_s[keep] - t_s[0]),
            xy_px=frozen_floats(xy[keep]),
            score=frozen_floats(score[keep]),
            skeleton=BLAZEPOSE33,
            world_m=None if world is None else frozen_floats(world[keep]),
        )
    except ShapeError as error:
        raise PoseFileError(error.message, file=str(path), remedy=REMEDY) from error
    return poses, tuple(warnings)


def read_camera(path: Path, poses: PoseSequence) -> CameraRecord | None:
    """Return which pictures of a live set are missing, where the poses file that holds it says so.

    Raises
    ------
    PoseFileError
        If they are not taken one after the other within the recording.
    """
    arrays = _arrays(path, ("dropped_s",))
    if "dropped_s" not in arrays:
        return None
    dropped_s = arrays["dropped_s"]
    _require(path, "dropped_s", dropped_s, (dropped_s.size,))
    if not ((np.diff(dropped_s, prepend=0.0) >= 0.0).all() and (dropped_s <= poses.duration_s).all()):
        text = "`dropped_s` holds times that do not follow each other within the recording"
        raise PoseFileError(text, file=str(path), remedy=REMEDY)
    return CameraRecord(
        frames=poses.t_s.size,
        dropped=dropped_s.size,
        dropped_s=tuple(round(at, 3) for at in dropped_s[:MAX_DROPPED].tolist()),
        gaps_s=longest_gaps(poses.t_s),
        duration_s=poses.duration_s,
    )


def write_poses(path: Path, poses: PoseSequence) -> None:
    """Write poses in the form that `read_poses` reads."""
    world = {} if poses.world_m is None else {"world_m": poses.world_m.astype(np.float32)}
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            xy=poses.xy_px.astype(np.float32),
            score=poses.score.astype(np.float32),
            t_s=poses.t_s,
            **world,
        )


def _arrays(path: Path, wanted: tuple[str, ...] = HOLDS) -> dict[str, FloatArray]:
    if not path.is_file():
        raise PoseFileError("There is no such file", file=str(path), remedy="Check the path.")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise PoseFileError(
                f"The poses file unpacks to {unpacked // 2**20} MiB, the limit is {MAX_UNPACKED_BYTES // 2**20}",
                file=str(path),
                remedy="Cut the recording to the set you want checked.",
            )
        with np.load(path, allow_pickle=False) as archive:
            return {name: np.asarray(archive[name], dtype=np.float64) for name in wanted if name in archive.files}
    except (zipfile.BadZipFile, OSError, ValueError, TypeError, EOFError, NotImplementedError, RuntimeError) as error:
        raise PoseFileError("The file is no readable `.npz` of numbers", file=str(path), remedy=REMEDY) from error


def _times(path: Path, arrays: dict[str, FloatArray], n_frames: int) -> FloatArray:
    if "t_s" in arrays:
        _require(path, "t_s", arrays["t_s"], (n_frames,))
        if not np.isfinite(arrays["t_s"]).all():
            raise PoseFileError("`t_s` holds times that are no numbers", file=str(path), remedy=REMEDY)
        return arrays["t_s"]
    if "fps" not in arrays:
        raise PoseFileError("The poses file holds neither `t_s` nor `fps`", file=str(path), remedy=REMEDY)
    fps = arrays["fps"].ravel()
    if fps.size != 1 or not np.isfinite(fps[0]) or not 1.0 <= fps[0] <= 1000.0:
        raise PoseFileError("`fps` must be one number from 1 to 1000", file=str(path), remedy=REMEDY)
    return np.arange(n_frames, dtype=np.float64) / float(fps[0])


def _require(path: Path, name: str, array: FloatArray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise PoseFileError(f"`{name}` has shape {array.shape}, expected {shape}", file=str(path), remedy=REMEDY)
