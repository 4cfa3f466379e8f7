"""What one frame shows of the whole body: legs, arms, head and where the athlete faces.

The push-up needs a line and two arms; the other exercises need these. Plain floats, NaN = not observed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from topform.kinematics.skeleton import SIDES, Side

NAN: Final = math.nan
Point = tuple[float, ...]
Points = dict[tuple[Side, str], Point]

# Lengths of an adult of mean stature (Drillis and Contini, 1966: thigh 0.245 and shank 0.246 of 1.70 m, upper arm
# 0.186): rulers for what the picture shortens.
THIGH_M: Final = 0.4165
SHANK_M: Final = 0.418
UPPER_ARM_M: Final = 0.316
_WIDTH_OVER_TRUNK: Final = 0.259 / 0.288


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg in one frame.

    Parameters
    ----------
    hip_x, hip_y, knee_x, knee_y, ankle_x, ankle_y : float
        Positions in the picture, y down. [px]
    knee_deg, knee_space_deg : float
        Interior angle in the picture, and in space where the pose model gives it. [deg]
    hip_deg, hip_space_deg : float
        Interior angle shoulder-hip-knee, likewise. [deg]
    thigh_deg : float
        Inclination of the thigh: 90 = upright, 0 = level, negative = hip below the knee. [deg]
    shank_lean_deg : float
        Shank against the upright in the picture. [deg]
    foot_deg : float
        Inclination of the line from toes to heel, positive = heel higher. [deg]
    toes_ahead_px : float
        Toes minus heel across the picture: which way the foot points. [px]
    visibility : float
        Least score of hip, knee and ankle, 0..1.
    foot_visibility : float
        Least score of heel and toes, 0..1.
    """

    hip_x: float
    hip_y: float
    knee_x: float
    knee_y: float
    ankle_x: float
    ankle_y: float
    knee_deg: float
    knee_space_deg: float
    hip_deg: float
    hip_space_deg: float
    thigh_deg: float
    shank_lean_deg: float
    foot_deg: float
    toes_ahead_px: float
    visibility: float
    foot_visibility: float


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm in one frame.

    Parameters
    ----------
    shoulder_x, shoulder_y, elbow_x, elbow_y, wrist_x, wrist_y : float
        Positions in the picture, y down. [px]
    elbow_deg, elbow_space_deg : float
        Interior angle in the picture and in space. [deg]
    raise_deg, raise_space_deg : float
        Upper arm against the trunk, 0 = hanging along it, 180 = overhead. [deg]
    visibility : float
        Least score of shoulder, elbow and wrist, 0..1.
    """

    shoulder_x: float
    shoulder_y: float
    elbow_x: float
    elbow_y: float
    wrist_x: float
    wrist_y: float
    elbow_deg: float
    elbow_space_deg: float
    raise_deg: float
    raise_space_deg: float
    visibility: float


@dataclass(frozen=True, slots=True)
class Body:
    """The whole body in one frame.

    Parameters
    ----------
    left_leg, right_leg : Leg
        The legs.
    left_arm, right_arm : Arm
        The arms.
    facing_deg : float
        0 = seen from the side, +90 = facing the camera, -90 = the back to the camera. [deg]
    lean_deg : float
        Trunk against the upright in the picture, 0..180. [deg]
    neck_deg : float
        Interior angle hip-shoulder-ear of the better side. [deg]
    ear_y, mouth_y, nose_x, nose_y : float
        Of the head, y down. [px]
    """

    left_leg: Leg
    right_leg: Leg
    left_arm: Arm
    right_arm: Arm
    facing_deg: float
    lean_deg: float
    neck_deg: float
    ear_y: float
    mouth_y: float
    nose_x: float
    nose_y: float

    @property
    def near_leg(self) -> Leg:
        """The leg that is seen better."""
        return self.left_leg if self.left_leg.visibility >= self.right_leg.visibility else self.right_leg

    @property
    def near_arm(self) -> Arm:
        """The arm that is seen better."""
        return self.left_arm if self.left_arm.visibility >= self.right_arm.visibility else self.right_arm

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Both legs."""
        return self.left_leg, self.right_leg

    @property
    def arms(self) -> tuple[Arm, Arm]:
        """Both arms."""
        return self.left_arm, self.right_arm


def body_of(
    picture: Points, space: Points | None, scores: dict[tuple[Side, str], float], head: dict[str, Point], scale: float
) -> Body:
    """Return what one frame shows.

    Parameters
    ----------
    picture, space : dict
        Positions by side and joint, in the picture [px] and in space [m] where there are any.
    scores : dict
        Certainty by side and joint, 0..1.
    head : dict
        Positions of nose and both corners of the mouth in the picture. [px]
    scale : float
        Size of the picture at the body. [px/m]
    """
    better = max(SIDES, key=lambda side: min(scores[side, "shoulder"], scores[side, "hip"]))
    trunk_x, trunk_y = (_middle(picture, "shoulder", axis) - _middle(picture, "hip", axis) for axis in (0, 1))
    neck = angle_deg(picture[better, "hip"], picture[better, "shoulder"], picture[better, "ear"])
    return Body(
        left_leg=_leg(Side.LEFT, picture, space, scores, scale),
        right_leg=_leg(Side.RIGHT, picture, space, scores, scale),
        left_arm=_arm(Side.LEFT, picture, space, scores),
        right_arm=_arm(Side.RIGHT, picture, space, scores),
        facing_deg=_facing(picture, space),
        lean_deg=math.degrees(math.atan2(abs(trunk_x), -trunk_y)) if math.isfinite(trunk_x + trunk_y) else NAN,
        neck_deg=neck,
        ear_y=picture[better, "ear"][1],
        mouth_y=(head["mouth_left"][1] + head["mouth_right"][1]) / 2.0,
        nose_x=head["nose"][0],
        nose_y=head["nose"][1],
    )


def angle_deg(first: Point, vertex: Point, last: Point) -> float:
    """Return the interior angle at a vertex, NaN where it is undefined. [deg]

    Examples
    --------
    >>> round(angle_deg((1.0, 0.0), (0.0, 0.0), (0.0, 2.0)), 6)
    90.0
    """
    # Written out: this is the innermost loop of an analysis, and a general product of vectors takes twice as long.
    ax, ay, bx, by = first[0] - vertex[0], first[1] - vertex[1], last[0] - vertex[0], last[1] - vertex[1]
    if len(vertex) == 2:
        dot, squares = ax * bx + ay * by, (ax * ax + ay * ay) * (bx * bx + by * by)
    else:
        az, bz = first[2] - vertex[2], last[2] - vertex[2]
        dot = ax * bx + ay * by + az * bz
        squares = (ax * ax + ay * ay + az * az) * (bx * bx + by * by + bz * bz)
    if not squares > 0.0:
        return NAN
    return math.degrees(math.acos(max(-1.0, min(1.0, dot / math.sqrt(squares)))))


def _leg(side: Side, picture: Points, space: Points | None, scores: dict[tuple[Side, str], float], scale: float) -> Leg:
    hip, knee, ankle = (picture[side, name] for name in ("hip", "knee", "ankle"))
    heel, toes, shoulder = (picture[side, name] for name in ("heel", "foot_index", "shoulder"))
    return Leg(
        hip_x=hip[0],
        hip_y=hip[1],
        knee_x=knee[0],
        knee_y=knee[1],
        ankle_x=ankle[0],
        ankle_y=ankle[1],
        knee_deg=angle_deg(hip, knee, ankle),
        knee_space_deg=NAN
        if space is None
        else angle_deg(space[side, "hip"], space[side, "knee"], space[side, "ankle"]),
        hip_deg=angle_deg(shoulder, hip, knee),
        hip_space_deg=NAN
        if space is None
        else angle_deg(space[side, "shoulder"], space[side, "hip"], space[side, "knee"]),
        thigh_deg=_inclination(knee, hip, at_least=THIGH_M * scale),
        shank_lean_deg=math.degrees(math.atan2(abs(knee[0] - ankle[0]), ankle[1] - knee[1])),
        foot_deg=_inclination(toes, heel, at_least=0.0),
        toes_ahead_px=toes[0] - heel[0],
        visibility=min(scores[side, "hip"], scores[side, "knee"], scores[side, "ankle"]),
        foot_visibility=min(scores[side, "heel"], scores[side, "foot_index"]),
    )


def _arm(side: Side, picture: Points, space: Points | None, scores: dict[tuple[Side, str], float]) -> Arm:
    shoulder, elbow, wrist, hip = (picture[side, name] for name in ("shoulder", "elbow", "wrist", "hip"))
    return Arm(
        shoulder_x=shoulder[0],
        shoulder_y=shoulder[1],
        elbow_x=elbow[0],
        elbow_y=elbow[1],
        wrist_x=wrist[0],
        wrist_y=wrist[1],
        elbow_deg=angle_deg(shoulder, elbow, wrist),
        elbow_space_deg=NAN
        if space is None
        else angle_deg(space[side, "shoulder"], space[side, "elbow"], space[side, "wrist"]),
        raise_deg=angle_deg(elbow, shoulder, hip),
        raise_space_deg=NAN
        if space is None
        else angle_deg(space[side, "elbow"], space[side, "shoulder"], space[side, "hip"]),
        visibility=min(scores[side, "shoulder"], scores[side, "elbow"], scores[side, "wrist"]),
    )


def _inclination(start: Point, end: Point, *, at_least: float) -> float:
    """Return the inclination of a segment, positive when the end is higher; a foreshortened one by its true length."""
    rise = start[1] - end[1]
    length = max(math.hypot(end[0] - start[0], rise), at_least if at_least > 0.0 else 0.0)
    return math.degrees(math.asin(max(-1.0, min(1.0, rise / length)))) if length > 0.0 else NAN


def _facing(picture: Points, space: Points | None) -> float:
    if space is not None:
        across = [
            sum(space[Side.LEFT, name][axis] - space[Side.RIGHT, name][axis] for name in ("shoulder", "hip"))
            for axis in (0, 2)
        ]
        return math.degrees(math.atan2(across[0], abs(across[1])))
    # Shoulders are 0.259 of stature wide, the trunk 0.288 long (Drillis and Contini, 1966).
    width = sum(picture[Side.LEFT, name][0] - picture[Side.RIGHT, name][0] for name in ("shoulder", "hip")) / 2.0
    trunk = math.hypot(
        _middle(picture, "shoulder", 0) - _middle(picture, "hip", 0),
        _middle(picture, "shoulder", 1) - _middle(picture, "hip", 1),
    )
    if not trunk > 0.0:
        return NAN
    share = max(-1.0, min(1.0, width / (0.8 * _WIDTH_OVER_TRUNK * trunk)))
    return math.degrees(math.asin(share))


def _middle(points: Points, name: str, axis: int) -> float:
    return (points[Side.LEFT, name][axis] + points[Side.RIGHT, name][axis]) / 2.0
