"""Recordings for training: only of athletes who agree now, only what somebody labelled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.consents.public import ConsentPurpose, consenting_athletes
from topform.features.form_checks.label_repository import OWNER, SECOND, LabelRepository
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow, FormDisputeRow, FormLabelsRow

PURPOSE = ConsentPurpose.IMPROVE_FORM_MODEL


@dataclass(frozen=True, slots=True)
class ConsentedRecording:
    """One labelled form check of an athlete who agreed; nothing in it says who that is.

    ``person`` is a code that is the same for all recordings of one person. ``rep_count`` is what the athlete says it
    was, ``disputed`` what they say was not there.
    """

    id: str
    person: str
    poses_key: str
    exercise: str
    view: str | None
    consent: str
    rep_count: int | None = None
    reps: list[dict[str, Any]] = field(default_factory=list)
    second_reps: list[dict[str, Any]] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)


async def consented_recordings(session: AsyncSession) -> list[ConsentedRecording]:
    """Return what may be used for training now; what was withdrawn, deleted or never agreed to is not among it."""
    found = []
    for athlete_id, consent in (await consenting_athletes(session, PURPOSE)).items():
        labels: dict[Any, dict[str, FormLabelsRow]] = {}
        for row in await LabelRepository(session).all_labels(athlete_id):
            labels.setdefault(row.form_check_id, {})[row.rater] = row
        disputes: dict[Any, list[FormDisputeRow]] = {}
        for dispute in await LabelRepository(session).disputes(athlete_id):
            disputes.setdefault(dispute.form_check_id, []).append(dispute)
        for check in await FormCheckRepository(session).with_poses(athlete_id):
            said = labels.get(check.id, {}), disputes.get(check.id, [])
            if any(said):
                found.append(_recording(athlete_id, check, *said, words=_words(consent.text_version, consent.given_at)))
    return found


def _recording(
    athlete_id: AthleteId,
    check: FormCheckRow,
    labels: dict[str, FormLabelsRow],
    disputes: list[FormDisputeRow],
    *,
    words: str,
) -> ConsentedRecording:
    own, second = labels.get(OWNER), labels.get(SECOND)
    counts = [dispute.rep_count for dispute in disputes if dispute.kind == "count_wrong"]
    count = sum(bool(rep["complete"]) for rep in own.reps) if own is not None else None
    return ConsentedRecording(
        id=_code("recording", str(check.id)),
        person=_code("person", str(athlete_id)),
        poses_key=str(check.poses_key),
        exercise=check.exercise,
        view=(check.document.get("view") or {}).get("name"),
        consent=words,
        rep_count=counts[-1] if counts else count,
        reps=own.reps if own is not None else [],
        second_reps=second.reps if second is not None else [],
        unjudged=sorted({code for row in (own, second) if row is not None for code in row.unjudged}),
        disputed=sorted({str(dispute.fault) for dispute in disputes if dispute.fault and dispute.rep_index is None}),
    )


def _code(kind: str, known: str) -> str:
    """Return a name that does not lead back to whom it stands for without this server's database."""
    return f"{kind}-{hashlib.sha256(f'topform {kind} {known}'.encode()).hexdigest()[:16]}"


def _words(version: str, given_at: datetime) -> str:
    return f"{PURPOSE.value}, text {version}, given {given_at.date().isoformat()}"
