"""Stored legs computed again: from the streams and the document of a leg to its numbers; pure, for any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from topform.core.activity import Lap, Leg, Pause, PoolLength, PowerSource, Recording, Sport, StrengthSet
from topform.core.documents import plain
from topform.features.activities.drafts import best_rows, inputs_digest, leg_row, metric_rows, summary_of
from topform.features.activities.streams import decode_streams
from topform.science.athlete import AthleteParameters
from topform.science.cleaning import CLEANING_VERSION, CleaningReport
from topform.science.leg_analysis import LegAnalysis, analyse_leg

SUMMARY = (
    "moving_s", "distance_m", "ascent_m", "hr_mean_bpm", "power_mean_w", "speed_mean_m_s", "load_au", "load_source",
)  # fmt: skip
"""What may change in an activity's row; when, where and what it was stays as the file told it."""

TOLD = frozenset({"device_summary", "stated", "power_source"})
"""What a document holds of what the file told beside the samples; one that lacks it was written by an older version."""


@dataclass(frozen=True, slots=True)
class StoredActivity:
    """What is stored of an activity, as much as its numbers need."""

    activity_id: UUID
    streams_key: str
    digest: str
    documents: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The numbers of an activity, ready to be stored."""

    activity_id: UUID
    streams_key: str
    values: dict[str, Any]
    legs: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    bests: list[dict[str, Any]]


def can_recompute(stored: StoredActivity) -> bool:
    """Tell whether the streams are still good: cleaned by today's rules, with all that the file told beside them."""
    return bool(stored.documents) and all(
        document.get("cleaning", {}).get("version") == CLEANING_VERSION and document.keys() >= TOLD
        for document in stored.documents
    )


def recompute(stored: StoredActivity, streams: bytes, athlete: AthleteParameters) -> Recomputed:
    """Analyse the stored legs again."""
    legs = [leg_of(document, streams, index) for index, document in enumerate(stored.documents)]
    analyses = [
        analyse_leg(leg, athlete, cleaning=CleaningReport.from_dict(document["cleaning"]))
        for leg, document in zip(legs, stored.documents, strict=True)
    ]
    documents = [_document(analysis, before) for analysis, before in zip(analyses, stored.documents, strict=True)]
    summary = summary_of(Recording("stored", tuple(legs)), analyses, documents)
    return Recomputed(
        activity_id=stored.activity_id,
        streams_key=stored.streams_key,
        values={name: summary[name] for name in SUMMARY},
        legs=[leg_row(index, one, documents[index]) for index, one in enumerate(analyses)],
        metrics=metric_rows(analyses, inputs_digest(stored.digest, athlete)),
        bests=best_rows(analyses),
    )


def _document(analysis: LegAnalysis, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new document; which channels the file has is told by the old one."""
    document: dict[str, Any] = plain({**analysis.as_dict(), "channels": before.get("channels", [])})
    return document


def leg_of(document: Mapping[str, Any], streams: bytes, index: int) -> Leg:
    """Return the leg as it was when the file was read."""
    stored = decode_streams(streams, leg=index)
    stated = document["stated"]
    return Leg(
        sport=Sport(document["sport"]),
        sub_sport=document.get("sub_sport"),
        started_at=datetime.fromisoformat(document["started_at"]),
        utc_offset_s=document.get("utc_offset_s"),
        elapsed_s=float(document["elapsed_s"]),
        timer_s=float(document["timer_s"]),
        distance_m=stated["distance_m"],
        ascent_m=stated["ascent_m"],
        descent_m=stated["descent_m"],
        pool_length_m=document.get("pool_length_m"),
        laps=_items(Lap, document.get("laps")),
        lengths=_items(PoolLength, document.get("lengths")),
        sets=_items(StrengthSet, document.get("sets")),
        pauses=_items(Pause, document.get("pauses")),
        streams=stored.streams,
        rr=stored.rr,
        power_source=None if document["power_source"] is None else PowerSource(document["power_source"]),
        device_summary=document.get("device_summary") or {},
    )


def _items(kind: type[Any], documents: Sequence[Mapping[str, Any]] | None) -> tuple[Any, ...]:
    names = [field.name for field in fields(kind)]
    return tuple(kind(**{name: one[name] for name in names if name in one}) for one in documents or ())
