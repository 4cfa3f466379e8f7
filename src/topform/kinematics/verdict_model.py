"""The constants of the verdict as a model: a small file that is read strictly, and the verdict on recorded figures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from topform.core.errors import ModelUnavailableError
from topform.kinematics.form_analysis import (
    PUSH_UP_FAULTS,
    Decision,
    Fault,
    Finding,
    FormVerdict,
    Repetition,
    Tempo,
)
from topform.kinematics.push_up_faults import CRITERIA
from topform.kinematics.verdict import VerdictConstants, verdict_of

MODEL_ID: Final = "push_up_verdict"
FORMAT: Final = "topform-verdict"
VERSION: Final = 1
BOUNDS: Final = {
    "line": (-0.5, 2.0),
    "head": (-0.5, 2.0),
    "tempo": (-0.5, 2.0),
    "other": (-0.5, 2.0),
    "learned_line": (0.5, 2.0),
    "slope_faulty": (0.5, 20.0),
    "slope_correct": (0.5, 20.0),
    "hidden_line": (-1.0, -0.1),
    "noise": (0.0, 0.2),
}
"""What a file may hold; outside them no verdict is one that people could follow."""

ROUNDING: Final = 5e-4
"""Half of the last digit that recorded probabilities have."""


def write_constants(constants: VerdictConstants) -> bytes:
    """Return the file of the constants; equal constants give equal bytes.

    Examples
    --------
    >>> read_constants(write_constants(VerdictConstants(line=0.4))).line
    0.4
    """
    rounded = {name: round(float(value), 6) for name, value in asdict(constants).items()}
    document = {"format": FORMAT, "version": VERSION, "constants": rounded}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def read_constants(content: bytes) -> VerdictConstants:
    """Read the file of the constants.

    Raises
    ------
    ModelUnavailableError
        If it is no such file, lacks a constant, or holds one outside of `BOUNDS`.
    """
    try:
        document = json.loads(content)
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise ValueError("another format")
        said = {name: float(document["constants"][name]) for name in (one.name for one in fields(VerdictConstants))}
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailableError(
            "The file holds no constants of the verdict", file=MODEL_ID, remedy="Take the version back."
        ) from error
    for name, value in said.items():
        low, high = BOUNDS[name]
        if not (math.isfinite(value) and low <= value <= high):
            raise ModelUnavailableError(
                f"The constant {name} is {value:g}, which is not within {low:g} and {high:g}",
                file=MODEL_ID,
                remedy="Take the version back.",
            )
    return VerdictConstants(**said)


def recorded_verdict(document: Mapping[str, Any], constants: VerdictConstants) -> FormVerdict:
    """Return what the verdict on a stored push-up analysis would be, from its recorded figures alone.

    Parameters
    ----------
    document : mapping
        As `FormAnalysis.as_dict` gives it.
    constants : VerdictConstants
        Of the version that is asked.
    """
    return verdict_of(recorded_reps(document), constants)


def recorded_reps(document: Mapping[str, Any]) -> list[Repetition]:
    """Return the repetitions of a stored push-up analysis, as exactly as they were recorded."""
    return [_rep(rep) for rep in document.get("reps") or () if rep["complete"]]


def _rep(said: Mapping[str, Any]) -> Repetition:
    tempo = said.get("tempo") or {}
    return Repetition(
        index=int(said["index"]),
        start_s=float(said["start_s"]),
        turn_s=float(said["turn_s"]),
        end_s=float(said["end_s"]),
        is_complete=bool(said["complete"]),
        range_deg=said.get("range_deg"),
        range_m=float(said.get("range_m") or 0.0),
        min_elbow_deg=said.get("min_elbow_deg"),
        max_elbow_deg=said.get("max_elbow_deg"),
        body_line_deg=said.get("body_line_deg"),
        tempo=Tempo(float(tempo.get("eccentric_s", 0.0)), float(tempo.get("concentric_s", 0.0))),
        score=said.get("score"),
        findings=_findings(said.get("faults") or ()),
    )


def _findings(said: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    by_code = {one["code"]: one for one in said}
    return tuple(_finding(fault, by_code.get(fault.value, {})) for fault in PUSH_UP_FAULTS)


def _finding(fault: Fault, said: Mapping[str, Any]) -> Finding:
    criterion = CRITERIA[fault]
    return Finding(
        fault=fault,
        decision=Decision(said.get("decision", Decision.ABSTAIN.value)),
        probability=_inside(said.get("probability")),
        reason=str(said.get("reason", "not_recorded")),
        window_s=(0.0, 0.0),
        measured=said.get("measured"),
        passes=criterion.passes,
        fails=criterion.fails,
        unit=criterion.unit,
        learned_probability=_inside(said.get("learned_probability")),
    )


def _inside(probability: float | None) -> float | None:
    """Undo that rounding made a certainty of a probability, which has no place in the grey zone."""
    return None if probability is None else min(1.0 - ROUNDING, max(ROUNDING, float(probability)))
