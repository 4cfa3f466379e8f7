"""The reasons of proposals in plain English; the app says them in its own languages from code and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_TEXTS: Final = {
    "red_flag": (
        "You reported a sign that a doctor should look at before you train again. All training of the next {days} "
        "days is off. If it is severe or comes back, seek medical help at once."
    ),
    "ill": "You are ill: no training for {days} days. Fitness lost in that time is small and comes back quickly.",
    "back_from_illness": (
        "You are free of symptoms again. The next {days} days hold about {share_pct} % of the planned load{no_hard}, "
        "the week after three quarters; then the plan goes on."
    ),
    "very_tired": (
        "{why_tired} {title} becomes an easy session of about {share_pct} % of its length: hard work on a tired body "
        "costs more than it gives."
    ),
    "tired": "{why_tired} {title} stays, at about {share_pct} % of its length.",
    "missed_days": (
        "You could not train for {days} days. Nothing is made up: the next week starts at about {share_pct} % of the "
        "planned load."
    ),
    "missed_week": (
        "After {days} days without training the next week starts at about {share_pct} % of the planned load and grows "
        "from there."
    ),
    "missed_weeks": (
        "After {days} days without training the plan builds up again from about {share_pct} % of the load, with "
        "targets a little lower at first."
    ),
    "missed_key": "{title} was missed and still fits on {date} with easy days around it, so it moves there.",
    "too_easy": (
        "Your last {count} hard sessions felt clearly easier than planned. The targets rise by {step_pct} %; the times "
        "stay the same."
    ),
    "poor_form": (
        "Your last form check asks for cleaner repetitions. The next session holds about {share_pct} % of them, each "
        "one slower and better."
    ),
    "rest_today": "{why_tired} {title} falls out today: no shorter form of it fits the days around it.",
    "rule_broken": (
        "What you trained differs from the plan. As it stands, a later day would now be too much: {rule_words}. "
        "Only what must change is chosen again."
    ),
    "drifted": (
        "Your fitness is at {actual} instead of the planned {planned}. The days ahead are chosen again from where you "
        "are."
    ),
    "away": "You are away from {first} to {last}. {sessions} sessions fall out; the days around are arranged anew.",
}

_RULE_WORDS: Final = {
    "ramp": "fitness would rise faster than is wise",
    "tsb_floor": "fatigue would go too deep",
    "weekly_growth": "one week would hold clearly more than the three weeks before it",
    "session_spike": "one session would be much longer than your longest of the last 30 days",
    "hard_easy": "two hard days would follow each other",
    "hard_days": "there would be too many hard days in a week",
    "rest_day": "there would be no free day in seven",
    "monotony": "the days would be too much alike",
    "deload": "an easier week would be overdue",
    "taper": "the days before the race would hold too much",
    "strength_spacing": "strength sessions would lie too close",
}


def reason_text(code: str, params: Mapping[str, Any]) -> str:
    """Return the reason in words.

    Parameters
    ----------
    code : str
    params : mapping

    Returns
    -------
    str
    """
    if code == "pain":
        sports, days = " and ".join(params["sports"]), params["days"]
        instead = f" Easy {params['other']} takes its place where that is safe." if params["other"] else ""
        return (
            f"You reported pain in {sports}. It pauses for {days} days.{instead} If the pain stays, or wakes you at "
            "night, see a doctor or physiotherapist."
        )
    words = dict(params)
    if code == "back_from_illness":
        words["no_hard"] = f", the first {params['easy_days']} of them nothing hard" if params.get("easy_days") else ""
    if code == "rule_broken":
        words["rule_words"] = _RULE_WORDS.get(params["rule"], "a rule of the plan would break")
    if code in {"very_tired", "tired", "rest_today"}:
        readiness = params.get("readiness")
        words["why_tired"] = (
            "Several signs of recovery are low today."
            if readiness is None
            else f"Your readiness is low today ({readiness} of 100)."
        )
    text = _TEXTS[code].format(**words)
    return f"{text} Before it: {params['drill']}." if code == "poor_form" and params.get("drill") else text
