"""Reading the step documents of a planned session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from topform.core.errors import InvalidInputError

Step = Mapping[str, Any]


class UnsupportedSessionError(InvalidInputError):
    """The format cannot express this session; the message says why."""

    code = "session_not_expressible"


def flat_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Iterate over the steps in the order they are done, repeats multiplied out."""
    for step in steps:
        if step["kind"] == "repeat":
            for _ in range(int(step["count"])):
                yield from flat_steps(step["steps"])
        else:
            yield step


def intensity_pct(step: Step) -> tuple[float, float]:
    """Return the target range as a percentage of threshold; (0, 0) for rest."""
    low, high = step.get("intensity_pct", (0.0, 0.0))
    return float(low), float(high)


def require_power_session(session: Mapping[str, Any], format_name: str) -> None:
    """Refuse what a trainer file cannot hold: other sports, and sessions without power targets."""
    if session["sport"] != "cycling" or session["kind"] == "race":
        raise UnsupportedSessionError(
            f"{session['title']} ({session['sport']}) is no trainer session",
            remedy=f"{format_name} holds cycling sessions by power; use FIT or the calendar for the others.",
        )
    if not any("intensity_pct" in step for step in flat_steps(session["steps"])):
        raise UnsupportedSessionError(f"{session['title']} has no power targets", remedy="Use FIT or the calendar.")
