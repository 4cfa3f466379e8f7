"""A decoded and analysed file as the rows that an activity will hold; pure, so that it can run in any process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from topform.core.activity import Channel, Leg, Recording, Sport
from topform.core.arrays import FloatArray, coverage
from topform.core.documents import plain
from topform.features.activities.curves import curve_columns
from topform.features.activities.streams import encode_streams
from topform.features.athletes.public import local_date
from topform.formats import decode
from topform.formats.text.mapping import TableMapping
from topform.science.athlete import AthleteParameters, Known
from topform.science.leg_analysis import LegAnalysis, analyse_leg

PREVIEW_POINTS: Final = 64
PREVIEW_DECIMALS: Final = 5
STILL_SPORTS: Final = frozenset({Sport.STRENGTH, Sport.TRANSITION})
TRIATHLON: Final = frozenset({Sport.SWIMMING, Sport.CYCLING, Sport.RUNNING})
FORMAT_BONUS: Final = {"fit": 1.0, "tcx": 0.5}
"""In channels: formats that carry laps, device and timer are worth more at equal content."""
SALVAGED_PENALTY: Final = 100.0
MIXED: Final = "mixed"


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """Everything that one file says about an activity, ready to be stored."""

    sha256: str
    file_name: str
    size_bytes: int
    quality: float
    ended_at: datetime
    values: dict[str, Any]
    legs: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    bests: list[dict[str, Any]]
    streams: bytes
    provider: str | None = None
    """The service that delivered the file; None when the athlete did."""
    mapping: Mapping[str, Any] | None = None
    """What the athlete said about the columns of a table."""

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What was odd about the file."""
        warnings: list[dict[str, Any]] = self.values["warnings"]
        return warnings


def draft_activity(
    content: bytes,
    *,
    file_name: str,
    athlete: Known,
    time_zone: str,
    mapping: Mapping[str, Any] | None = None,
) -> ActivityDraft:
    """Decode and analyse a file; raises `ActivityFileError` when it holds no activity that can be read.

    ``mapping`` is the JSON form of what a table of samples does not say itself; it stays with what came of it.
    """
    draft = draft_recording(
        decode(content, file=file_name, mapping=None if mapping is None else TableMapping.from_document(mapping)),
        digest=hashlib.sha256(content).hexdigest(),
        file_name=file_name,
        size_bytes=len(content),
        athlete=athlete,
        time_zone=time_zone,
    )
    return replace(draft, mapping=mapping)


def draft_recording(
    recording: Recording, *, digest: str, file_name: str, size_bytes: int, athlete: Known, time_zone: str
) -> ActivityDraft:
    """Analyse a recording, from one file or from several; the digest tells what it was made from."""
    began = recording.legs[0]
    local_day = local_date(began.started_at, utc_offset_s=began.utc_offset_s, time_zone=time_zone)
    parameters = athlete.on(local_day)
    analyses = [analyse_leg(leg, parameters) for leg in recording.legs]
    documents = [plain({**one.as_dict(), "channels": _channels(one.leg)}) for one in analyses]
    return ActivityDraft(
        sha256=digest,
        file_name=file_name,
        size_bytes=size_bytes,
        quality=source_quality(recording),
        ended_at=max(leg.started_at + _seconds(leg.elapsed_s) for leg in recording.legs),
        values={
            **summary_of(recording, analyses, documents),
            "local_date": local_day,
            "route_preview": route_preview(recording.legs),
            "format": recording.format,
            "device": plain(recording.device),
            "warnings": [warning.as_dict() for warning in recording.warnings],
            "warnings_count": len(recording.warnings),
            "salvaged": recording.salvaged,
        },
        legs=[leg_row(index, one, documents[index]) for index, one in enumerate(analyses)],
        metrics=metric_rows(analyses, inputs_digest(digest, parameters)),
        bests=best_rows(analyses),
        streams=encode_streams([one.leg for one in analyses]),
    )


def _seconds(elapsed_s: float) -> Any:
    return np.timedelta64(round(elapsed_s * 1e6), "us").astype(object)


def _channels(leg: Leg) -> list[str]:
    return [channel.value for channel in leg.streams.channels]


def summary_of(
    recording: Recording, analyses: Sequence[LegAnalysis], documents: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what the list of activities shows of the legs together."""
    legs = recording.legs
    first = legs[0]
    sport, sub_sport = combined_sport(legs)
    ended_at = max(leg.started_at + _seconds(leg.elapsed_s) for leg in legs)
    moving_s = [one.moving_s for one in analyses]
    distance_m = _total(
        [(one.distance_m, one.leg.sport in STILL_SPORTS) for one in analyses],
    )
    total_moving_s = float(np.sum(moving_s))
    load_au, load_source = combined_load(analyses)
    return {
        "title": recording.title,
        "sport": sport.value,
        "sub_sport": sub_sport,
        "started_at": first.started_at,
        "utc_offset_s": first.utc_offset_s,
        "elapsed_s": (ended_at - first.started_at).total_seconds(),
        "timer_s": float(sum(leg.timer_s for leg in legs)),
        "moving_s": total_moving_s,
        "distance_m": distance_m,
        "ascent_m": _total([(one.ascent_m, one.leg.sport in STILL_SPORTS) for one in analyses]),
        "hr_mean_bpm": _mean(documents, "hr_bpm"),
        "power_mean_w": _mean(documents, "power_w"),
        "speed_mean_m_s": distance_m / total_moving_s if distance_m is not None and total_moving_s > 0 else None,
        "load_au": load_au,
        "load_source": load_source,
        "leg_count": len(legs),
    }


def combined_sport(legs: Sequence[Leg]) -> tuple[Sport, str | None]:
    """Return what the legs are together."""
    kinds: set[Sport] = {leg.sport for leg in legs if leg.sport is not Sport.TRANSITION} or {legs[0].sport}
    if len(kinds) == 1:
        sub_sports = {leg.sub_sport for leg in legs if leg.sport in kinds}
        return kinds.pop(), sub_sports.pop() if len(sub_sports) == 1 else None
    return Sport.OTHER, "triathlon" if kinds == TRIATHLON else "multisport"


def combined_load(analyses: Sequence[LegAnalysis]) -> tuple[float | None, str | None]:
    """Return the sum of the legs' loads and where it comes from; None without any."""
    loads = [one.load for one in analyses if one.load is not None]
    if not loads:
        return None, None
    sources = {load.source for load in loads}
    return float(sum(load.value_au for load in loads)), sources.pop() if len(sources) == 1 else MIXED


def _total(parts: Sequence[tuple[float | None, bool]]) -> float | None:
    """Return the sum, None when a part that must have a value has none."""
    known = [value for value, _ in parts if value is not None]
    if not known or any(value is None and not may_lack for value, may_lack in parts):
        return None
    return float(sum(known))


def _mean(documents: Sequence[Mapping[str, Any]], channel: str) -> float | None:
    """Return the legs' mean, weighted by the time for which it was observed."""
    parts = [
        (summary["mean"], document["timer_s"] * summary["coverage"])
        for document in documents
        if (summary := document.get(channel)) is not None and summary["mean"] is not None
    ]
    seconds = sum(weight for _, weight in parts)
    return sum(mean * weight for mean, weight in parts) / seconds if seconds > 0 else None


def source_quality(recording: Recording) -> float:
    """Return how much a file tells, in channels: what was observed, for how much of the time, and how reliably."""
    seconds = [max(leg.elapsed_s, 1.0) for leg in recording.legs]
    observed = sum(
        weight * sum(coverage(values) for values in leg.streams.channels.values())
        for leg, weight in zip(recording.legs, seconds, strict=True)
    ) / sum(seconds)
    extras = sum(
        any(present) for present in ([leg.rr for leg in recording.legs], [len(leg.laps) > 1 for leg in recording.legs])
    )
    return observed + extras + FORMAT_BONUS.get(recording.format, 0.0) - SALVAGED_PENALTY * recording.salvaged


def route_preview(legs: Sequence[Leg]) -> list[list[float]] | None:
    """Return at most 64 points along the route, evenly spaced by way; None without a route."""
    pieces = []
    for leg in legs:
        latitude, longitude = leg.streams.get(Channel.LATITUDE_DEG), leg.streams.get(Channel.LONGITUDE_DEG)
        if latitude is not None and longitude is not None:
            observed = np.isfinite(latitude) & np.isfinite(longitude)
            pieces.append(np.column_stack([latitude[observed], longitude[observed]]))
    points: FloatArray = np.concatenate(pieces) if pieces else np.empty((0, 2))
    if points.shape[0] < 2:
        return None
    if points.shape[0] > PREVIEW_POINTS:
        steps = np.diff(points, axis=0)
        steps[:, 1] *= np.cos(np.radians(points[:-1, 0]))
        way = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
        chosen = np.unique(np.searchsorted(way, np.linspace(0.0, way[-1], PREVIEW_POINTS)))
        points = points[np.minimum(chosen, points.shape[0] - 1)]
    preview: list[list[float]] = np.round(points, PREVIEW_DECIMALS).tolist()
    return preview


def inputs_digest(sha256: str, athlete: AthleteParameters) -> str:
    """Return a digest of all that a metric was computed from."""
    return hashlib.sha256(json.dumps([sha256, asdict(athlete)], sort_keys=True).encode()).hexdigest()


def leg_row(index: int, analysis: LegAnalysis, document: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a leg."""
    leg = analysis.leg
    return {
        "leg": index,
        "sport": leg.sport.value,
        "sub_sport": leg.sub_sport,
        "started_at": leg.started_at,
        "distance_m": analysis.distance_m,
        "moving_s": analysis.moving_s,
        "document": document,
        **curve_columns(analysis.curves),
    }


def metric_rows(analyses: Sequence[LegAnalysis], inputs_digest: str) -> list[dict[str, Any]]:
    """Return the rows of the legs' metrics."""
    return [
        {
            "leg": index,
            "metric": name,
            "value": plain(metric.value),
            "unit": metric.unit,
            "coverage": plain(metric.coverage),
            "n_valid": metric.n_valid,
            "version": metric.version,
            "warnings": list(metric.warnings),
            "inputs_digest": inputs_digest,
        }
        for index, analysis in enumerate(analyses)
        for name, metric in analysis.metrics.items()
    ]


def best_rows(analyses: Sequence[LegAnalysis]) -> list[dict[str, Any]]:
    """Return the rows of the legs' best efforts."""
    return [
        {"leg": index, "kind": kind, "duration_s": int(duration_s), "value": float(value)}
        for index, analysis in enumerate(analyses)
        for kind, bests in (("power_w", analysis.best_power_w), ("speed_m_s", analysis.best_speed_m_s))
        for duration_s, value in bests.items()
    ]
