"""Golden vectors that hold the app's engine to the package's: made-up sets, and what the causal step says of them.

``python -m tests.support.live_vectors`` writes ``app/src/live/engine/vectors.json``. What both engines read is the
stored, rounded poses, so the vectors do not depend on how a machine rounds while making them.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.support.push_up_body import PushUps
from topform.coaching import live_session, live_voice
from topform.core.arrays import FloatArray
from topform.kinematics import form_step
from topform.kinematics.exercise_step import SetState
from topform.kinematics.exercises.push_up import DEFINITION
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Exercise, Repetition
from topform.kinematics.learned_form import LearnedForm
from topform.kinematics.observation import FrameObservation, FrameObserver
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33, SIDES
from topform.ml.synthesis.recordings import synthesise

VECTORS: Final = Path(__file__).resolve().parents[2] / "app" / "src" / "live" / "engine" / "vectors.json"
JOINTS: Final = (
    "nose",
    *(f"{side}_{joint}" for joint in ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle") for side in SIDES),
)
MISSING: Final = -32768
WITH_SPACE: Final = frozenset(
    {"24 from the front", "24 from three quarters", "30 with drop-outs", "15 clean", "30 down into a plank"}
)
PICTURE_PX: Final = (1280.0, 720.0)
UNITS_PER_PX: Final = 4.0
UNITS_PER_M: Final = 500.0
UNITS_PER_SCORE: Final = 200.0
UNITS_PER_LOGIT: Final = 16.0


def made_up_sets() -> dict[str, PoseSequence]:
    """Return the sets by name; the rate stands in the name."""
    rng = np.random.default_rng(20261122)
    full, part = 0.22, 0.42
    mixed = (full, full, part, full, part, full)
    clean = PushUps(bottoms_m=(full,) * 5, noise_px=1.5)
    sets = {
        "15 clean": clean.frames(15.0, rng=rng),
        "24 with partial repetitions": replace(clean, bottoms_m=mixed).frames(24.0, rng=rng),
        "30 hips sag": replace(clean, hip_offset=-0.07).frames(30.0, rng=rng),
        "24 hips pike, head drops": replace(clean, hip_offset=0.09, neck_drop_deg=45.0).frames(24.0, rng=rng),
        "60 shallow and fast": replace(clean, bottoms_m=(0.38,) * 8, period_s=0.7).frames(60.0, rng=rng),
        "15 bent arms at the top": replace(clean, top_m=0.45).frames(15.0, rng=rng),
        "30 hips follow late": replace(clean, hip_lag_s=0.5, period_s=2.6, bottoms_m=(full,) * 4).frames(30.0, rng=rng),
        "24 from the front": replace(clean, yaw_deg=85.0, bottoms_m=(full,) * 4).frames(24.0, rng=rng),
        "24 from three quarters": replace(clean, yaw_deg=38.0, bottoms_m=(full,) * 4).frames(24.0, rng=rng),
        "30 with drop-outs": _with_drop_outs(clean.frames(30.0, rng=rng), rng),
        "24 with a pause": _with_pause(clean.frames(24.0, rng=rng)),
    }
    for rate, seed in ((15, 3), (15, 11), (24, 5), (30, 7), (60, 9)):
        sets[f"{rate} made-up athlete {seed}"] = _made_up(rate, seed)
    sets["30 down into a plank"] = into_plank()
    return sets


def into_plank() -> PoseSequence:
    """Return a body that sinks, comes to rest further down in the picture and holds on: no repetition."""
    lowering = PushUps(bottoms_m=(0.4,), period_s=1.2, rest_s=1.5)
    poses = lowering.frames()
    turn = int(np.argmin(lowering.shoulder_height_m(poses.t_s)))
    order = np.minimum(np.arange(len(poses) + 150), turn)
    t_s: FloatArray = np.arange(len(order)) / 30.0
    # The average of the hands follows them for seconds, in which the body is still.
    lower_px = 120.0 * np.clip((t_s - lowering.rest_s) / 0.6, 0.0, 1.0)
    xy_px = poses.xy_px[order] + np.stack([np.zeros_like(lower_px), lower_px], axis=1)[:, None]
    world_m = None if poses.world_m is None else poses.world_m[order]
    return PoseSequence(t_s, xy_px, poses.score[order], poses.skeleton, world_m)


def _with_drop_outs(poses: PoseSequence, rng: np.random.Generator) -> PoseSequence:
    """Lose single joints, single frames, the body for 0.4 s and for 1.5 s, and the camera for 1 s."""
    xy = poses.xy_px.copy()
    t_s = poses.t_s
    xy[rng.random(xy.shape[:2]) < 0.01] = np.nan
    xy[rng.random(len(t_s)) < 0.03] = np.nan
    xy[(t_s > 3.0) & (t_s < 3.4)] = np.nan
    xy[(t_s > 6.0) & (t_s < 7.5)] = np.nan
    keep = ~((t_s > 9.2) & (t_s < 10.2))
    world = None if poses.world_m is None else poses.world_m[keep]
    return PoseSequence(t_s[keep], xy[keep], poses.score[keep], poses.skeleton, world)


def _with_pause(poses: PoseSequence) -> PoseSequence:
    """Rest for three seconds in the middle of a descent."""
    at = int(np.searchsorted(poses.t_s, 5.6))
    step_s = float(poses.t_s[1] - poses.t_s[0])
    order = np.concatenate([np.arange(at), np.full(round(3.0 / step_s), at), np.arange(at, len(poses))])
    world = None if poses.world_m is None else poses.world_m[order]
    t_s: FloatArray = np.asarray(np.arange(len(order)) * step_s, dtype=np.float64)
    return PoseSequence(t_s, poses.xy_px[order], poses.score[order], poses.skeleton, world)


def _made_up(rate: int, seed: int) -> PoseSequence:
    """Return the first set of push-ups with a way into position and out of it, as the form model is trained on."""
    seconds = 10 if rate == 60 else 16
    made = synthesise(np.random.default_rng(seed), count=40, frames=seconds * rate, step_s=(0.98 / rate, 1.02 / rate))
    away = made.exercise[:, 0] != made.exercise.max(axis=1)
    order = np.argsort(-made.rep_count, kind="stable").tolist()
    row = next(i for i in order if away[i] and abs(made.yaw_deg[i]) < 60.0)
    return PoseSequence(made.t_s[row], made.xy[row], made.score[row], BLAZEPOSE33)


def stored(name: str, poses: PoseSequence, rng: np.random.Generator) -> dict[str, Any]:
    """Return the rounded poses of a set as JSON."""
    places = BLAZEPOSE33.indices(JOINTS)
    size = np.nanmax(np.abs(poses.xy_px))
    scale = min(1.0, 8000.0 / float(size))
    world = poses.world_m if name in WITH_SPACE else None
    # What a model would say, if at random: the engine only weighs it.
    logits = rng.normal(-1.0, 2.0, (len(poses), len(PUSH_UP_FAULTS))) if "made-up" in name else None
    return {
        "name": name,
        "t_ms": np.round(poses.t_s * 1000.0).astype(int).tolist(),
        "xy": _packed(poses.xy_px[:, places] * scale * UNITS_PER_PX),
        "score": _packed(poses.score[:, places] * UNITS_PER_SCORE, kind="<u1"),
        "world": None if world is None else _packed(world[:, places] * UNITS_PER_M),
        "logits": None if logits is None else _packed(np.clip(logits, -7.0, 7.0) * UNITS_PER_LOGIT, kind="<i1"),
    }


def _packed(values: FloatArray, *, kind: str = "<i2") -> str:
    """Return whole numbers as differences from frame to frame, which deflate well."""
    whole = np.where(np.isfinite(values), np.round(values), MISSING if kind == "<i2" else 0).astype(kind)
    steps = np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1]))
    low = (steps.view(np.uint8).reshape(-1, np.dtype(kind).itemsize)).T
    return base64.b64encode(zlib.compress(low.tobytes(), 9)).decode("ascii")


def _unpacked(text: str | None, shape: tuple[int, ...], units: float, *, kind: str = "<i2") -> FloatArray | None:
    if text is None:
        return None
    octets = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8)
    steps = octets.reshape(np.dtype(kind).itemsize, -1).T.copy().view(kind).reshape(shape)
    whole = np.cumsum(steps, axis=0, dtype=kind).astype(np.float64)
    whole[whole == MISSING] = np.nan
    # The app holds keypoints in single precision.
    return np.asarray((whole / units).astype(np.float32).astype(np.float64))


def causal_result(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the causal step says of a stored set."""
    n, k = len(document["t_ms"]), len(JOINTS)
    xy = _unpacked(document["xy"], (n, k, 2), UNITS_PER_PX)
    score = _unpacked(document["score"], (n, k), UNITS_PER_SCORE, kind="<u1")
    world = _unpacked(document["world"], (n, k, 3), UNITS_PER_M)
    logits = _unpacked(document["logits"], (n, len(PUSH_UP_FAULTS)), UNITS_PER_LOGIT, kind="<i1")
    assert xy is not None and score is not None
    places = BLAZEPOSE33.indices(JOINTS)
    observer = FrameObserver(BLAZEPOSE33)
    state, events = form_step.start(DEFINITION), []
    session, voice, spoken = live_session.SessionState(Exercise.PUSH_UP), live_voice.VoiceState(), []
    for i, t_ms in enumerate(document["t_ms"]):
        whole, certain = np.full((len(BLAZEPOSE33), 2), np.nan), np.zeros(len(BLAZEPOSE33))
        whole[places], certain[places] = xy[i], score[i]
        space = None
        if world is not None:
            space = np.full((len(BLAZEPOSE33), 3), np.nan)
            space[places] = world[i]
        learned = None
        if logits is not None:
            learned = LearnedForm(tuple(logits[i].tolist()), *(math.nan,) * 8)
        seen = observer.observe(t_s=t_ms / 1000.0, xy_px=whole, score=certain, world_m=space, learned=learned)
        state, told = form_step.step(state, seen)
        events += _told(told)
        happened = _session_events(session, state, told, seen, whole)
        session = happened[0]
        voice, said = live_voice.step(voice, happened[1], seen.t_s)
        spoken += [] if said is None else [[round(said.t_s, 4), said.wish.code, said.text]]
    state, told = form_step.finish(state)
    return {
        "events": [*events, *_told(told)],
        "said": spoken,
        "count": state.engine.count,
        "partial_count": state.engine.partial_count,
        "reps": [_rep(rep) for rep in sorted((*state.reps, *state.partial_reps), key=lambda rep: rep.start_s)],
    }


def _session_events(
    session: live_session.SessionState,
    state: form_step.FormState,
    told: form_step.Told,
    seen: FrameObservation,
    xy_px: FloatArray,
) -> tuple[live_session.SessionState, tuple[live_voice.SetEvent, ...]]:
    is_seen = bool(np.isfinite(xy_px).any())
    hint = live_session.setup_hint(xy_px if is_seen else None, PICTURE_PX, seen, Exercise.PUSH_UP)
    return live_session.step(session, SetState((state,), None), told, t_s=seen.t_s, hint=hint, is_seen=is_seen)


def _told(told: form_step.Told) -> list[list[Any]]:
    found: list[list[Any]] = [
        [event.kind.value, round(event.t_s, 4), event.phase.value, event.count] for event in told.events
    ]
    return found if told.cue is None else [*found, ["cue", told.cue.value]]


def _rep(rep: Repetition) -> dict[str, Any]:
    return {
        "complete": rep.is_complete,
        "start_s": round(rep.start_s, 4),
        "turn_s": round(rep.turn_s, 4),
        "end_s": round(rep.end_s, 4),
        "range_m": round(rep.range_m, 5),
        "score": _rounded(rep.score),
        "min_elbow_deg": _rounded(rep.min_elbow_deg),
        "body_line_deg": _rounded(rep.body_line_deg),
        "findings": [
            [f.fault.value, f.decision.value, f.reason, _rounded(f.probability), _rounded(f.measured)]
            for f in rep.findings
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def vectors() -> dict[str, Any]:
    """Return the whole document."""
    rng = np.random.default_rng(7)
    sets = [stored(name, poses, rng) for name, poses in made_up_sets().items()]
    return {
        "joints": list(JOINTS),
        "missing": MISSING,
        "units": {"px": UNITS_PER_PX, "m": UNITS_PER_M, "score": UNITS_PER_SCORE, "logit": UNITS_PER_LOGIT},
        "sets": [{**one, "expected": causal_result(one)} for one in sets],
    }


def main() -> None:
    """Write the file."""
    document = vectors()
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in document.pop("sets"))
    head = json.dumps(document, separators=(",", ":"))
    VECTORS.write_text(f'{head[:-1]},"sets":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
