"""MRC and ERG course files: a line of minutes against percent of threshold, or against watts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from topform.formats.workouts.steps import UnsupportedSessionError, flat_steps, intensity_pct, require_power_session

_LATIN: Final = str.maketrans({"×": "x", "ß": "ss", "ø": "o", "–": "-", "’": "'"})
"""Letters that do not come apart into an ASCII one and its mark; trainers' programs read these files as ASCII."""


def mrc(session: Mapping[str, Any]) -> bytes:
    """Return a cycling session as an MRC file, in percent of threshold.

    Raises
    ------
    UnsupportedSessionError
        For other sports, races and sessions without power targets.
    """
    require_power_session(session, "MRC")
    return _course(session, unit="PERCENT", factor=1.0, ftp_w=None)


def erg(session: Mapping[str, Any], *, ftp_w: float | None) -> bytes:
    """Return a cycling session as an ERG file, in watts.

    Raises
    ------
    UnsupportedSessionError
        As for MRC, and without a threshold power.
    """
    require_power_session(session, "ERG")
    if ftp_w is None:
        raise UnsupportedSessionError(
            "ERG holds watts and the threshold power is not known",
            remedy='Add "threshold": {"power_w": ...} to the athlete, or write MRC, which holds percent.',
        )
    return _course(session, unit="WATTS", factor=ftp_w / 100, ftp_w=ftp_w)


def _course(session: Mapping[str, Any], *, unit: str, factor: float, ftp_w: float | None) -> bytes:
    lines = [
        "[COURSE HEADER]",
        "VERSION = 2",
        "UNITS = ENGLISH",
        f"DESCRIPTION = {_plain(session['title'])}",
        f"FILE NAME = {_plain(session['id'])}",
    ]
    if ftp_w is not None:
        lines.append(f"FTP = {ftp_w:.0f}")
    lines += [f"MINUTES {unit}", "[END COURSE HEADER]", "[COURSE DATA]"]
    texts, at_s = [], 0
    for step in flat_steps(session["steps"]):
        low, high = intensity_pct(step)
        if step["kind"] != "ramp":
            low = high = (low + high) / 2
        end_s = at_s + int(step["duration_s"])
        lines += [f"{at_s / 60:.4f}\t{low * factor:.1f}", f"{end_s / 60:.4f}\t{high * factor:.1f}"]
        texts.append(f"{at_s}\t{_plain(step['text'])}\t10")
        at_s = end_s
    lines += ["[END COURSE DATA]", "[COURSE TEXT]", *texts, "[END COURSE TEXT]", ""]
    return "\r\n".join(lines).encode("utf-8")


def _plain(text: object) -> str:
    folded = unicodedata.normalize("NFKD", str(text).translate(_LATIN)).encode("ascii", "ignore").decode()
    return " ".join(folded.replace("[", "(").replace("]", ")").split())
