"""The causal chain on a parametric body: count, phases, faults, abstention."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.live_vectors import into_plank
from tests.support.push_up_body import PushUps, elbow_deg_for

from topform.kinematics import form_step
from topform.kinematics.engine import EventKind, Phase
from topform.kinematics.form_analysis import Decision, Exercise, Fault, FormAnalysis, FormDecision, ViewName
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.synthesis.recordings import EXERCISES, synthesise
from topform.vision.analysis import analyze_sequence
from topform.vision.blazepose.landmarks import MAX_VISIBILITY_OUTSIDE


def analyse(push_ups: PushUps, **how: float) -> FormAnalysis:
    return analyze_sequence(push_ups.frames(rng=np.random.default_rng(1), **how), exercise=None)


def decisions(result: FormAnalysis, fault: Fault) -> set[Decision]:
    return {rep.finding(fault).decision for rep in result.reps}


def test_clean_set_is_counted_and_judged_correct() -> None:
    result = analyse(PushUps(top_m=0.56))
    assert (result.rep_count, len(result.partial_reps), result.revised_count) == (5, 0, None)
    assert result.exercise is Exercise.PUSH_UP
    assert result.exercise_probability > 0.9
    assert result.view.name is ViewName.SIDE
    assert result.form.decision is FormDecision.CORRECT
    assert result.form.faults == ()
    assert set(result.form.unseen) == {Fault.ELBOW_FLARE, Fault.ASYMMETRY}


def test_measures_are_those_of_the_body() -> None:
    rep = analyse(PushUps()).reps[2]
    assert rep.turn_s == pytest.approx(1.0 + 2.0 * 2 + 1.0, abs=0.05)
    assert rep.min_elbow_deg == pytest.approx(elbow_deg_for(0.2), abs=7.0)
    assert rep.range_m == pytest.approx(0.35, abs=0.02)
    assert rep.body_line_deg == pytest.approx(0.0, abs=0.5)
    assert rep.tempo.eccentric_s + rep.tempo.concentric_s == pytest.approx(2.0, abs=0.6)


def test_events_come_in_order_and_causally() -> None:
    observer, state = FrameObserver(BLAZEPOSE33), form_step.FormState()
    poses = PushUps(bottoms_m=(0.2, 0.2)).frames()
    events = []
    for index in range(len(poses)):
        assert poses.world_m is not None
        seen = observer.observe(
            t_s=float(poses.t_s[index]),
            xy_px=poses.xy_px[index],
            score=poses.score[index],
            world_m=poses.world_m[index],
        )
        state, told = form_step.step(state, seen)
        events.extend(told.events)
        assert all(event.t_s == seen.t_s for event in told.events)
    assert [event.kind for event in events] == [
        EventKind.IN_POSITION,
        EventKind.PHASE,
        EventKind.PHASE,
        EventKind.REP,
        EventKind.REP_CLOSED,
        EventKind.PHASE,
        EventKind.PHASE,
        EventKind.REP,
    ]
    assert [event.phase for event in events if event.kind is EventKind.PHASE] == [
        Phase.ECCENTRIC,
        Phase.CONCENTRIC,
    ] * 2
    assert len(form_step.finish(state)[0].reps) == 2


@pytest.mark.parametrize(
    ("push_ups", "fault"),
    [
        (PushUps(hip_offset=-0.08), Fault.HIPS_SAG),
        (PushUps(hip_offset=0.08), Fault.HIPS_PIKE),
        (PushUps(hip_lag_s=0.35), Fault.WORMING),
        (PushUps(top_m=0.48), Fault.INCOMPLETE_LOCKOUT),
        (PushUps(bottoms_m=(0.47,) * 5, top_m=0.57), Fault.SHALLOW_DEPTH),
        (PushUps(neck_drop_deg=50.0), Fault.HEAD_DROP),
        (PushUps(period_s=0.7), Fault.TOO_FAST),
    ],
)
def test_fault_is_found_and_only_there(push_ups: PushUps, fault: Fault) -> None:
    result = analyse(push_ups)
    assert result.rep_count == 5
    assert decisions(result, fault) == {Decision.FAULT}
    assert fault in result.form.faults
    clean = analyse(PushUps(top_m=0.56))
    assert decisions(clean, fault) == {Decision.NONE}
    for rep in result.reps:
        finding = rep.finding(fault)
        assert finding.probability is not None
        assert finding.probability > 0.85
        assert finding.window_s == (rep.start_s, rep.end_s)


def test_sag_is_negative_and_pike_positive_whichever_way_one_faces() -> None:
    for offset, sign in ((-0.08, -1.0), (0.08, 1.0)):
        poses = PushUps(hip_offset=offset).frames()
        for faced in (poses, poses.mirrored()):
            line = analyze_sequence(faced, exercise=None).reps[0].body_line_deg
            assert line is not None
            assert line * sign == pytest.approx(18.9, abs=1.5)


def test_grey_zone_is_borderline_not_fault() -> None:
    """A hip offset of 0.05 of the line bends it by about 11.5 degrees: in the lower half between 10 and 17."""
    result = analyse(PushUps(hip_offset=-0.05))
    assert decisions(result, Fault.HIPS_SAG) == {Decision.BORDERLINE}
    assert Fault.HIPS_SAG not in result.form.faults


@pytest.mark.parametrize(("yaw_deg", "name"), [(90.0, ViewName.FRONT), (-90.0, ViewName.REAR)])
def test_from_the_front_the_line_cannot_be_seen(yaw_deg: float, name: ViewName) -> None:
    result = analyse(PushUps(yaw_deg=yaw_deg, hip_offset=-0.08))
    assert result.rep_count == 5
    assert result.view.name is name
    for fault in (Fault.HIPS_SAG, Fault.HIPS_PIKE, Fault.INCOMPLETE_LOCKOUT, Fault.WORMING):
        assert decisions(result, fault) == {Decision.ABSTAIN}
        assert fault in result.form.unseen
    assert result.form.decision is FormDecision.UNSURE
    assert any("could not see" in sentence for sentence in result.feedback)


@pytest.mark.parametrize(("edge_px", "decision"), [(0.0, Decision.FAULT), (420.0, Decision.ABSTAIN)])
def test_a_line_to_feet_outside_the_picture_is_not_judged(edge_px: float, decision: Decision) -> None:
    """The pose model makes up what lies beyond the edge; its certainty is capped there."""
    poses = PushUps(hip_offset=-0.08).frames()
    outside = poses.xy_px[..., 0] < edge_px
    score = np.where(outside, np.minimum(poses.score, MAX_VISIBILITY_OUTSIDE), poses.score)
    cropped = type(poses)(poses.t_s, poses.xy_px, score, poses.skeleton, poses.world_m)
    result = analyze_sequence(cropped, exercise=None)
    assert result.rep_count == 5
    for fault in (Fault.HIPS_SAG, Fault.WORMING):
        assert (Decision.ABSTAIN in decisions(result, fault)) == (decision is Decision.ABSTAIN)
    assert decisions(result, Fault.HIPS_SAG) == {decision}
    assert decisions(result, Fault.SHALLOW_DEPTH) == {Decision.NONE}
    assert (Fault.HIPS_SAG in result.form.unseen) == (decision is Decision.ABSTAIN)


def test_a_shallow_one_among_full_ones_is_partial() -> None:
    result = analyse(PushUps(bottoms_m=(0.2, 0.2, 0.2, 0.38, 0.2)))
    assert (result.rep_count, len(result.partial_reps)) == (4, 1)
    indices = [rep["index"] for rep in result.as_dict()["reps"]]
    assert indices == [1, 2, 3, 4, 5]
    assert [rep["complete"] for rep in result.as_dict()["reps"]] == [True, True, True, False, True]


def test_a_twitch_before_the_set_is_revised_away() -> None:
    result = analyse(PushUps(bottoms_m=(0.43, 0.2, 0.2, 0.2, 0.2)))
    assert result.rep_count == 5
    assert result.revised_count == 4
    assert result.revision_reason


def test_losing_the_person_for_a_moment_changes_nothing_and_for_long_starts_anew() -> None:
    poses = PushUps().frames()
    for gap_s, expected in ((0.4, 5), (3.0, 4)):
        hidden = (poses.t_s > 4.0) & (poses.t_s < 4.0 + gap_s)
        xy = np.where(hidden[:, None, None], np.nan, poses.xy_px)
        seen = type(poses)(poses.t_s, xy, poses.score, poses.skeleton, poses.world_m)
        assert analyze_sequence(seen, exercise=None).rep_count in (expected, expected - 1)


def test_standing_arm_bends_are_not_push_ups() -> None:
    """The same movement with the body turned upright: what a wall press or a curl looks like."""
    poses = PushUps().frames()
    assert poses.world_m is not None
    xy = poses.xy_px[..., ::-1] * np.array([1.0, -1.0])
    world = poses.world_m[..., [1, 0, 2]] * np.array([1.0, -1.0, 1.0])
    upright = type(poses)(poses.t_s, xy, poses.score, poses.skeleton, world)
    result = analyze_sequence(upright, exercise=None)
    assert result.rep_count == 0
    assert result.exercise is Exercise.UNKNOWN
    assert result.feedback[0].startswith("I did not recognise an exercise")


def test_holding_a_plank_counts_nothing() -> None:
    result = analyse(PushUps(bottoms_m=(0.545,) * 8, noise_px=2.0))
    assert result.rep_count == 0
    assert result.exercise is Exercise.PLANK
    assert result.hold is not None and result.hold.held_s > 15.0


def test_swaying_in_a_plank_is_no_repetition() -> None:
    """Made-up planks, their shoulders drifting by a tenth of a metre and their elbows noisy."""
    made = synthesise(np.random.default_rng(41), count=400, frames=120, step_s=(0.95 / 15.0, 1.05 / 15.0))
    held = np.flatnonzero((made.exercise == EXERCISES.index("plank")).all(axis=1))
    sets = [PoseSequence(made.t_s[row], made.xy[row], made.score[row], BLAZEPOSE33) for row in held]
    results = [analyze_sequence(poses, exercise=None) for poses in sets]
    assert len(results) > 10
    assert {result.rep_count for result in results} == {0}


def test_slow_and_shallow_repetitions_count_where_the_elbows_bend() -> None:
    assert analyse(PushUps(bottoms_m=(0.43,) * 3, period_s=3.0)).rep_count == 3


def test_getting_down_into_a_plank_is_no_push_up() -> None:
    assert analyze_sequence(into_plank(), exercise=Exercise.PUSH_UP).rep_count == 0
