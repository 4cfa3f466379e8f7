"""Angles against hand calculation and the published noise formula."""

from __future__ import annotations

import numpy as np
import pytest

from topform.kinematics.angles import angle_noise_deg, inclination_deg, joint_angle_deg, signed_body_line_deg


def test_inverse_kinematics_example() -> None:
    """Shoulder (0, 0.40), wrist (0.05, 0), arms 0.30 and 0.27 m: elbow at (0.22701, 0.20388), 89.859 degrees."""
    angle = joint_angle_deg(np.array([0.0, 0.40]), np.array([0.22701, 0.20388]), np.array([0.05, 0.0]))
    assert float(angle) == pytest.approx(89.859, abs=0.002)


def test_angle_in_space_and_broadcast() -> None:
    a = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]])
    assert joint_angle_deg(a, np.zeros(3), np.array([0.0, 1.0, 0.0])) == pytest.approx([90.0, 90.0])
    assert joint_angle_deg(a, np.zeros(3), -a) == pytest.approx([180.0, 180.0])


def test_missing_and_coinciding_points_give_no_angle() -> None:
    nothing = np.array([np.nan, 0.0])
    assert np.isnan(joint_angle_deg(nothing, np.zeros(2), np.ones(2)))
    assert np.isnan(joint_angle_deg(np.zeros(2), np.zeros(2), np.ones(2)))


@pytest.mark.parametrize(("offset", "degrees"), [(0.02, 4.6), (0.04, 9.2), (0.05, 11.5), (0.08, 18.4)])
@pytest.mark.parametrize("facing", [1.0, -1.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_hip_offset_and_line_deviation(offset: float, degrees: float, facing: float, sign: float) -> None:
    """Hip at 0.45 of the line, offset as a fraction of its length; + pike, - sag, whichever way one faces."""
    shoulder, ankle = np.array([0.0, 500.0]), np.array([1000.0 * facing, 500.0])
    hip = np.array([450.0 * facing, 500.0 - sign * offset * 1000.0])
    assert float(signed_body_line_deg(shoulder, hip, ankle)) == pytest.approx(sign * degrees, abs=0.06)


@pytest.mark.parametrize(
    ("position_sd", "length", "angle_deg", "expected"),
    [(3.0, 100.0, 90.0, 3.44), (3.0, 100.0, 160.0, 4.17), (5.0, 60.0, 90.0, 9.55)],
)
def test_angle_noise_by_simulation(position_sd: float, length: float, angle_deg: float, expected: float) -> None:
    rng = np.random.default_rng(3)
    turn = np.radians(angle_deg)
    points = np.array([[length, 0.0], [0.0, 0.0], [length * np.cos(turn), length * np.sin(turn)]])
    noisy = points + rng.normal(0.0, position_sd, (200_000, 3, 2))
    simulated = float(np.std(joint_angle_deg(noisy[:, 0], noisy[:, 1], noisy[:, 2])))
    formula = angle_noise_deg(position_sd=position_sd, first_length=length, last_length=length, angle_deg=angle_deg)
    assert formula == pytest.approx(simulated, rel=0.04)
    assert formula == pytest.approx(expected, abs=0.05)


def test_inclination_ignores_which_way_one_faces() -> None:
    start = np.array([[0.0, 0.0], [0.0, 0.0]])
    end = np.array([[3.0, -3.0], [-3.0, -3.0]])
    assert inclination_deg(start, end) == pytest.approx([45.0, 45.0])
