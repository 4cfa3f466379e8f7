"""Joint angles and the noise they carry.

Angles are interior: 180 degrees is a straight joint. All functions take positions whose last axis holds the
coordinates (two or three) and broadcast over the leading axes; a missing position gives a missing angle.
"""

from __future__ import annotations

import math

import numpy as np

from topform.core.arrays import FloatArray


def joint_angle_deg(first: FloatArray, vertex: FloatArray, last: FloatArray) -> FloatArray:
    """Interior angle at a vertex.

    Parameters
    ----------
    first, vertex, last : ndarray of float64, shape (..., 2) or (..., 3)
        Positions in any one unit.

    Returns
    -------
    ndarray of float64, shape (...)
        0..180, NaN where a position is missing or two coincide. [deg]

    Examples
    --------
    >>> float(joint_angle_deg(np.array([1.0, 0.0]), np.array([0.0, 0.0]), np.array([0.0, 2.0])))
    90.0
    """
    to_first, to_last = first - vertex, last - vertex
    lengths = np.linalg.norm(to_first, axis=-1) * np.linalg.norm(to_last, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = np.einsum("...i,...i->...", to_first, to_last) / lengths
    angle: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return angle


def signed_body_line_deg(shoulder: FloatArray, hip: FloatArray, ankle: FloatArray) -> FloatArray:
    """How far the hip leaves the line from shoulder to ankle, as the bend at the hip.

    Parameters
    ----------
    shoulder, hip, ankle : ndarray of float64, shape (..., 2)
        Picture positions, y down. [px]

    Returns
    -------
    ndarray of float64, shape (...)
        180 minus the angle at the hip; positive when the hip is above the line (pike), negative below (sag). [deg]

    Notes
    -----
    The offset of the hip is taken along the normal of the line that points up in the picture, so the sign is the
    same whichever way the athlete faces. It is undefined for a body that is vertical in the picture.

    Examples
    --------
    >>> shoulder, hip, ankle = np.array([0.0, 100.0]), np.array([45.0, 97.0]), np.array([100.0, 100.0])
    >>> round(float(signed_body_line_deg(shoulder, hip, ankle)), 1)
    6.9
    """
    along = ankle - shoulder
    offset = along[..., 0] * (hip - shoulder)[..., 1] - along[..., 1] * (hip - shoulder)[..., 0]
    above = -np.sign(offset) * np.sign(along[..., 0])
    return above * (180.0 - joint_angle_deg(shoulder, hip, ankle))


def angle_noise_deg(*, position_sd: float, first_length: float, last_length: float, angle_deg: float) -> float:
    """Standard deviation of a joint angle from the noise of its three positions.

    Parameters
    ----------
    position_sd : float
        Standard deviation of each coordinate. [any unit]
    first_length, last_length : float
        Lengths of the two segments. [the same unit], > 0.
    angle_deg : float
        The angle itself. [deg]

    Returns
    -------
    float
        First-order error propagation. [deg]

    Examples
    --------
    >>> round(angle_noise_deg(position_sd=3.0, first_length=100.0, last_length=100.0, angle_deg=90.0), 2)
    3.44
    """
    cosine = math.cos(math.radians(angle_deg))
    spread = 2.0 / first_length**2 + 2.0 / last_length**2 - 2.0 * cosine / (first_length * last_length)
    return math.degrees(position_sd * math.sqrt(spread))


def inclination_deg(start: FloatArray, end: FloatArray) -> FloatArray:
    """Angle of a segment against the horizontal of the picture, positive when the end is higher. [deg]

    Examples
    --------
    >>> float(inclination_deg(np.array([0.0, 10.0]), np.array([10.0, 0.0])))
    45.0
    """
    step = end - start
    return np.degrees(np.arctan2(-step[..., 1], np.abs(step[..., 0])))
