"""What a coach says about a set: one or two sentences to act on, and a drill for each fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from topform.kinematics.form_analysis import (
    Exercise,
    Fault,
    FormAnalysis,
    FormDecision,
    Recommendation,
    ViewName,
)

MAX_SENTENCES: Final = 2
STANDARD: Final = frozenset(
    {Fault.HIPS_SAG, Fault.HIPS_PIKE, Fault.SHALLOW_DEPTH, Fault.INCOMPLETE_LOCKOUT},
)
"""What the praise names: body line, depth and lock-out."""


@dataclass(frozen=True, slots=True)
class FaultAdvice:
    """The words for one fault.

    Parameters
    ----------
    cue : str
        Shouted or shown during the set: at most five words.
    sentence : str
        What was seen and what to do.
    drill, variant, next_set : str
        Practice, an easier or fitting form of the exercise, and how to do the next set.
    source : str
        Where the standard or the drill comes from.
    """

    cue: str
    sentence: str
    drill: str
    variant: str
    next_set: str
    source: str


_ARMY: Final = "U.S. Army TC 3-22.20 and APFT push-up standard"
_ACSM: Final = "ACSM Guidelines for Exercise Testing and Prescription, push-up test"
_NSCA: Final = "NSCA Exercise Technique Manual, push-up"

ADVICE: Final = {
    Fault.HIPS_SAG: FaultAdvice(
        cue="Hips up, squeeze glutes",
        sentence="Your hips sink below the line from shoulders to ankles: tighten stomach and glutes before each "
        "descent and stop the set when the line breaks.",
        drill="Front plank, 3 x 20-30 s with the pelvis tucked",
        variant="Push-up with hands on a bench until the line holds",
        next_set="Fewer repetitions, each with a one-second hold at the top",
        source=_ARMY,
    ),
    Fault.HIPS_PIKE: FaultAdvice(
        cue="Hips down, long line",
        sentence="Your hips stay above the line from shoulders to ankles: walk the feet back and lower hips and "
        "chest together.",
        drill="Front plank beside a mirror, 3 x 20 s in one straight line",
        variant="Push-up with hands on a bench",
        next_set="Set the line first, then bend the arms",
        source=_ARMY,
    ),
    Fault.SHALLOW_DEPTH: FaultAdvice(
        cue="Lower",
        sentence="You turn around before the upper arms are level with the ground: lower the chest until the elbows "
        "are bent to at least 90 degrees.",
        drill="Slow lowering: 3 x 5 descents of four seconds to the floor",
        variant="Push-up with hands on a bench at the height where you reach full depth",
        next_set="Touch a folded towel under the chest each time",
        source=_ACSM,
    ),
    Fault.INCOMPLETE_LOCKOUT: FaultAdvice(
        cue="Straighten your arms",
        sentence="Your arms stay bent at the top: push the floor away until the elbows are straight before the "
        "next descent.",
        drill="Push-up with a one-second stop at the top, 3 x 6",
        variant="Push-up with hands on a bench",
        next_set="Slow down and finish each repetition at the top",
        source=_ARMY,
    ),
    Fault.ELBOW_FLARE: FaultAdvice(
        cue="Elbows closer",
        sentence="Your elbows point out to the sides: turn them back to about 45 degrees from the trunk.",
        drill="Push-up from the knees with elbows brushing a band at the ribs, 3 x 8",
        variant="Hands a little narrower, fingers pointing forwards",
        next_set="Screw the hands into the floor before the first descent",
        source=_NSCA,
    ),
    Fault.HEAD_DROP: FaultAdvice(
        cue="Eyes ahead of hands",
        sentence="Your head hangs below the line of the trunk: look at the floor a hand's length ahead of your hands.",
        drill="Front plank with the back of the head against a stick along the spine, 3 x 20 s",
        variant="Push-up with hands on a bench",
        next_set="Chest reaches the floor before the nose",
        source=_NSCA,
    ),
    Fault.ASYMMETRY: FaultAdvice(
        cue="Both arms evenly",
        sentence="One arm bends further than the other: place the hands at equal distance from the shoulders and "
        "share the load.",
        drill="Slow push-up filmed from the front, 3 x 5",
        variant="Push-up with hands on a bench",
        next_set="Check the hand position before you start",
        source=_NSCA,
    ),
    Fault.TOO_FAST: FaultAdvice(
        cue="Slower down",
        sentence="Your repetitions are faster than you can control: take about a second down and stop the bounce.",
        drill="Push-up to a count: two down, one up, 3 x 6",
        variant="The same exercise, slower",
        next_set="Two seconds down, one second up",
        source=_ACSM,
    ),
    Fault.WORMING: FaultAdvice(
        cue="Chest and hips together",
        sentence="Chest and hips do not move together: raise the body as one piece, without the hips trailing.",
        drill="Push-up from the floor in one piece after lifting the hands, 3 x 5",
        variant="Push-up with hands on a bench",
        next_set="Stop the set when the hips trail",
        source=_ARMY,
    ),
}


def cue_for(fault: Fault) -> str:
    """Return the cue to say or show during the set."""
    return ADVICE[fault].cue


def feedback_for(analysis: FormAnalysis) -> tuple[str, ...]:
    """Return at most two sentences on the worst faults, and one on what could not be seen.

    Parameters
    ----------
    analysis : FormAnalysis
        A result without words.
    """
    if not analysis.reps:
        return (_without_reps(analysis),)
    sentences = [ADVICE[fault].sentence for fault in analysis.form.faults[:MAX_SENTENCES]]
    if not sentences:
        sentences.append(_without_faults(analysis))
    if Fault.HIPS_SAG in analysis.form.unseen:
        sentences.append(
            "I could not see the line of your body from here: film from the side, with the camera at hip height and "
            "two to three metres away."
        )
    return tuple(sentences)


def _without_reps(analysis: FormAnalysis) -> str:
    if analysis.poses_found == 0:
        return "I could not see anybody: film the whole body from the side, in good light."
    if analysis.partial_reps:
        return "I saw movement but no full repetition: lower further and come all the way up."
    if analysis.exercise is Exercise.UNKNOWN:
        return "I did not recognise a push-up in this recording, so I counted nothing."
    return "I saw no repetition: start in the plank, arms straight, and keep hands and feet in the picture."


def _without_faults(analysis: FormAnalysis) -> str:
    if analysis.form.decision is FormDecision.CORRECT:
        if STANDARD.isdisjoint(analysis.form.unseen):
            return "Depth, lock-out and body line meet the standard: keep this form and add repetitions."
        return "What this view shows looks sound."
    if analysis.view.name in (ViewName.FRONT, ViewName.REAR, ViewName.TOP):
        return "What this view shows looks sound."
    return "Some repetitions are close to the limits; none is clearly wrong. Film closer from the side to be sure."


def recommendations_for(analysis: FormAnalysis) -> tuple[Recommendation, ...]:
    """Return a drill, a variant and the next set for the worst faults."""
    return tuple(
        Recommendation(
            fault=fault,
            drill=ADVICE[fault].drill,
            variant=ADVICE[fault].variant,
            next_set=ADVICE[fault].next_set,
            source=ADVICE[fault].source,
        )
        for fault in analysis.form.faults[:MAX_SENTENCES]
    )
