"""Every exercise on a parametric body: counted, recognised, each fault found where it can be seen, and only there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.support.push_up_body import PushUps

from topform.kinematics import form_step
from topform.kinematics.exercises.definition import From
from topform.kinematics.exercises.push_up import DEFINITION
from topform.kinematics.exercises.registry import EXERCISES, REPEATED, faults_of, repeated
from topform.kinematics.form_analysis import Decision, Exercise, Fault, FormAnalysis, FormDecision, ViewName
from topform.kinematics.movement import Movement
from topform.kinematics.normalised import rebuild
from topform.kinematics.observation import FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.ml.synthesis.exercises import Performance, perform
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

JUDGED = [definition for definition in REPEATED if definition.checks]
CHECKS = [(definition.exercise, check) for definition in JUDGED for check in definition.checks]
SIDE_DEG, FRONT_DEG = 0.0, 90.0
ONLY_IN_PICTURES = {Exercise.JUMPING_JACK, Exercise.OVERHEAD_PRESS}
"""In a box of its own a press looks like a pull-up, and feet have no distance."""


@lru_cache(maxsize=1)
def models() -> FormModels:
    return FormModels()


def done(performance: Performance, exercise: Exercise | None = None) -> FormAnalysis:
    poses = perform(performance, np.random.default_rng(7))
    return analyze_sequence(poses, exercise=exercise, form_models=models())


@pytest.mark.parametrize("exercise", [definition.exercise for definition in JUDGED])
def test_clean_sets_are_recognised_counted_and_without_fault(exercise: Exercise) -> None:
    is_from_front = exercise is Exercise.JUMPING_JACK
    result = done(Performance(exercise, noise_m=0.004, facing_deg=FRONT_DEG if is_from_front else SIDE_DEG))
    assert (result.exercise, result.rep_count) == (exercise, 4)
    assert result.exercise_probability > 0.8
    assert result.view.name is (ViewName.FRONT if is_from_front else ViewName.SIDE)
    assert (result.form.decision, result.form.faults) == (FormDecision.CORRECT, ())
    for rep in result.reps:
        assert rep.score is not None
        assert rep.score > 95.0
        assert rep.angle is not None
        assert rep.angle.max_deg - rep.angle.min_deg > 40.0


@pytest.mark.parametrize(("exercise", "check"), CHECKS, ids=[f"{e}-{c.fault}" for e, c in CHECKS])
def test_a_clear_fault_is_found_where_it_can_be_seen_and_abstained_on_elsewhere(exercise: Exercise, check) -> None:  # type: ignore[no-untyped-def]
    shown_from = FRONT_DEG if check.seen_from is From.FRONT else SIDE_DEG
    seen = done(Performance(exercise, {check.fault: 1.0}, reps=2, noise_m=0.004, facing_deg=shown_from), exercise)
    assert check.fault in seen.form.faults
    assert all(rep.finding(check.fault).decision is Decision.FAULT for rep in seen.reps)
    clean = done(Performance(exercise, reps=2, noise_m=0.004, facing_deg=shown_from), exercise)
    assert all(rep.finding(check.fault).decision is Decision.NONE for rep in clean.reps)
    if check.seen_from is not From.ANYWHERE:
        hidden_from = SIDE_DEG if check.seen_from is From.FRONT else FRONT_DEG
        hidden = done(Performance(exercise, {check.fault: 1.0}, reps=2, facing_deg=hidden_from), exercise)
        assert all(rep.finding(check.fault).decision is Decision.ABSTAIN for rep in hidden.reps)
        assert check.fault not in hidden.form.faults


def test_another_exercise_than_the_one_declared_counts_nothing() -> None:
    squats = Performance(Exercise.SQUAT, reps=2)
    for exercise in (Exercise.PULL_UP, Exercise.SIT_UP, Exercise.LUNGE, Exercise.PUSH_UP):
        assert done(squats, exercise).rep_count == 0


def test_standing_still_is_no_exercise() -> None:
    result = done(Performance(Exercise.SQUAT, reps=0, rest_s=4.0))
    assert (result.exercise, result.rep_count) == (Exercise.UNKNOWN, 0)


def test_a_plank_is_held_and_its_line_judged() -> None:
    straight = analyze_sequence(PushUps(bottoms_m=(0.55,) * 6).frames(), exercise=None, form_models=models())
    assert straight.exercise is Exercise.PLANK
    assert straight.rep_count == 0
    assert straight.hold is not None
    assert straight.hold.held_s == pytest.approx(14.0, abs=1.0)
    assert straight.form.decision is FormDecision.CORRECT
    assert straight.feedback[0] == f"You held the plank for {round(straight.hold.held_s)} seconds."
    sagging = analyze_sequence(
        PushUps(bottoms_m=(0.55,) * 6, hip_offset=-0.09).frames(), exercise=Exercise.PLANK, form_models=models()
    )
    assert sagging.form.faults == (Fault.HIPS_SAG,)
    assert sagging.hold is not None
    assert sagging.hold.broke_s is not None
    front = analyze_sequence(
        PushUps(bottoms_m=(0.55,) * 6, hip_offset=-0.09, yaw_deg=90.0).frames(),
        exercise=Exercise.PLANK,
        form_models=models(),
    )
    assert front.form.faults == ()
    assert front.form.decision is FormDecision.UNSURE


def test_swaying_once_in_a_long_plank_is_no_push_up() -> None:
    poses = PushUps(bottoms_m=(0.43,), period_s=1.5, rest_s=5.0).frames()
    swayed = analyze_sequence(poses, exercise=None, form_models=models())
    assert (swayed.exercise, swayed.rep_count) == (Exercise.PLANK, 0)
    declared = analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models())
    assert [rep.range_m for rep in declared.reps] == [pytest.approx(0.12, abs=0.015)]


def boxed(poses: PoseSequence, *, turned_deg: float = 0.0) -> PoseSequence:
    """Return poses turned in the picture, each frame squeezed into the body's own box."""
    cosine, sine = np.cos(np.radians(turned_deg)), np.sin(np.radians(turned_deg))
    xy = poses.xy_px @ np.array([[cosine, sine], [-sine, cosine]])
    low, high = xy.min(axis=1, keepdims=True), xy.max(axis=1, keepdims=True)
    return PoseSequence(poses.t_s, (xy - low) / (high - low), poses.score, poses.skeleton)


def test_poses_in_boxes_of_their_own_are_counted_when_the_exercise_is_known() -> None:
    poses = perform(Performance(Exercise.SQUAT, noise_m=0.004), np.random.default_rng(7))
    assert analyze_sequence(boxed(poses), exercise=Exercise.SQUAT, form_models=models()).rep_count == 4


@pytest.mark.parametrize("movement", DEFINITION.normalised[1:4])
def test_a_long_pause_at_the_turn_hides_no_repetition_in_a_box(movement: Movement) -> None:
    push_ups = PushUps(bottoms_m=(0.2,) * 4, period_s=1.2)
    poses = push_ups.frames()
    turn = int(np.searchsorted(poses.t_s, push_ups.rest_s + 1.5 * push_ups.period_s))
    order = np.concatenate([np.arange(turn), np.full(14 * 30, turn), np.arange(turn, len(poses))])
    paused = PoseSequence(np.arange(len(order)) / 30.0, poses.xy_px[order], poses.score[order], poses.skeleton)
    rebuilt, observer = rebuild(boxed(paused)).poses, FrameObserver(paused.skeleton)
    state = form_step.start(DEFINITION, movement)
    for place, t_s in enumerate(rebuilt.t_s.tolist()):
        seen = observer.observe(t_s=t_s, xy_px=rebuilt.xy_px[place], score=rebuilt.score[place])
        state, _ = form_step.step(state, seen)
    assert form_step.finish(state)[0].engine.count == 4


@pytest.mark.parametrize("exercise", [d.exercise for d in JUDGED if d.exercise not in ONLY_IN_PICTURES])
def test_poses_in_boxes_of_their_own_are_recognised(exercise: Exercise) -> None:
    poses = perform(Performance(exercise, noise_m=0.004), np.random.default_rng(7))
    result = analyze_sequence(boxed(poses), exercise=None, form_models=models())
    assert (result.exercise, result.rep_count) == (exercise, 4)


@pytest.mark.parametrize("exercise", sorted(ONLY_IN_PICTURES))
def test_what_a_box_hides_is_counted_only_when_it_is_named(exercise: Exercise) -> None:
    poses = boxed(perform(Performance(exercise, noise_m=0.004, facing_deg=FRONT_DEG), np.random.default_rng(7)))
    assert analyze_sequence(poses, exercise=None, form_models=models()).exercise is not exercise
    assert analyze_sequence(poses, exercise=exercise, form_models=models()).rep_count == 4


@pytest.mark.parametrize("turned_deg", [-50.0, -40.0, 40.0])
def test_a_lying_body_whose_arms_bend_is_no_pull_up(turned_deg: float) -> None:
    poses = perform(Performance(Exercise.PULL_UP, noise_m=0.004), np.random.default_rng(7))
    result = analyze_sequence(boxed(poses, turned_deg=turned_deg), exercise=None, form_models=models())
    assert (result.exercise, result.rep_count) == (Exercise.UNKNOWN, 0)


def test_every_exercise_that_is_offered_has_faults_and_a_way_to_count_or_hold() -> None:
    for exercise in EXERCISES:
        assert faults_of(exercise)
        assert (repeated(exercise) is None) == (exercise in (Exercise.PLANK, Exercise.RUNNING))
    assert Exercise.UNKNOWN not in EXERCISES


def test_the_raising_part_is_the_concentric_one_whichever_comes_first() -> None:
    for exercise in (Exercise.SQUAT, Exercise.PULL_UP):
        rep = done(Performance(exercise, reps=2), exercise).reps[0]
        first_s, last_s = rep.turn_s - rep.start_s, rep.end_s - rep.turn_s
        expected = (last_s, first_s) if exercise is Exercise.PULL_UP else (first_s, last_s)
        assert (rep.tempo.eccentric_s, rep.tempo.concentric_s) == pytest.approx(expected)


def test_the_document_names_joint_and_measures() -> None:
    rep = done(Performance(Exercise.SQUAT, reps=2), Exercise.SQUAT).as_dict()["reps"][0]
    assert rep["angle"]["joint"] == "knee"
    assert rep["min_elbow_deg"] is None
    assert [fault["code"] for fault in rep["faults"]] == ["shallow_depth", "knees_in", "forward_lean", "heel_lift"]
