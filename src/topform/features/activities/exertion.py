"""The athlete's own rating as a load, where no measured one exists."""

from __future__ import annotations

from topform.science.srpe import LOAD_PER_SRPE, srpe_load

RATED = "srpe"


def load_with_rating(
    *, load_au: float | None, load_source: str | None, rpe_cr10: float | None, elapsed_s: float
) -> tuple[float | None, str | None]:
    """Return the load and its source: a measured one stays, a rating fills the gap, without either there is none."""
    if load_source not in (None, RATED):
        return load_au, load_source
    if rpe_cr10 is None:
        return None, None
    return srpe_load(rpe_cr10=rpe_cr10, duration_s=elapsed_s) * LOAD_PER_SRPE, RATED
