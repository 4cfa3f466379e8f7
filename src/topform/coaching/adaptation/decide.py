"""What follows from what happened: the first rule that applies makes a proposal; the checker has the last word.

The order is that of safety: a red flag, illness, pain, tiredness, missed training, training that was too easy. What
none of them covers keeps the plan, unless what was lived makes a later day break a rule or fitness left the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from topform.coaching import rules
from topform.coaching.adaptation import edits
from topform.coaching.adaptation.case import Case
from topform.coaching.adaptation.model import Document, Illness, Life, Proposal
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import days_since_continued, eased_share
from topform.coaching.goals import PlanSport
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.library import template
from topform.coaching.workouts.template import workout

CODES: Final = (
    "red_flag",
    "ill",
    "back_from_illness",
    "pain",
    "very_tired",
    "tired",
    "rest_today",
    "away",
    "missed_weeks",
    "missed_week",
    "missed_days",
    "missed_key",
    "too_easy",
    "poor_form",
    "rule_broken",
    "drifted",
)
_LOCK_DAYS: Final = 7
_ILL_DAYS: Final = (3, 7)
"""Days cleared when an illness is told, and again each time it outlasts them."""

_RETURN_DAYS: Final = 7
_RETURN_SHARES: Final = (0.5, 0.75)
"""Share of the load in the first and second week after an illness."""

_EASY_AFTER_ILLNESS_DAYS: Final = 3
_PAIN_DAYS: Final = 7
_VERY_TIRED: Final = 30.0
_TIRED: Final = 40.0
_LOW_SIGNALS: Final = 2
_EASY_SHARE: Final = 0.6
_SHORTER_SHARE: Final = 0.8
_MOVE_DAYS: Final = 2
_TOO_EASY: Final = 2
_THRESHOLD_STEP: Final = 0.025
_FORM_SHARE: Final = 0.7
_FORM_DAYS: Final = 10
_KEY_KINDS: Final = frozenset({"tempo", "threshold", "vo2", "speed", "test", "long"})
_MISSED: Final = (
    # days without training, code, share of the load for the first, second and third week, loss of threshold
    (14, "missed_weeks", (0.5, 0.65, 0.8), 0.05),
    (7, "missed_week", (0.7, 0.85), 0.0),
    (3, "missed_days", (0.875,), 0.0),
)
_MISSED_ONE: Final = 1
"""A single missed session is let go, however many free days lie around it."""

_LOOK_DAYS: Final = 7
"""A rule that only a later day would break waits: the days ahead are chosen again at most this often."""

_NEAR_DAYS: Final = 2
"""What today's or tomorrow's session would break never waits."""

_MISSED_LONG: Final = 7

_STILL_DAYS: Final = 2
"""Pain that was answered already asks again only for sessions this close."""

_TRAVEL_SPORTS: Final = (PlanSport.CYCLING, PlanSport.SWIMMING)


def propose(
    request: Mapping[str, Any], document: Document, life: Life, *, silenced: frozenset[str] = frozenset()
) -> Proposal | None:
    """Return the change that what happened asks for, None when the plan should stay as it is.

    Parameters
    ----------
    request : mapping
        Request of the plan.
    document : dict
        The plan as the athlete sees it.
    life : Life
    silenced : frozenset of str
        Codes that the athlete does not want to be asked about; safety cannot be silenced.

    Returns
    -------
    Proposal or None
        Its document keeps every rule from today on.
    """
    case = Case(request, document, life)
    if not document["days"] or life.today > date.fromisoformat(document["days"][-1]["date"]):
        return None
    for rule in _RULES:
        found = rule(case)
        if found is not None and found.code not in silenced - SAFETY_CODES:
            return found
        if rule is _illness and case.is_ill:
            return None  # What else the days of an illness bring, its end answers in one question.
    return None


def propose_technique(
    request: Mapping[str, Any], document: Document, life: Life, *, exercise: str, fault: str, drill: str, next_set: str
) -> Proposal | None:
    """Return the change that an accepted recommendation of a form check asks for.

    Parameters
    ----------
    request : mapping
        Request of the plan.
    document : dict
        The plan as the athlete sees it.
    life : Life
    exercise, fault : str
        What was checked, and the code of the fault that was found.
    drill, next_set : str
        What the recommendation says to practise, and how to do the next set.

    Returns
    -------
    Proposal or None
        The next session with the exercise, with fewer repetitions and the drill in front; None when no session with it
        comes in the next ten days, or it was made lighter already.
    """
    case = Case(request, document, life)
    return _cleaner(case, exercise, fault=fault, drill=drill, next_set=next_set)


def _red_flag(case: Case) -> Proposal | None:
    if not case.life.is_red_flag:
        return None
    locked = case.days_from(case.today, _LOCK_DAYS)
    document = case.edited(
        lambda when, session: None if when in locked and not case.is_goal(when, session) else session
    )
    if not case.is_sound(document):
        document = case.again(rest=locked)
    return case.proposal("red_flag", document, is_lock=True, days=_LOCK_DAYS)


def _illness(case: Case) -> Proposal | None:
    illness = case.life.illness
    if illness is None:
        return None
    if case.is_ill:
        count = _ILL_DAYS[case.today > illness.since]
        # The days cleared last time are still clear; the question comes again where they end.
        if not case.clears(count if case.today <= illness.since else 1):
            return None
        rest = case.days_from(case.today, count)
        document = case.edited(
            lambda when, session: None if when in rest and not case.is_goal(when, session) else session
        )
        if not case.is_sound(document):
            document = case.again(rest=rest)
        return case.proposal("ill", document, days=count)
    return _back_from_illness(case, illness)


def _back_from_illness(case: Case, illness: Illness) -> Proposal | None:
    """Start again with half of the load, however late the app is opened, and once for each illness."""
    free_since, key = illness.symptom_free_since, illness.since.isoformat()
    is_answered = key in (case.document.get("illnesses") or ()) or key in case.life.answered_illnesses
    if free_since is None or case.today < free_since or is_answered:
        return None
    trained = sorted(when for when in case.life.lived if illness.since <= when < case.today and case.life.lived[when])
    since_return = (case.today - trained[0]).days if trained else 0
    # So long without training asks for more than the end of an illness does.
    if since_return >= _RETURN_DAYS or (not trained and _gap(case)[0] >= _MISSED[0][0]):
        return None
    scale = {
        case.today + timedelta(days=7 * week + offset - since_return): share
        for week, share in enumerate(_RETURN_SHARES)
        for offset in range(7)
        if 7 * week + offset >= since_return
    }
    easy = case.days_from(case.today, max(1, _EASY_AFTER_ILLNESS_DAYS - since_return))
    document = case.again(scale=scale, easy=easy)
    document["illnesses"] = sorted({*(case.document.get("illnesses") or ()), key})
    return case.proposal(
        "back_from_illness",
        document,
        since=key,
        share_pct=round(100 * _RETURN_SHARES[0]),
        days=_RETURN_DAYS - since_return,
        easy_days=len(easy),
    )


def _pain(case: Case) -> Proposal | None:
    hurting = frozenset(case.life.painful)
    near = _PAIN_DAYS if any(since >= case.today for since in case.life.painful.values()) else _STILL_DAYS
    if not hurting or not any(PlanSport(s["sport"]) in hurting for _, s in case.open_sessions(near)):
        return None
    days = case.days_from(case.today, _PAIN_DAYS)
    other = next((sport for sport in _TRAVEL_SPORTS if sport not in hurting), None)
    params: dict[str, Any] = {"sports": sorted(sport.value for sport in hurting), "days": _PAIN_DAYS}
    resting = case.again(avoided=dict.fromkeys(days, hurting))
    if other is not None and case.request.sport is not PlanSport.STRENGTH:
        document = _with_other_sport(case, resting, hurting, other, days)
        if document is not None:
            return case.proposal("pain", document, **params, other=other.value)
    return case.proposal("pain", resting, **params, other=None)


def _with_other_sport(
    case: Case, resting: Document, hurting: frozenset[PlanSport], other: PlanSport, days: frozenset[date]
) -> Document | None:
    """Return the resting plan with easy sessions of a pain-free sport where sessions stood; None if none is safe."""
    document = resting
    longest = rules.FREE_SESSION_MINUTES[other]
    for when, session in case.open_sessions(_PAIN_DAYS):
        if when not in days or PlanSport(session["sport"]) not in hurting:
            continue
        swapped = edits.swapped_sport(session, other, min(longest, round(session["minutes"])), case.request)
        day = next(item for item in document["days"] if item["date"] == when.isoformat())
        if swapped is None or day["sessions"]:
            continue
        tried = recounted(
            {**document, "days": [{**d, "sessions": [swapped]} if d is day else d for d in document["days"]]},
            case.request,
        )
        if case.is_sound(tried):
            document = tried
    return None if document is resting else document


def _tired(case: Case) -> Proposal | None:
    life = case.life
    is_very = (life.readiness is not None and life.readiness < _VERY_TIRED) or life.n_tired_signals >= _LOW_SIGNALS
    is_tired = life.readiness is not None and life.readiness < _TIRED
    hard_today = [s for _, s in case.open_sessions(1) if s.get("hard") or s["sport"] == "strength"]
    if not hard_today or not (is_very or is_tired):
        return None
    share = _EASY_SHARE if is_very else _SHORTER_SHARE
    make = edits.easier if is_very else edits.shortened
    ids = {session["id"] for session in hard_today}
    code, params = (
        "very_tired" if is_very else "tired",
        {
            "title": hard_today[0]["title"],
            "share_pct": round(100 * share),
            "readiness": None if life.readiness is None else round(life.readiness),
        },
    )
    document = case.sound_from(case.edited(lambda _, s: make(s, case.request, share) if s["id"] in ids else s))
    if document is not None:
        return case.proposal(code, document, **params)
    return case.proposal("rest_today", case.again(rest=frozenset({case.today})), **params)


def _away(case: Case) -> Proposal | None:
    away = frozenset(day for day in case.life.away if day >= case.today)
    standing = {when for when, _ in case.open_sessions(366)} & away
    if not standing:
        return None
    known = set(case.raw.get("unavailable_dates") or ())
    if case.request.race_day is not None:
        away -= {case.request.race_day}
    raw = {**case.raw, "unavailable_dates": sorted(known | {day.isoformat() for day in away})}
    return case.proposal(
        "away",
        case.again(raw),
        raw=raw,
        first=min(away).isoformat(),
        last=max(away).isoformat(),
        sessions=len(standing),
    )


def _missed(case: Case) -> Proposal | None:
    gap, missed = _gap(case)
    if missed <= _MISSED_ONE and gap < _MISSED_LONG:
        return None
    for least, code, shares, loss in _MISSED:
        if gap >= least and missed > 0 and eased_share(case.document, case.today) > shares[0]:
            scale = {
                case.today + timedelta(days=7 * week + offset): share
                for week, share in enumerate(shares)
                for offset in range(7)
            }
            raw = _scaled_thresholds(case.raw, 1 - loss) if loss else case.raw
            return case.proposal(
                code, case.again(raw, scale=scale), raw=raw, days=gap, share_pct=round(100 * shares[0]), missed=missed
            )
    return None


def _gap(case: Case) -> tuple[int, int]:
    """Return the days without training up to yesterday, and how many planned sessions fell into them."""
    gap, missed = 0, 0
    for day in reversed(case.document["days"]):
        when = date.fromisoformat(day["date"])
        if when >= case.today:
            continue
        if when < case.made_on or case.life.lived.get(when):
            break
        gap += 1
        missed += len(day["sessions"])
    return gap, missed


def _missed_key(case: Case) -> Proposal | None:
    """Move a key session that was missed in the last two days to today or tomorrow; never two on one day."""
    for day in reversed(case.document["days"]):
        when = date.fromisoformat(day["date"])
        if not max(case.made_on, case.today - timedelta(days=_MOVE_DAYS)) <= when < case.today:
            continue
        done = {session.get("planned_id") for session in case.life.lived.get(when, ())}
        for session in day["sessions"]:
            if session["kind"] in _KEY_KINDS and session["id"] not in done:
                found = _placed(case, session, when + timedelta(days=_MOVE_DAYS))
                if found is not None:
                    return found
    return None


def _placed(case: Case, session: Document, latest: date) -> Proposal | None:
    when = case.today
    while when <= latest:
        day = next((item for item in case.base["days"] if item["date"] == when.isoformat()), None)
        if day is not None and not any(s.get("hard") or s["kind"] == "race" for s in day["sessions"]):
            put = {**session, "id": f"{when.isoformat()}-moved"}
            others = [s for s in day["sessions"] if s["sport"] == "strength"]
            for sessions in ([*others, put], [put]):
                days = [{**d, "sessions": sessions} if d is day else d for d in case.base["days"]]
                tried = recounted({**case.base, "days": days}, case.request)
                if case.is_sound(tried):
                    return case.proposal("missed_key", tried, title=session["title"], date=when.isoformat())
        when += timedelta(days=1)
    return None


def _too_easy(case: Case) -> Proposal | None:
    if case.life.n_too_easy < _TOO_EASY or not (case.raw.get("athlete") or {}).get("threshold"):
        return None
    raw = _scaled_thresholds(case.raw, 1 + _THRESHOLD_STEP)
    request = PlanRequest.from_dict(raw)
    document = case.edited(lambda _, session: _with_new_targets(session, request))
    if not case.is_sound(document, raw):
        document = case.again(raw)
    return case.proposal(
        "too_easy", document, raw=raw, count=case.life.n_too_easy, step_pct=round(100 * _THRESHOLD_STEP, 1)
    )


def _with_new_targets(session: Document, request: PlanRequest) -> Document:
    known = template(str(session["workout"]))
    minutes = round(session["minutes"])
    if known is None or not known.fits(minutes) or session["sport"] == "strength":
        return session
    fresh = edits.written(session, workout(known, minutes), request)
    return {**session, "steps": fresh["steps"], **{k: fresh[k] for k in ("distance_m",) if k in fresh}}


def _scaled_thresholds(raw: Mapping[str, Any], factor: float) -> dict[str, Any]:
    about = dict(raw.get("athlete") or {})
    thresholds = about.get("threshold") or {}
    if thresholds:
        # Heart rate at threshold does not move with fitness as speed and power do.
        about["threshold"] = {
            name: value if name == "hr_bpm" else round(value * factor, 3) for name, value in thresholds.items()
        }
    return {**raw, "athlete": about}


def _poor_form(case: Case) -> Proposal | None:
    return None if case.life.poor_form is None else _cleaner(case, case.life.poor_form)


def _cleaner(case: Case, exercise: str, **advice: str) -> Proposal | None:
    """Fewer repetitions in the next session with an exercise, after the drill where there is one."""
    found = [s for _, s in case.open_sessions(_FORM_DAYS) if s["workout"].startswith(f"strength.{exercise}.")]
    if not found or found[0].get("status") == "lighter":
        return None
    first = found[0]["id"]

    def change(session: Document) -> Document:
        lighter = edits.lighter_strength(session, _FORM_SHARE)
        if advice:
            lighter["steps"] = [*_warm_up(lighter["steps"][0], advice), *lighter["steps"][1:]]
        return {**lighter, "status": "lighter"}

    document = case.edited(lambda _, s: change(s) if s["id"] == first else s)
    if not case.is_sound(document):
        return None
    params: dict[str, Any] = {"exercise": exercise, "share_pct": round(100 * _FORM_SHARE), **advice}
    return case.proposal("poor_form", document, **params)


def _warm_up(step: Document, advice: Mapping[str, str]) -> list[Document]:
    """Return the warm-up with the drill in its second half: the session stays as long as it was."""
    half = round(float(step["duration_s"]) / 2)
    practice = {"kind": "free", "duration_s": half, "text": f"{advice['drill']}. {advice['next_set']}"}
    return [{**step, "duration_s": float(step["duration_s"]) - half}, practice]


def _rule_broken(case: Case) -> Proposal | None:
    """What was lived can make a later day too much: a long run cut short, a day of training more."""
    broken = case.broken(case.base)
    if broken and days_since_continued(case.document, case.today) < _LOOK_DAYS:
        near = case.today + timedelta(days=_NEAR_DAYS)
        broken = case.broken(case.edited(lambda when, s: s if when < near or s["kind"] == "race" else None))
    if not broken:
        return None
    return case.proposal("rule_broken", case.again(), rule=broken[0]["rule"])


def _drifted(case: Case) -> Proposal | None:
    """Fitness left the plan by more than its bookkeeping can bear."""
    drift = case.drift
    if drift is None:
        return None
    return case.proposal("drifted", case.again(), planned=round(drift[0]), actual=round(drift[1]))


SAFETY_CODES: Final = frozenset({"red_flag", "ill", "pain", "rule_broken"})
_RULES: Final = (
    _red_flag,
    _illness,
    _pain,
    _tired,
    _away,
    _missed,
    _missed_key,
    _too_easy,
    _poor_form,
    _rule_broken,
    _drifted,
)
