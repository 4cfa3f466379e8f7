"""Writing a plan's sessions as files for calendars, watches and trainers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from topform.coaching.request import PlanRequest
from topform.core.clock import SystemClock
from topform.core.errors import InvalidInputError
from topform.formats.workouts import calendar, erg, fit_workout, mrc, zwo
from topform.formats.workouts.steps import UnsupportedSessionError


def write_files(
    document: dict[str, Any],
    request: PlanRequest,
    *,
    ics: Path | None,
    folders: dict[str, Path | None],
    language: str = "en",
) -> dict[str, Any]:
    """Write the files that were asked for; return how many of each, and what a format could not hold."""
    now = SystemClock().now()
    ftp_w = request.athlete.thresholds.power_w
    encoders: dict[str, Callable[[dict[str, Any]], bytes]] = {
        "fit": lambda session: fit_workout(session, created_at=now, language=language),
        "zwo": zwo,
        "mrc": mrc,
        "erg": lambda session: erg(session, ftp_w=ftp_w),
    }
    written: dict[str, Any] = {}
    if ics is not None:
        _write(ics, calendar(document["days"], created_at=now, language=language))
        written["ics"] = {"written": 1, "path": str(ics), "left_out": []}
    sessions = [session for day in document["days"] for session in day["sessions"]]
    for kind, folder in folders.items():
        if folder is not None:
            written[kind] = _write_folder(folder, kind, sessions, encoders[kind])
    return written


def _write_folder(
    folder: Path, kind: str, sessions: list[dict[str, Any]], encode: Callable[[dict[str, Any]], bytes]
) -> dict[str, Any]:
    left_out: Counter[str] = Counter()
    count = 0
    for session in sessions:
        try:
            content = encode(session)
        except UnsupportedSessionError as error:
            left_out[f"{session['sport']}: {error.remedy}"] += 1
            continue
        _write(folder / f"{session['id']}-{session['workout'].replace('.', '-')}.{kind}", content)
        count += 1
    reasons = [f"{number} left out, {reason}" for reason, number in left_out.items()]
    return {"written": count, "path": str(folder), "left_out": reasons}


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise InvalidInputError(
            f"cannot write {path}: {error.strerror}", remedy="Choose a folder that you may write to.", file=str(path)
        ) from error
