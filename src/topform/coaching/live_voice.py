"""What is said during a set, and when to be silent; the app's voice follows the same rules and words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from topform.coaching.form_feedback import cue_for
from topform.coaching.language import LANGUAGES
from topform.kinematics import form_step
from topform.kinematics.exercises.registry import faults_of
from topform.kinematics.form_analysis import Decision, Exercise, Fault, Repetition

COUNT: Final = "count"


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that could be said.

    Parameters
    ----------
    kind : str
        Key of the policy's priorities.
    code : str
        Key of the words.
    params : Mapping
        What is put into the words.
    """

    kind: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that is said now.

    Parameters
    ----------
    wish : Wish
        What is said.
    t_s : float
        When. [s]
    text : str
        The words.
    interrupts : bool
        Whether it silences what is being said.
    """

    wish: Wish
    t_s: float
    text: str
    interrupts: bool


@dataclass(frozen=True, slots=True)
class SetEvent:
    """What happened before the camera, as far as something could be said about it.

    Parameters
    ----------
    kind : str
        ``rep``, ``rep_closed``, ``partial``, ``cue``, ``state``, ``hint``, ``lost`` or ``set_done``.
    t_s : float
        When. [s]
    count : int
        Repetitions so far, for ``rep`` and ``set_done``.
    rep : Repetition or None
        Judged repetition, for ``rep_closed`` and ``cue``.
    fault : Fault or None
        What to speak of, for ``cue``.
    name : str
        The new state or the hint.
    """

    kind: str
    t_s: float
    count: int = 0
    rep: Repetition | None = None
    fault: Fault | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class VoiceState:
    """What the voice remembers.

    Parameters
    ----------
    language : str
        Of the words.
    exercise : Exercise
        Whose corrections are spoken.
    busy_until_s : float
        Until when somebody speaks. [s]
    busy_priority : int
        How important that is.
    last_s : Mapping
        When each kind and each code was last said. [s]
    corrections, praises, clean_reps : int
        So far; clean repetitions since the last praise.
    cued_in_a_row : Mapping
        How often a fault was spoken of without a repetition free of it in between.
    watched : Fault or None
        What was corrected last.
    shown_in_a_row : Mapping
        How many repetitions and attempts in a row have shown a fault.
    cued_in_set : Mapping
        How often a fault was spoken of in this set.
    waiting : Wish or None
        A correction or praise that waits for the count to be spoken.
    waits_until_s : float
        How long it waits. [s]
    """

    language: str = "en"
    exercise: Exercise = Exercise.PUSH_UP
    busy_until_s: float = -math.inf
    busy_priority: int = 0
    last_s: Mapping[str, float] = field(default_factory=dict)
    corrections: int = 0
    praises: int = 0
    clean_reps: int = 0
    cued_in_a_row: Mapping[Fault, int] = field(default_factory=dict)
    watched: Fault | None = None
    shown_in_a_row: Mapping[Fault, int] = field(default_factory=dict)
    cued_in_set: Mapping[Fault, int] = field(default_factory=dict)
    waiting: Wish | None = None
    waits_until_s: float = -math.inf


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """Return when what is said; corrections keep the distance that the recorded analysis keeps."""
    found = _read("policy")
    found["cooldown_s"]["correction"] = form_step.MIN_CUE_INTERVAL_S
    return found


@lru_cache(maxsize=64)
def words(language: str, exercise: Exercise = Exercise.PUSH_UP) -> Mapping[str, str]:
    """Return a language's words by code, corrections as the recorded analysis has them."""
    corrections = {
        f"correction.{fault.value}": cue_for(fault, exercise=exercise, language=language)
        for fault in faults_of(exercise)
    }
    return corrections | _read(language)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        files("topform.coaching").joinpath("live_cues", f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def language_of(tag: str) -> str:
    """Return the language of a BCP 47 tag, English where there are no words of it.

    Examples
    --------
    >>> language_of("de-AT"), language_of("sw")
    ('de', 'en')
    """
    name = tag.partition("-")[0].lower()
    return name if name in LANGUAGES else LANGUAGES[0]


def text_of(state: VoiceState, wish: Wish) -> str:
    """Return the words of a wish."""
    if wish.code == COUNT:
        return str(wish.params[COUNT])
    return words(state.language, state.exercise)[wish.code].format(**wish.params)


def speech_s(language: str, text: str) -> float:
    """Return how long saying something takes, on the safe side. [s]"""
    speech = rules()["speech"]
    if re.fullmatch(r"\d{1,3}", text):
        return float(speech["count_s"])
    return float(speech["start_s"] + len(text) / speech["chars_per_s"][language])


def say(state: VoiceState, wishes: Iterable[Wish], t_s: float) -> tuple[VoiceState, Utterance | None]:
    """Decide about what could be said at a moment: at most one utterance, the most important, or silence."""
    allowed = [wish for wish in wishes if _may_be_said(state, wish, t_s)]
    if not allowed:
        return state, None
    chosen = max(allowed, key=lambda wish: rules()["priority"][wish.kind])
    text = text_of(state, chosen)
    after = replace(
        state,
        busy_until_s=t_s + speech_s(state.language, text) + rules()["min_gap_s"],
        busy_priority=rules()["priority"][chosen.kind],
        last_s={**state.last_s, chosen.kind: t_s, chosen.code: t_s},
        corrections=state.corrections + (chosen.kind == "correction"),
        praises=state.praises + (chosen.kind == "praise"),
        clean_reps=0 if chosen.kind == "praise" else state.clean_reps,
    )
    return after, Utterance(chosen, t_s, text, interrupts=t_s < state.busy_until_s)


def _may_be_said(state: VoiceState, wish: Wish, t_s: float) -> bool:
    known = rules()
    if t_s - state.last_s.get(wish.kind, -math.inf) < known["cooldown_s"].get(wish.kind, 0.0):
        return False
    if t_s - state.last_s.get(wish.code, -math.inf) < known["same_code_cooldown_s"].get(wish.kind, 0.0):
        return False
    priority = known["priority"][wish.kind]
    # A cue that comes late is a wrong cue: what cannot be said now is dropped, never queued.
    return t_s >= state.busy_until_s or (priority >= known["interrupts_from"] and priority >= state.busy_priority)


def step(state: VoiceState, events: Sequence[SetEvent], t_s: float) -> tuple[VoiceState, Utterance | None]:
    """Take what happened at a moment; return what is said about it, or None.

    Parameters
    ----------
    state : VoiceState
        Before.
    events : sequence of SetEvent
        What happened, in order; may be empty.
    t_s : float
        Now; never earlier than before. [s]
    """
    wishes = [state.waiting] if state.waiting is not None and t_s <= state.waits_until_s else []
    for event in events:
        state, found = _wishes(state, event)
        # Of two corrections the first is said: the engine's choice goes before what has lasted.
        wishes = found + wishes if event.kind == "cue" else wishes + found
        if found and found[0].kind in ("correction", "escalate", "praise"):
            state = replace(state, waiting=found[0], waits_until_s=t_s + rules()["waits_s"])
    after, said = say(state, wishes, t_s)
    if said is None:
        return after, None
    # Whatever else is said takes the place of what was waiting.
    after = replace(after, waiting=None)
    if said.wish.kind not in ("correction", "escalate"):
        return after, said
    fault = Fault(str(said.wish.params["fault"]))
    row = 0 if said.wish.kind == "escalate" else after.cued_in_a_row.get(fault, 0) + 1
    in_set = after.cued_in_set.get(fault, 0) + 1
    after = replace(
        after,
        watched=fault,
        cued_in_a_row={**after.cued_in_a_row, fault: row},
        cued_in_set={**after.cued_in_set, fault: in_set},
    )
    return after, said


def _wishes(state: VoiceState, event: SetEvent) -> tuple[VoiceState, list[Wish]]:
    if event.kind in ("rep_closed", "partial") and event.rep is not None:
        state = _after_attempt(state, event.rep)
    elif event.kind == "set_done":
        state = replace(state, shown_in_a_row={}, cued_in_set={})
    match event.kind:
        case "rep":
            return state, [Wish(COUNT, COUNT, {COUNT: event.count})]
        case "rep_closed" if event.rep is not None:
            state, praise = _after_rep(state, event.rep)
            return state, _lasting(state, event.rep) or praise
        case "partial":
            lasting = [] if event.rep is None else _lasting(state, event.rep)
            return replace(state, clean_reps=0), [*lasting, Wish("partial", "partial")]
        case "cue" if event.rep is not None and event.fault is not None:
            is_due = event.fault.value not in rules()["holds_reps"] and _is_due(state, event.rep, event.fault)
            return state, [_correction(state, event.fault)] if is_due else []
        case "hint":
            return state, [Wish("setup", f"setup.{event.name}")]
        case "state" if event.name == "ready":
            return state, [Wish("setup", "setup.ready")]
        case "lost":
            return state, [Wish("lost", "lost")]
        case "set_done" if event.count > 0:
            return state, [Wish("set_done", "set_done", {COUNT: event.count})]
        case _:
            return state, []


def _is_due(state: VoiceState, rep: Repetition, fault: Fault) -> bool:
    """Return whether a repetition shows a fault for sure, and it was spoken of seldom enough in this set."""
    known, finding = rules(), rep.finding(fault)
    is_sure = finding.decision is Decision.FAULT and (finding.probability or 0.0) >= known["sure_probability"]
    return is_sure and state.cued_in_set.get(fault, 0) < known["most_in_a_set"].get(fault.value, math.inf)


def _lasting(state: VoiceState, rep: Repetition) -> list[Wish]:
    """Return the corrections of faults that are spoken of only once several repetitions in a row showed them."""
    wanted = {Fault(name): reps for name, reps in rules()["holds_reps"].items()}
    lasted = (fault for fault, reps in wanted.items() if state.shown_in_a_row.get(fault, 0) >= reps)
    return [_correction(state, fault) for fault in lasted if _is_due(state, rep, fault)]


def _correction(state: VoiceState, fault: Fault) -> Wish:
    if state.cued_in_a_row.get(fault, 0) >= rules()["escalate_after_cues"]:
        return Wish("escalate", "escalate", {"fault": fault.value})
    return Wish("correction", f"correction.{fault.value}", {"fault": fault.value})


def _after_attempt(state: VoiceState, rep: Repetition) -> VoiceState:
    shown = {one.fault for one in rep.findings if one.decision is Decision.FAULT}
    return replace(state, shown_in_a_row={fault: state.shown_in_a_row.get(fault, 0) + 1 for fault in shown})


def _after_rep(state: VoiceState, rep: Repetition) -> tuple[VoiceState, list[Wish]]:
    clear = {one.fault for one in rep.findings if one.decision is Decision.NONE}
    is_clean = rep.score is not None and all(one.decision is not Decision.FAULT for one in rep.findings)
    state = replace(
        state,
        cued_in_a_row={fault: 0 if fault in clear else row for fault, row in state.cued_in_a_row.items()},
        clean_reps=state.clean_reps + 1 if is_clean else 0,
    )
    if state.watched in clear:
        return replace(state, watched=None), [Wish("praise", "praise.better")]
    # Praise is earned, and the more was corrected, the less it takes to hear some.
    known = rules()
    owes = state.corrections >= known["corrections_per_praise"] * (state.praises + 1)
    enough = math.ceil(known["praise_after_clean_reps"] / 2) if owes else known["praise_after_clean_reps"]
    if state.clean_reps < enough:
        return state, []
    return state, [Wish("praise", known["praise"][state.praises % len(known["praise"])])]
