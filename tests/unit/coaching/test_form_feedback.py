"""The words about a set: every fault has advice in every language, few sentences, and what was not seen is said."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from tests.support.push_up_body import PushUps

from topform.coaching.form_feedback import (
    MAX_SENTENCES,
    advice_for,
    cue_for,
    in_language,
    texts,
    what_to_say,
)
from topform.coaching.language import LANGUAGES
from topform.kinematics.exercises.registry import EXERCISES, faults_of
from topform.kinematics.form_analysis import Decision, Exercise, Fault, FormDecision, Repetition
from topform.vision.analysis import analyze_sequence

MEDICAL = ("injur", "pain", "danger", "safe", "hurt", "damage")
EVERY_FAULT = [(exercise, fault) for exercise in EXERCISES for fault in faults_of(exercise)]


@pytest.mark.parametrize(("exercise", "fault"), EVERY_FAULT)
def test_every_fault_has_a_cue_a_sentence_and_a_drill_with_a_source(exercise: Exercise, fault: Fault) -> None:
    advice = advice_for(exercise, fault)
    assert len(cue_for(fault, exercise=exercise).split()) <= 5
    for text in (advice.sentence, advice.drill, advice.variant, advice.next_set, advice.source):
        assert text
        assert not any(word in text.lower() for word in MEDICAL)
    assert advice.sentence.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_say_the_same_things_with_the_same_numbers(language: str) -> None:
    words, english = texts(language), texts("en")
    assert list(words) == list(english)
    for code, text in words.items():
        assert text.strip() == text
        assert text
        assert _fields(text) == _fields(english[code]), code


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_belongs_to_an_exercise_and_no_text_is_left_over() -> None:
    parts = ("cue", "sentence", "drill", "variant", "next_set")
    wanted = {f"{exercise}.{fault}.{part}" for exercise, fault in EVERY_FAULT for part in parts}
    wanted |= {f"{exercise}.{part}" for exercise in EXERCISES for part in ("start", "praise", "view")}
    wanted.add("push_up.legs")
    rest = set(texts("en")) - wanted
    assert wanted <= set(texts("en"))
    assert all(code.startswith(("general.", "plank.", "running.")) for code in rest)


def test_a_language_without_texts_reads_english_and_regions_read_their_language() -> None:
    assert texts("sw") == texts("en")
    assert texts("de-AT") == texts("de") != texts("en")


def test_worst_faults_first_and_never_more_than_two() -> None:
    result = analyze_sequence(
        PushUps(hip_offset=-0.09, period_s=0.7, neck_drop_deg=50.0, top_m=0.48).frames(), exercise=None
    )
    assert len(result.form.faults) > MAX_SENTENCES
    assert result.form.faults[0] is Fault.HIPS_SAG
    assert result.feedback[0] == advice_for(Exercise.PUSH_UP, Fault.HIPS_SAG).sentence
    assert len(result.feedback) == len(result.recommendations) == MAX_SENTENCES
    assert result.recommendations[0].fault is Fault.HIPS_SAG


def test_a_set_that_meets_the_standard_is_not_praised_where_one_repetition_shows_a_fault() -> None:
    clean = analyze_sequence(PushUps().frames(), exercise=None)
    assert clean.form.decision is FormDecision.CORRECT
    assert not clean.form.faults
    third = clean.reps[2]
    sagging = replace(third.finding(Fault.HIPS_SAG), decision=Decision.FAULT)
    findings = tuple(sagging if one.fault is Fault.HIPS_SAG else one for one in third.findings)
    reps = (*clean.reps[:2], replace(third, findings=findings), *clean.reps[3:])
    said = what_to_say(replace(clean, reps=reps))
    assert [one.code for one in said] == ["general.slip", "push_up.hips_sag.sentence"]
    assert said[0].params == {"count": 1, "reps": len(clean.reps)}


def test_a_line_that_was_judged_in_few_repetitions_is_not_praised() -> None:
    clean = analyze_sequence(PushUps(top_m=0.56).frames(), exercise=None)

    def feet_outside(rep: Repetition) -> Repetition:
        hidden = {Fault.HIPS_SAG, Fault.HIPS_PIKE}
        findings = tuple(
            replace(one, decision=Decision.ABSTAIN, probability=None, measured=None, reason="legs_not_visible")
            if one.fault in hidden
            else one
            for one in rep.findings
        )
        return replace(rep, findings=findings)

    first, *others = clean.reps
    assert len(others) > 1
    said = what_to_say(replace(clean, reps=(first, *map(feet_outside, others))))
    assert [one.code for one in said] == ["general.sound_view", "push_up.legs"]
    said = what_to_say(replace(clean, reps=(feet_outside(first), *others)))
    assert [one.code for one in said] == ["push_up.praise"]


def test_a_line_within_the_measurement_error_of_the_limit_is_not_praised() -> None:
    clean = analyze_sequence(PushUps(top_m=0.56).frames(), exercise=None)

    def near_the_limit(rep: Repetition) -> Repetition:
        findings = [
            replace(one, decision=Decision.BORDERLINE) if one.fault is Fault.HIPS_PIKE else one for one in rep.findings
        ]
        return replace(rep, findings=tuple(findings))

    reps = tuple(map(near_the_limit, clean.reps))
    assert [one.code for one in what_to_say(replace(clean, reps=reps))] == ["general.borderline"]
    one_alone = (reps[0], *clean.reps[1:])
    assert [one.code for one in what_to_say(replace(clean, reps=one_alone))] == ["push_up.praise"]


def test_a_stored_analysis_reads_in_any_language() -> None:
    document = analyze_sequence(PushUps(hip_offset=-0.09).frames(), exercise=None).as_dict()
    german = in_language(document, "de-DE")
    assert german["feedback"][0] == texts("de")["push_up.hips_sag.sentence"]
    assert german["recommendations"][0]["drill"] == texts("de")["push_up.hips_sag.drill"]
    assert german["reps"] == document["reps"]
    assert in_language(german, "en") == document
    older = {key: value for key, value in document.items() if key != "feedback_codes"}
    assert in_language(older, "de") == older


def test_praise_only_when_everything_of_the_standard_was_seen() -> None:
    side = analyze_sequence(PushUps(top_m=0.56).frames(), exercise=None)
    front = analyze_sequence(PushUps(top_m=0.56, yaw_deg=90.0).frames(), exercise=None)
    assert "meet the standard" in side.feedback[0]
    assert not any("meet the standard" in sentence for sentence in front.feedback)
    assert "could not see" in front.feedback[-1]
    assert "from the side" in front.feedback[-1]
