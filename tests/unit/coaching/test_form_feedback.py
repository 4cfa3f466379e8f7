"""The words about a set: every fault has advice, few sentences, and what was not seen is said."""

from __future__ import annotations

import pytest
from tests.support.push_up_body import PushUps

from topform.coaching.form_feedback import ADVICE, MAX_SENTENCES, cue_for
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.vision.analysis import analyze_sequence

MEDICAL = ("injur", "pain", "danger", "safe", "hurt", "damage")


@pytest.mark.parametrize("fault", list(PUSH_UP_FAULTS))
def test_every_fault_has_a_cue_a_sentence_and_a_drill_with_a_source(fault: Fault) -> None:
    advice = ADVICE[fault]
    assert len(cue_for(fault).split()) <= 5
    for text in (advice.sentence, advice.drill, advice.variant, advice.next_set, advice.source):
        assert text
        assert not any(word in text.lower() for word in MEDICAL)
    assert advice.sentence.endswith(".")


def test_worst_faults_first_and_never_more_than_two() -> None:
    result = analyze_sequence(
        PushUps(hip_offset=-0.09, period_s=0.7, neck_drop_deg=50.0, top_m=0.48).frames(), exercise=None
    )
    assert len(result.form.faults) > MAX_SENTENCES
    assert result.form.faults[0] is Fault.HIPS_SAG
    assert result.feedback[0] == ADVICE[Fault.HIPS_SAG].sentence
    assert len(result.feedback) == len(result.recommendations) == MAX_SENTENCES
    assert result.recommendations[0].fault is Fault.HIPS_SAG


def test_praise_only_when_everything_of_the_standard_was_seen() -> None:
    side = analyze_sequence(PushUps(top_m=0.56).frames(), exercise=None)
    front = analyze_sequence(PushUps(top_m=0.56, yaw_deg=90.0).frames(), exercise=None)
    assert "meet the standard" in side.feedback[0]
    assert not any("meet the standard" in sentence for sentence in front.feedback)
    assert "could not see" in front.feedback[-1]
