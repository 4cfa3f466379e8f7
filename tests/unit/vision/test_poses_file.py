"""Poses files: what is read, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.core.errors import PoseFileError
from topform.vision.analysis import analyze_poses
from topform.vision.poses_file import MAX_UNPACKED_BYTES, read_poses, write_poses

XY = np.random.default_rng(5).uniform(0.0, 500.0, (4, 33, 2))


def test_round_trip(tmp_path: Path) -> None:
    poses = PushUps(bottoms_m=(0.2,)).frames()
    write_poses(tmp_path / "poses.npz", poses)
    again, warnings = read_poses(tmp_path / "poses.npz")
    assert warnings == ()
    assert np.array_equal(again.t_s, poses.t_s)
    assert np.allclose(again.xy_px, poses.xy_px, atol=1e-3)
    assert again.world_m is not None
    assert poses.world_m is not None
    assert np.allclose(again.world_m, poses.world_m, atol=1e-6)


def test_only_positions_and_a_frame_rate(tmp_path: Path) -> None:
    np.savez(tmp_path / "poses.npz", xy=XY, fps=20.0)
    poses, _ = read_poses(tmp_path / "poses.npz")
    assert poses.t_s == pytest.approx([0.0, 0.05, 0.1, 0.15])
    assert (poses.score == 1.0).all()
    assert poses.world_m is None


def test_missing_joints_have_no_score(tmp_path: Path) -> None:
    xy = XY.copy()
    xy[1, 5] = np.nan
    xy[2, 6, 0] = np.inf
    np.savez(tmp_path / "poses.npz", xy=xy, fps=20.0, score=np.full((4, 33), 0.7))
    poses, _ = read_poses(tmp_path / "poses.npz")
    assert poses.score[1, 5] == poses.score[2, 6] == 0.0
    assert np.isnan(poses.xy_px[2, 6]).all()
    assert poses.score[0, 0] == 0.7


def test_frames_out_of_order_are_left_out_and_said(tmp_path: Path) -> None:
    np.savez(tmp_path / "poses.npz", xy=XY, t_s=[0.0, 0.2, 0.1, 0.3])
    poses, (warning,) = read_poses(tmp_path / "poses.npz")
    assert poses.t_s.tolist() == [0.0, 0.2, 0.3]
    assert warning.code == "timestamp_not_increasing"


@pytest.mark.parametrize(
    "arrays",
    [
        {"fps": 30.0},
        {"xy": XY},
        {"xy": XY[:, :17], "fps": 30.0},
        {"xy": XY[..., :1], "fps": 30.0},
        {"xy": XY[:0], "fps": 30.0},
        {"xy": XY, "fps": 0.0},
        {"xy": XY, "fps": [30.0, 25.0]},
        {"xy": XY, "t_s": [0.0, 0.1]},
        {"xy": XY, "t_s": [0.0, 0.1, np.nan, 0.3]},
        {"xy": XY, "fps": 30.0, "score": np.ones((4, 5))},
        {"xy": XY, "fps": 30.0, "world_m": np.ones((4, 33))},
        {"xy": np.array(["a", "b"]), "fps": 30.0},
        {"xy": np.array([{"a": 1}], dtype=object), "fps": 30.0},
        {"xy": np.float64(3.0), "fps": 30.0},
    ],
)
def test_wrong_content_is_a_typed_error(tmp_path: Path, arrays: dict[str, object]) -> None:
    np.savez(tmp_path / "poses.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(PoseFileError) as caught:
        read_poses(tmp_path / "poses.npz")
    assert caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + bytes(40)])
def test_not_an_archive(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "poses.npz"
    file.write_bytes(content)
    with pytest.raises(PoseFileError):
        read_poses(file)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (MAX_UNPACKED_BYTES // 8, 33, 2)}
    )
    file = tmp_path / "bomb.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xy.npy", "w") as member:
        member.write(header.getvalue())
        for _ in range(MAX_UNPACKED_BYTES // 2**24 + 1):
            member.write(bytes(2**24))
    assert file.stat().st_size < 2**20
    with pytest.raises(PoseFileError, match="limit"):
        read_poses(file)


def test_nobody_in_any_frame(tmp_path: Path) -> None:
    np.savez(tmp_path / "poses.npz", xy=np.full((30, 33, 2), np.nan), fps=30.0)
    result = analyze_poses(tmp_path / "poses.npz").as_dict()
    assert (result["rep_count"], result["poses_found"], result["exercise"]) == (0, 0, "unknown")
    assert [warning["code"] for warning in result["warnings"]] == ["no_person"]
    assert result["view"] == {"name": "unknown", "yaw_deg": None}
    assert result["feedback"]
