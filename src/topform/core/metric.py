"""A number with its provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of one activity or day.

    A suppressed metric (too little data, a parameter missing) has ``value`` None and says why in ``warnings``.

    Parameters
    ----------
    metric : str
        Stable id, for example ``"trimp_banister"``.
    value : float or None
        The number, or None when it could not be computed.
    unit : str
        Unit of the value, ``"1"`` for ratios.
    version : int
        Version of the formula; it rises when the same input gives another number.
    coverage : float or None
        Fraction of the input that was observed, 0..1; None where the notion does not apply.
    n_valid : int or None
        Number of observed samples.
    warnings : tuple of str
        Why the value is absent or to be read with care.
    """

    metric: str
    value: float | None
    unit: str
    version: int
    coverage: float | None = None
    n_valid: int | None = None
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "value": self.value,
            "unit": self.unit,
            "coverage": self.coverage,
            "n_valid": self.n_valid,
            "version": self.version,
            "warnings": list(self.warnings),
        }
