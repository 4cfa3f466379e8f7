"""Writes what the live coach in the app shares with the package: the numbers of the causal step, cue policy and texts.

The app's copy holds none of its own; ``--check`` fails when a file is not what the code says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from topform.coaching import live_voice
from topform.coaching.language import LANGUAGES
from topform.kinematics import camera_record, cycles, engine, form_step, observation, push_up_faults
from topform.kinematics.exercises import push_up, readings
from topform.kinematics.form_analysis import PUSH_UP_FAULTS
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.science import hrv

LIVE: Final = Path(__file__).resolve().parents[3] / "app" / "src" / "live"
TABLES: Final = LIVE / "engine" / "tables.json"
POLICY: Final = LIVE / "cues" / "policy.json"
TEXTS: Final = LIVE / "cues" / "texts.json"
HRV: Final = LIVE / "hrv" / "limits.json"


def tables() -> dict[str, Any]:
    """Return every number that the causal step of the push-up uses, by module."""
    return {
        "keypoints": {name: place for place, name in enumerate(BLAZEPOSE33.names)},
        "fault_order": [fault.value for fault in PUSH_UP_FAULTS],
        "observation": _named(
            observation,
            "arm_m trunk_m shoulders_m width_of_stature trunk_of_stature min_upper_arm_m kneeling_below_deg "
            "flat_yaw_deg",
        ),
        "camera": _named(camera_record, "max_dropped most_gaps gap_s enough_per_s long_gap_s"),
        "cycles": _named(
            cycles,
            "descent_frac ascent_frac first_ascent_frac cut_ascent_frac remembered hysteresis_frac noise_factor "
            "noise_share noise_cap_factor noise_cap_range_frac creep_frac near_frac second_difference",
        ),
        "engine": _named(
            engine,
            "loss_s posture_time_s enter_posture_share stay_posture_share scale_time_s hands_down_time_s "
            "hands_up_time_s median_samples end_step_s",
        ),
        "push_up": {
            **_named(
                push_up,
                "min_range_m min_elbow_range_deg sway_m sway_s min_rep_s min_top_m max_hand_travel_frac max_height_m "
                "min_rise_frac rise_moment_s "
                "min_posture_share enter_trunk_inclination_deg stay_trunk_inclination_deg enter_hip_angle_deg "
                "stay_hip_angle_deg enter_arm_trunk_deg front_yaw_deg along_arms stay_hand_direction",
            ),
            "max_rep_s": push_up.MOVEMENT.max_rep_s,
            "moment_s": readings.MOMENT_S,
        },
        "form_step": {
            **_named(
                form_step,
                "window_margin_s view_time_s min_view_share top_margin_s min_cue_interval_s looks_along_arms",
            ),
            "cue_order": [fault.value for fault in form_step.CUE_ORDER],
        },
        "faults": _faults(),
    }


def _faults() -> dict[str, Any]:
    return {
        **_named(
            push_up_faults,
            "side_yaw_deg widest_side_yaw_deg front_yaw_deg min_leg_visibility min_arm_visibility min_samples "
            "min_travel_for_unit_motion_m extreme_share sag_share pike_share bottom_reach_frac oblique_widening "
            "steepness max_excess max_learned_position learned_logit_shift learned_share_side learned_share_oblique "
            "learned_before_end learned_after_end_s",
        ),
        "criteria": {fault.value: _limits(one) for fault, one in push_up_faults.CRITERIA.items()},
        "arm_level": _limits(push_up_faults.ARM_LEVEL),
        "arm_level_from_front": _limits(push_up_faults.ARM_LEVEL_FROM_FRONT),
        "learned": [fault.value for fault in PUSH_UP_FAULTS if fault in push_up_faults.LEARNED_FAULTS],
        "seen_from_above": [fault.value for fault in PUSH_UP_FAULTS if fault in push_up_faults.SEEN_FROM_ABOVE],
    }


def _named(module: Any, names: str) -> dict[str, Any]:
    return {name: getattr(module, name.upper()) for name in names.split()}


def _limits(criterion: push_up_faults.Criterion) -> dict[str, Any]:
    return {
        "passes": criterion.passes,
        "fails": criterion.fails,
        "unit": criterion.unit,
        "penalty": criterion.penalty,
    }


def _hrv() -> dict[str, Any]:
    return _named(hrv, "min_rr_ms max_rr_ms median_beats max_from_median_frac max_rejected_frac min_beats")


def documents() -> dict[Path, str]:
    """Return the text of every file."""
    said = {language: live_voice.words(language) for language in LANGUAGES}
    made = {TABLES: tables(), POLICY: live_voice.rules(), TEXTS: said, HRV: _hrv()}
    return {path: json.dumps(document, indent=2, ensure_ascii=False) + "\n" for path, document in made.items()}


def main() -> None:
    """Write the files, or with ``--check`` compare them."""
    for path, text in documents().items():
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            sys.exit(
                f"app/src/live/{path.parent.name}/{path.name} differs from the code; run `make openapi` and commit it"
            )


if __name__ == "__main__":
    main()
