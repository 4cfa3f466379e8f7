"""One load for a session: the best source that it has, never a sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from topform.core.metric import MetricValue

PRIORITY: Final = (
    ("power", "power_load"),
    ("run_pace", "run_load"),
    ("swim", "swim_load"),
    ("hr", "hr_load"),
    ("hr_est", "hr_load_est"),
    ("srpe", "srpe_load"),
)
"""Sources from most to least direct, and the metric of each."""


@dataclass(frozen=True, slots=True)
class SessionLoad:
    """The load of one leg and where it comes from.

    Parameters
    ----------
    value_au : float
        100 is one hour at threshold. [AU]
    source : str
        "power", "run_pace", "swim", "hr", "hr_est" (threshold heart rate estimated) or "srpe".
    warnings : tuple of str
        What to bear in mind.
    """

    value_au: float
    source: str
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {"value_au": self.value_au, "source": self.source, "warnings": list(self.warnings)}


def session_load(metrics: Mapping[str, MetricValue], *, srpe_scale: float) -> SessionLoad | None:
    """Return the load of the first source that has one, None without any.

    Parameters
    ----------
    metrics : mapping of str to MetricValue
        By metric id.
    srpe_scale : float
        Factor from session-RPE load to the load scale.
    """
    for source, metric in PRIORITY:
        found = metrics.get(metric)
        if found is not None and found.value is not None:
            scale = srpe_scale if source == "srpe" else 1.0
            return SessionLoad(found.value * scale, source, found.warnings)
    return None
