"""Walks a tree of worked examples: every leaf is an input, or a number of ours stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

RELATIVE = 1e-3
STEP = " > "

Leaf = float | int | bool | str


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield the path and the value of every leaf."""
    if isinstance(tree, Mapping):
        branches = tree.items()
    elif isinstance(tree, list | tuple):
        branches = [(str(place), value) for place, value in enumerate(tree)]  # type: ignore[assignment]
    else:
        yield path, tree.item() if hasattr(tree, "item") else tree
        return
    for name, value in branches:
        yield from leaves(value, f"{path}{STEP}{name}" if path else str(name))


def disagreements(
    stated: Mapping[str, Any],
    ours: Mapping[str, Any],
    *,
    inputs: Sequence[str] = (),
    rounded: Mapping[str, float] | None = None,
    chance: Mapping[str, float] | None = None,
) -> list[str]:
    """Return what is wrong with our values of an example, a line a leaf.

    Parameters
    ----------
    stated, ours : mapping
        Trees of numbers, truths and words; ours may leave out inputs.
    inputs : sequence of str
        Patterns of the paths that the example gives.
    rounded : mapping of str to float, optional
        Patterns of numbers that are small beside their last printed digit, with half of that digit.
    chance : mapping of str to float, optional
        Patterns of numbers that were drawn, with how far another draw may lie from them, relative to them.
    """
    said, found = dict(leaves(stated)), dict(leaves(ours))
    wrong = [f"{path}: of ours, but not in the file" for path in found if path not in said]
    patterns = (*inputs, *(rounded or {}), *(chance or {}))
    wrong += [
        f"{pattern}: matches nothing" for pattern in patterns if not any(fnmatchcase(path, pattern) for path in said)
    ]
    for path, expected in said.items():
        is_input = any(fnmatchcase(path, pattern) for pattern in inputs)
        if path not in found:
            wrong += [] if is_input else [f"{path}: {expected!r} is neither an input nor computed"]
        elif is_input:
            wrong.append(f"{path}: called an input, but computed")
        elif not agrees(expected, found[path], absolute=_of(path, rounded, 0.0), relative=_of(path, chance, RELATIVE)):
            wrong.append(f"{path}: {expected!r} in the file, {found[path]!r} ours")
    return wrong


def agrees(expected: Leaf, found: Leaf, *, absolute: float = 0.0, relative: float = RELATIVE) -> bool:
    """Return whether two leaves are the same: words up to a remark in brackets, whole numbers exactly."""
    if isinstance(expected, str) or isinstance(found, str):
        return str(expected).split(" (")[0] == str(found).split(" (")[0]
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int):
        return abs(found - expected) <= 1e-9 * abs(expected)
    return abs(found - expected) <= max(relative * abs(expected), absolute, 1e-12)


def _of(path: str, limits: Mapping[str, float] | None, otherwise: float) -> float:
    return next((limit for pattern, limit in (limits or {}).items() if fnmatchcase(path, pattern)), otherwise)
