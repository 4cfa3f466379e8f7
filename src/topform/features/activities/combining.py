"""From the stored files of a workout to the rows of its activity; pure, so that it can run in any process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from topform.core.activity import Leg, Pause, Sport, Streams
from topform.core.errors import TopFormError
from topform.features.activities.drafts import ActivityDraft, draft_recording, source_quality
from topform.features.activities.merging import CHANNELS, Merged, Quantity, Source, device_name, merge_recordings
from topform.features.activities.streams import decode_streams
from topform.formats import decode
from topform.formats.text.mapping import TableMapping
from topform.science.athlete import Known
from topform.science.same_session import Verdict, compare_sessions, may_be_one
from topform.science.session_trace import Trace, trace_of


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A stored file that tells of the workout."""

    sha256: str
    file_name: str
    content: bytes
    provider: str | None = None
    mapping: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """The activity that the files make together, with what became of each: all by the files' digests."""

    draft: ActivityDraft
    digest: str
    base: str
    given_by: dict[str, str]
    available: dict[str, list[str]]
    shift_s: dict[str, float]
    device: dict[str, dict[str, Any]]
    started_at: dict[str, datetime]
    elapsed_s: dict[str, float]


def read_sources(files: Sequence[SourceFile]) -> list[Source]:
    """Decode the files; those that can no longer be read are left out, unless none can.

    Raises
    ------
    TopFormError
        If no file can be read.
    """
    sources: list[Source] = []
    failure: TopFormError | None = None
    for file in files:
        try:
            mapping = None if file.mapping is None else TableMapping.from_document(file.mapping)
            recording = decode(file.content, file=file.file_name, mapping=mapping)
        except TopFormError as error:
            failure = failure or error
            continue
        device = device_name(recording.device, file_format=recording.format, provider=file.provider)
        sources.append(Source(file.sha256, recording, source_quality(recording), device, file.provider))
    if not sources and failure is not None:
        raise failure
    return sources


def combine(
    files: Sequence[SourceFile],
    *,
    choice: Mapping[str, str],
    preferences: Mapping[str, Sequence[str]],
    athlete: Known,
    time_zone: str,
) -> Combined:
    """Decode, merge and analyse the files of one workout, in the order in which they came."""
    sources = read_sources(files)
    merged = merged_sources(sources, choice=choice, preferences=preferences)
    base = next(file for file in files if file.sha256 == merged.base)
    draft = draft_recording(
        merged.recording,
        digest=merged.digest,
        file_name=base.file_name,
        size_bytes=len(base.content),
        athlete=athlete,
        time_zone=time_zone,
    )
    return Combined(
        draft=replace(draft, provider=merged.provider),
        digest=merged.digest,
        base=merged.base,
        given_by={quantity.value: key for quantity, key in merged.given_by.items()},
        available={key: [quantity.value for quantity in able] for key, able in merged.available.items()},
        shift_s=dict(merged.shift_s),
        device={
            source.key: described_device(source.recording.device, source.recording.format, source.provider)
            for source in sources
        },
        started_at={source.key: source.recording.legs[0].started_at for source in sources},
        elapsed_s={source.key: float(sum(leg.elapsed_s for leg in source.recording.legs)) for source in sources},
    )


def merged_sources(
    sources: Sequence[Source], *, choice: Mapping[str, str], preferences: Mapping[str, Sequence[str]]
) -> Merged:
    """Merge with choices as they are stored; words that this version does not know are passed over."""
    known = set(Quantity)
    return merge_recordings(
        sources,
        choice={Quantity(name): key for name, key in choice.items() if name in known},
        preferences={Quantity(name): list(order) for name, order in preferences.items() if name in known},
    )


def described_device(device: Mapping[str, Any], file_format: str, provider: str | None) -> dict[str, Any]:
    """Return the device as it is stored with a source, with the name that the athlete knows it by."""
    known = {key: value for key, value in device.items() if value is not None}
    return {**known, "name": device_name(device, file_format=file_format, provider=provider)}


def own_quantities(draft: ActivityDraft) -> list[str]:
    """Return what a file on its own has."""
    held = {name for leg in draft.legs for name in leg["document"]["channels"]}
    found = [quantity.value for quantity, names in CHANNELS.items() if held & set(names)]
    if any(leg["document"].get("rr_ms_count") for leg in draft.legs):
        found.append(Quantity.HEART_BEATS.value)
    return found


# ---- is it the same workout? ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What is known of a leg without its streams."""

    sport: str
    started_at: datetime
    elapsed_s: float
    distance_m: float | None
    pauses: tuple[tuple[float, float], ...] = ()


def facts_of(legs: Sequence[Mapping[str, Any]]) -> list[LegFacts]:
    """Return the facts of a draft's or an activity's legs."""
    return [
        LegFacts(
            sport=leg["sport"],
            started_at=leg["started_at"],
            elapsed_s=float(leg["document"]["elapsed_s"]),
            distance_m=leg["distance_m"],
            pauses=tuple((pause["start_s"], pause["end_s"]) for pause in leg["document"].get("pauses", ())),
        )
        for leg in legs
    ]


def outlines(facts: Sequence[LegFacts]) -> list[Trace]:
    """Return traces without channels, to tell by time and sport alone."""
    return [trace_of(_leg(fact, None)) for fact in facts]


def could_be_one(first: Sequence[LegFacts], second: Sequence[LegFacts]) -> bool:
    """Tell whether time and sport allow that two recordings are of one workout."""
    return any(may_be_one(one, other) for one in outlines(first) for other in outlines(second))


def compare_stored(
    first: Sequence[LegFacts], first_streams: bytes, second: Sequence[LegFacts], second_streams: bytes
) -> Verdict | None:
    """Compare two recordings by their stored streams."""
    return compare_sessions(_traces(first, first_streams), _traces(second, second_streams))


def _traces(facts: Sequence[LegFacts], streams: bytes) -> list[Trace]:
    return [trace_of(_leg(fact, decode_streams(streams, leg=index).streams)) for index, fact in enumerate(facts)]


def _leg(fact: LegFacts, streams: Any) -> Leg:
    return Leg(
        sport=Sport(fact.sport),
        started_at=fact.started_at,
        elapsed_s=fact.elapsed_s,
        timer_s=fact.elapsed_s,
        distance_m=fact.distance_m,
        pauses=tuple(Pause(start, end) for start, end in fact.pauses),
        streams=Streams(np.empty(0), {}) if streams is None else streams,
    )
