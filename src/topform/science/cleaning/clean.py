"""One pass over a leg."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from topform.core.activity import Leg, Streams
from topform.science.cleaning import positions, sensors
from topform.science.cleaning.report import Bench, CleaningReport

CLEANING_VERSION: Final = 2
"""Goes up with every change of what is found, by readers of files too; stored with each activity."""


@dataclass(frozen=True, slots=True, eq=False)
class CleanedLeg:
    """A leg without the values that are no observations, and the report."""

    leg: Leg
    report: CleaningReport


def clean_leg(leg: Leg) -> CleanedLeg:
    """Take out what sensors and positions got wrong.

    Pure and repeatable: cleaning a cleaned leg changes nothing more, sound data pass unchanged, and no value is ever
    made up. What readers of files do already is not repeated here: sorting by time, several values of one instant,
    repeated legs, pauses, the clock and its jumps, steps for strides, the time zone.

    Parameters
    ----------
    leg : Leg

    Returns
    -------
    CleanedLeg
        With the same samples at the same times.
    """
    bench = Bench(leg.streams.t_s, dict(leg.streams.channels))
    if len(leg.streams):
        sensors.report_silence(bench)
        sensors.remove_impossible(bench, leg.sport)
        sensors.remove_spikes(bench)
        sensors.remove_stuck(bench)
        positions.clean_positions(bench, leg.sport)
    report = CleaningReport(CLEANING_VERSION, tuple(bench.found))
    observed = {name: values for name, values in bench.channels.items() if np.isfinite(values).any()}
    is_same = observed.keys() == leg.streams.channels.keys() and all(
        values is leg.streams.channels[name] for name, values in observed.items()
    )
    if is_same:
        return CleanedLeg(leg, report)
    return CleanedLeg(replace(leg, streams=Streams(leg.streams.t_s, observed)), report)
