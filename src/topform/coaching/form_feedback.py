"""What a coach says about a set: one or two sentences to act on, and a drill for each fault.

What is said is decided here as codes; the words of each language are data, in ``texts/form``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from topform.coaching.language import form_texts, known_language
from topform.kinematics.exercises.registry import faults_of
from topform.kinematics.form_analysis import (
    Decision,
    Exercise,
    Fault,
    FormAnalysis,
    FormDecision,
    Recommendation,
    ViewName,
)
from topform.kinematics.push_up_faults import NO_LEGS

MAX_SENTENCES: Final = 2
STANDARD: Final = frozenset(
    {Fault.HIPS_SAG, Fault.HIPS_PIKE, Fault.SHALLOW_DEPTH, Fault.INCOMPLETE_LOCKOUT},
)
"""What the praise of a push-up names: body line, depth and lock-out."""

_ARMY: Final = "U.S. Army APFT push-up standard; limits set by TopForm"
_ACSM: Final = "ACSM push-up test; limits set by TopForm"
CONVENTION: Final = "Coaching convention; limits set by TopForm"

SOURCES: Final[Mapping[tuple[Exercise, Fault], str]] = {
    (Exercise.PUSH_UP, Fault.HIPS_SAG): _ARMY,
    (Exercise.PUSH_UP, Fault.HIPS_PIKE): _ARMY,
    (Exercise.PUSH_UP, Fault.SHALLOW_DEPTH): _ACSM,
    (Exercise.PUSH_UP, Fault.INCOMPLETE_LOCKOUT): _ARMY,
    (Exercise.PUSH_UP, Fault.WORMING): _ARMY,
}
"""The published standards; everything else is a convention."""


@dataclass(frozen=True, slots=True)
class FaultAdvice:
    """The words for one fault.

    Parameters
    ----------
    cue : str
        Shouted or shown during the set: a few words.
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


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as its code and the numbers in it."""

    code: str
    params: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"code": self.code, "params": dict(self.params)}


def texts(language: str) -> Mapping[str, str]:
    """Return all sentences of a language by code; English where the language has none.

    Parameters
    ----------
    language : str
        A BCP 47 tag, of which the first part counts.
    """
    return form_texts(known_language(language))


def advice_for(exercise: Exercise, fault: Fault, *, language: str = "en") -> FaultAdvice:
    """Return the words for one fault of an exercise."""
    words = texts(language)
    parts = {part: words[f"{exercise.value}.{fault.value}.{part}"] for part in _PARTS}
    return FaultAdvice(**parts, source=source_of(exercise, fault))


_PARTS: Final = ("cue", "sentence", "drill", "variant", "next_set")


def source_of(exercise: Exercise, fault: Fault) -> str:
    """Return where the standard for a fault comes from."""
    return SOURCES.get((exercise, fault), CONVENTION)


def cue_for(fault: Fault, *, exercise: Exercise = Exercise.PUSH_UP, language: str = "en") -> str:
    """Return the cue to say or show during the set."""
    return texts(language)[f"{exercise.value}.{fault.value}.cue"]


def sentence_of(said: Said, *, language: str = "en") -> str:
    """Return a sentence in a language."""
    return texts(language)[said.code].format(**said.params)


def feedback_for(analysis: FormAnalysis, *, language: str = "en") -> tuple[str, ...]:
    """Return what to tell the athlete: at most two sentences on the worst faults, and one on what was not seen.

    Parameters
    ----------
    analysis : FormAnalysis
        A result without words.
    language : str
        A BCP 47 tag.
    """
    return tuple(sentence_of(said, language=language) for said in what_to_say(analysis))


def what_to_say(analysis: FormAnalysis) -> tuple[Said, ...]:
    """Return the codes of the feedback."""
    if analysis.hold is None and analysis.gait is None and not analysis.reps:
        return (Said(_without_reps(analysis), {}),)
    exercise = analysis.exercise.value
    said = []
    if analysis.hold is not None:
        said.append(Said(f"{exercise}.held", {"seconds": round(analysis.hold.held_s)}))
        if analysis.hold.broke_s is not None:
            after_s = analysis.hold.broke_s - analysis.hold.start_s
            said.append(Said(f"{exercise}.broke", {"seconds": round(after_s)}))
    if analysis.gait is not None:
        said.append(Said(f"{exercise}.seen", {"rate": round(analysis.gait.step_rate_spm)}))
    faults = analysis.form.faults[:MAX_SENTENCES]
    said += [Said(f"{exercise}.{fault.value}.sentence", {}) for fault in faults]
    if not faults:
        said += _without_faults(analysis)
    if _misses_the_view(analysis):
        said.append(Said("push_up.legs" if _misses_the_legs(analysis) else f"{exercise}.view", {}))
    return tuple(said)


def _without_reps(analysis: FormAnalysis) -> str:
    if analysis.poses_found == 0:
        return "general.no_person"
    if analysis.partial_reps:
        return "general.partial_only"
    return "general.unknown" if analysis.exercise is Exercise.UNKNOWN else f"{analysis.exercise.value}.start"


def _without_faults(analysis: FormAnalysis) -> list[Said]:
    if analysis.form.decision is FormDecision.CORRECT and (slips := _slips(analysis)):
        # No praise of every repetition where one of them shows a fault, and no fault of the set either.
        fault, count = slips[0]
        return [
            Said("general.slip", {"count": count, "reps": len(analysis.reps)}),
            Said(f"{analysis.exercise.value}.{fault.value}.sentence", {}),
        ]
    return [Said(_praise_or_doubt(analysis), {})]


def _praise_or_doubt(analysis: FormAnalysis) -> str:
    form = analysis.form
    if form.decision is FormDecision.CORRECT:
        if analysis.exercise is not Exercise.PUSH_UP:
            return f"{analysis.exercise.value}.praise"
        if _mostly(analysis, Decision.BORDERLINE) & STANDARD:
            return "general.borderline"
        return "push_up.praise" if _mostly_seen(analysis) >= STANDARD else "general.sound_view"
    if analysis.exercise is not Exercise.PUSH_UP:
        seen = set(faults_of(analysis.exercise)) - set(form.unseen)
        return "general.borderline" if form.probability_faulty is not None and seen else "general.unsure"
    if analysis.view.name in (ViewName.FRONT, ViewName.REAR, ViewName.TOP):
        return "general.sound_view"
    return "general.borderline"


def _slips(analysis: FormAnalysis) -> list[tuple[Fault, int]]:
    """Return the faults that were seen in some repetition and in how many, the most frequent first."""
    count = Counter(
        finding.fault for rep in analysis.reps for finding in rep.findings if finding.decision is Decision.FAULT
    )
    return count.most_common()


def _mostly_seen(analysis: FormAnalysis) -> set[Fault]:
    """Return the faults that could be judged in at least half of the repetitions."""
    return _mostly(analysis, Decision.FAULT, Decision.BORDERLINE, Decision.NONE)


def _mostly(analysis: FormAnalysis, *decisions: Decision) -> set[Fault]:
    count = Counter(finding.fault for rep in analysis.reps for finding in rep.findings if finding.decision in decisions)
    return {fault for fault, times in count.items() if 2 * times >= len(analysis.reps)}


def _misses_the_view(analysis: FormAnalysis) -> bool:
    """Tell whether another view would show a fault that matters."""
    if analysis.exercise is Exercise.PUSH_UP:
        return Fault.HIPS_SAG not in _mostly_seen(analysis)
    return len(analysis.form.unseen) * 2 >= len(faults_of(analysis.exercise))


def _misses_the_legs(analysis: FormAnalysis) -> bool:
    """Tell whether the view is right and only the legs are missing from most of a set of push-ups."""
    if analysis.exercise is not Exercise.PUSH_UP:
        return False
    reasons = Counter(
        finding.reason
        for rep in analysis.reps
        for finding in rep.findings
        if finding.fault is Fault.HIPS_SAG and finding.decision is Decision.ABSTAIN
    )
    return reasons[NO_LEGS] * 2 > sum(reasons.values())


def recommendations_for(analysis: FormAnalysis, *, language: str = "en") -> tuple[Recommendation, ...]:
    """Return a drill, a variant and the next set for the worst faults."""
    return tuple(
        _recommendation(analysis.exercise, fault, language=language) for fault in analysis.form.faults[:MAX_SENTENCES]
    )


def _recommendation(exercise: Exercise, fault: Fault, *, language: str) -> Recommendation:
    advice = advice_for(exercise, fault, language=language)
    return Recommendation(
        fault=fault, drill=advice.drill, variant=advice.variant, next_set=advice.next_set, source=advice.source
    )


def in_language(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a stored analysis with its words in a language; older ones without codes keep theirs.

    Parameters
    ----------
    document : mapping
        An analysis in its plain form.
    language : str
        A BCP 47 tag.
    """
    codes: Sequence[Mapping[str, Any]] | None = document.get("feedback_codes")
    if codes is None:
        return dict(document)
    exercise, words = document["exercise"], texts(language)
    recommendations = [
        {
            **item,
            **{part: words[f"{exercise}.{item['fault']}.{part}"] for part in ("drill", "variant", "next_set")},
        }
        for item in document.get("recommendations", [])
    ]
    feedback = [words[said["code"]].format(**said["params"]) for said in codes]
    return {**document, "feedback": feedback, "recommendations": recommendations}
