"""Splits by group: all recordings of one person lie in one fold, or the score is worth nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from topform.core.arrays import IntArray
from topform.core.errors import OutOfRangeError


def fold_of_group(group: str, *, folds: int, seed: int = 0) -> int:
    """Return the fold of a group, the same on every machine and for every other set of groups.

    Parameters
    ----------
    group : str
        Name of the person or source video.
    folds : int
        Number of folds, >= 2.
    seed : int
        Chooses another assignment.

    Examples
    --------
    >>> fold_of_group("anna", folds=5) == fold_of_group("anna", folds=5)
    True
    """
    if folds < 2:
        raise OutOfRangeError(f"{folds} folds cannot hold anything out")
    digest = hashlib.sha256(f"{seed}:{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % folds


def group_folds(groups: Sequence[str], *, folds: int, seed: int = 0) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield pairs of (training, held-out) positions; no group lies on both sides.

    Folds that no group falls into are skipped.

    Parameters
    ----------
    groups : sequence of str, length N
        The group of each case.
    folds, seed
        See `fold_of_group`.
    """
    fold = np.array([fold_of_group(group, folds=folds, seed=seed) for group in groups], dtype=np.int64)
    for index in range(folds):
        held_out = np.flatnonzero(fold == index)
        if held_out.size and held_out.size < len(groups):
            yield np.flatnonzero(fold != index), held_out


def leave_one_group_out(groups: Sequence[str]) -> Iterator[tuple[str, IntArray, IntArray]]:
    """Yield (group, training positions, held-out positions) for every group."""
    names = np.array(groups)
    for group in sorted(set(groups)):
        yield group, np.flatnonzero(names != group), np.flatnonzero(names == group)
