"""Libraries that only training needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from topform.core.errors import ModelUnavailableError

TRAINING_LIBRARIES: Final = ("torch", "litert_torch", "optuna")


@contextmanager
def with_torch() -> Iterator[None]:
    """Turn a missing PyTorch into an error that says how to install it.

    Raises
    ------
    ModelUnavailableError
        If a library of the extra ``train`` is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in TRAINING_LIBRARIES:
            raise
        raise ModelUnavailableError(
            f"Training and conversion need {error.name}, which is not installed",
            remedy="pip install 'topform[train]' (for machines without a GPU from the CPU index of PyTorch).",
        ) from error
