"""How far two people who marked the same recording agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import BoolArray
from topform.core.errors import ShapeError

MIN_OVERLAP: Final = 0.5
"""Two marked repetitions are the same one when they share at least this part of their common extent."""


@dataclass(frozen=True, slots=True)
class MarkedRep:
    """One repetition as a person marked it.

    Parameters
    ----------
    start_s, end_s : float
        Extent. [s]
    faults : frozenset of str
        Codes of the faults seen.
    """

    start_s: float
    end_s: float
    faults: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FaultAgreement:
    """Agreement on one fault over the repetitions that both marked.

    Parameters
    ----------
    fault : str
        Code.
    reps : int
        Repetitions judged by both.
    agreed : int
        Judged alike.
    kappa : float or None
        Cohen's kappa, -1..1; None where chance alone would agree always, as when nobody ever saw the fault.
    """

    fault: str
    reps: int
    agreed: int
    kappa: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "fault": self.fault,
            "reps": self.reps,
            "agreed": self.agreed,
            "kappa": None if self.kappa is None else round(self.kappa, 3),
        }


def cohen_kappa(first: BoolArray, second: BoolArray) -> float | None:
    """Return Cohen's kappa of two yes-or-no judgements [1]_, None where chance alone would agree always.

    Parameters
    ----------
    first, second : ndarray of bool, shape (n,)
        Judgements of the same things, n >= 1.

    Raises
    ------
    ShapeError
        If there is nothing to compare, or not the same number.

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales," Educ. Psychol. Meas., vol. 20, pp. 37-46, 1960.

    Examples
    --------
    >>> yes_yes, yes_no, no_yes, no_no = 20, 5, 10, 15
    >>> first = np.repeat([True, True, False, False], [yes_yes, yes_no, no_yes, no_no])
    >>> second = np.repeat([True, False, True, False], [yes_yes, yes_no, no_yes, no_no])
    >>> round(cohen_kappa(first, second), 2)
    0.4
    """
    if first.shape != second.shape or first.ndim != 1 or not first.size:
        raise ShapeError("kappa needs two judgements of the same things")
    observed = float(np.mean(first == second))
    p, q = float(first.mean()), float(second.mean())
    chance = p * q + (1.0 - p) * (1.0 - q)
    return None if chance >= 1.0 else (observed - chance) / (1.0 - chance)


def matched_reps(first: Sequence[MarkedRep], second: Sequence[MarkedRep]) -> list[tuple[MarkedRep, MarkedRep]]:
    """Return the repetitions that both marked, each at most once, the best overlap first taken, in order of time.

    Parameters
    ----------
    first, second : sequence of MarkedRep
        What two people marked.
    """
    pairs = sorted(
        (
            (_overlap(mine, theirs), i, j)
            for i, mine in enumerate(first)
            for j, theirs in enumerate(second)
            if _overlap(mine, theirs) >= MIN_OVERLAP
        ),
        reverse=True,
    )
    taken_first: set[int] = set()
    taken_second: set[int] = set()
    found = []
    for _, i, j in pairs:
        if i not in taken_first and j not in taken_second:
            taken_first.add(i)
            taken_second.add(j)
            found.append((i, j))
    return [(first[i], second[j]) for i, j in sorted(found)]


def agreement(
    pairs: Iterable[tuple[MarkedRep, MarkedRep]], faults: Iterable[str], *, unjudged: frozenset[str] = frozenset()
) -> list[FaultAgreement]:
    """Return the agreement on each fault.

    Parameters
    ----------
    pairs : iterable of (MarkedRep, MarkedRep)
        The same repetitions as two people marked them; see `matched_reps`.
    faults : iterable of str
        Codes to report.
    unjudged : frozenset of str
        Codes that one of the two could not judge; they are left out.
    """
    both = list(pairs)
    found = []
    for fault in faults:
        if fault in unjudged or not both:
            continue
        first = np.array([fault in mine.faults for mine, _ in both])
        second = np.array([fault in theirs.faults for _, theirs in both])
        found.append(FaultAgreement(fault, len(both), int((first == second).sum()), cohen_kappa(first, second)))
    return found


def _overlap(first: MarkedRep, second: MarkedRep) -> float:
    common = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    extent = max(first.end_s, second.end_s) - min(first.start_s, second.start_s)
    return common / extent if extent > 0.0 else 0.0
