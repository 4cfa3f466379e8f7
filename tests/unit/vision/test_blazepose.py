"""The parts of the pose pipeline that need no weights, held against the published graph."""

from __future__ import annotations

import math

import numpy as np
import pytest

from topform.vision.blazepose.detector import anchor_centers
from topform.vision.blazepose.geometry import Region
from topform.vision.blazepose.landmarks import HEATMAP_PX, POINTS, refined


def test_anchors_are_those_of_the_graph() -> None:
    anchors = anchor_centers()
    assert anchors.shape == (2254, 2)
    # The first cell of the 28x28 grid has its centre at half a cell, twice; the next cell is one stride of 8/224 on.
    assert anchors[0].tolist() == anchors[1].tolist() == [0.5 / 28, 0.5 / 28]
    assert anchors[2].tolist() == [1.5 / 28, 0.5 / 28]
    assert anchors[28 * 28 * 2].tolist() == [0.5 / 14, 0.5 / 14]
    assert anchors[-1].tolist() == [6.5 / 7, 6.5 / 7]


def test_region_of_an_upright_person_stands_upright() -> None:
    region = Region.from_alignment(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert region.rotation_rad == pytest.approx(0.0)
    assert region.side_px == pytest.approx(2 * 80 * 1.25)


def test_region_of_a_person_lying_with_the_head_to_the_right_is_turned_clockwise() -> None:
    region = Region.from_alignment(np.array([100.0, 200.0]), np.array([180.0, 200.0]))
    assert region.rotation_rad == pytest.approx(math.pi / 2)
    # What is up in the crop is right in the picture.
    top_middle = region.upright_from_crop(256) @ (128.0, 0.0, 1.0)
    assert top_middle[:2] == pytest.approx([200.0, 200.0])


def test_crop_corners_span_the_square() -> None:
    region = Region(50.0, 60.0, 40.0, 0.0)
    matrix = region.upright_from_crop(256)
    assert (matrix @ (0.0, 0.0, 1.0))[:2] == pytest.approx([30.0, 40.0])
    assert (matrix @ (256.0, 256.0, 1.0))[:2] == pytest.approx([70.0, 80.0])


def test_moved_region_follows_the_picture() -> None:
    quarter = np.array([[0.0, -1.0, 100.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    moved = Region(10.0, 20.0, 8.0, 0.0).moved(quarter)
    assert (moved.center_x_px, moved.center_y_px) == pytest.approx((80.0, 10.0))
    assert moved.rotation_rad == pytest.approx(math.pi / 2)


def test_overlap_of_squares() -> None:
    one = Region(0.0, 0.0, 10.0, 0.0)
    assert one.overlap(one) == pytest.approx(1.0)
    assert one.overlap(Region(5.0, 0.0, 10.0, 0.0)) == pytest.approx(50.0 / 150.0)
    assert one.overlap(Region(20.0, 0.0, 10.0, 0.0)) == 0.0


def test_heatmap_pulls_a_point_to_its_centre_of_mass() -> None:
    heatmaps = np.full((HEATMAP_PX, HEATMAP_PX, POINTS), -50.0, dtype=np.float32)
    heatmaps[20, 31, 0] = heatmaps[20, 32, 0] = 50.0
    points = np.full((POINTS, 2), 80.0)
    points[0] = (30.2 * 4, 20.1 * 4)
    moved = refined(points, heatmaps)
    assert moved[0] == pytest.approx([31.5 * 4, 20.0 * 4])
    assert moved[1:].tolist() == points[1:].tolist()


def test_unsure_heatmap_and_points_outside_stay() -> None:
    heatmaps = np.full((HEATMAP_PX, HEATMAP_PX, POINTS), -0.5, dtype=np.float32)
    points = np.full((POINTS, 2), 80.0)
    points[3] = (-10.0, 300.0)
    assert refined(points, heatmaps).tolist() == points.tolist()


def test_heatmap_at_the_edge_uses_the_part_inside() -> None:
    heatmaps = np.full((HEATMAP_PX, HEATMAP_PX, POINTS), -50.0, dtype=np.float32)
    heatmaps[0, 0, 0] = 50.0
    points = np.full((POINTS, 2), 80.0)
    points[0] = (5.0, 5.0)
    assert refined(points, heatmaps)[0] == pytest.approx([0.0, 0.0], abs=1e-9)
