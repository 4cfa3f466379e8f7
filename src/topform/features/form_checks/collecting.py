"""Recordings for training: only of athletes who agree now, only what somebody labelled."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.consents.public import ConsentPurpose, consenting_athletes
from topform.features.form_checks.label_repository import OWNER, SECOND, LabelRepository, Said
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow, FormDisputeRow, FormLabelsRow
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.verdict import MIN_FAULTY_REP_SHARE

PURPOSE = ConsentPurpose.IMPROVE_FORM_MODEL
ATHLETES_AT_ONCE: Final = 500


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


def person_code(athlete_id: UUID) -> str:
    """Return the code that stands for a person in everything that is trained on."""
    return _code("person", str(athlete_id))


def _code(kind: str, known: str) -> str:
    """Return a name that does not lead back to whom it stands for without this server's database."""
    return f"{kind}-{hashlib.sha256(f'topform {kind} {known}'.encode()).hexdigest()[:16]}"


def _words(version: str, given_at: datetime) -> str:
    return f"{PURPOSE.value}, text {version}, given {given_at.date().isoformat()}"


@dataclass(frozen=True, slots=True)
class ConsentedCheck:
    """A push-up set of an athlete who agreed, as it was judged, and what people say of it.

    ``is_wrong`` is None where nobody said, or where two people say different things; ``source`` is who said so.
    """

    form_check_id: UUID
    athlete_id: AthleteId
    person: str
    consent: str
    created_at: datetime
    document: dict[str, Any]
    is_wrong: bool | None
    source: str | None
    said_at: datetime | None
    poses_key: str | None = None
    marked: tuple[tuple[list[dict[str, Any]], frozenset[str]], ...] = ()
    """Of everybody who marked repetitions: these, and what they could not judge."""

    @property
    def code(self) -> str:
        """A name for it that does not lead back without this server's database."""
        return _code("recording", str(self.form_check_id))

    @property
    def decision(self) -> str:
        """What the athlete was shown."""
        return str(self.document["form"]["decision"])


async def consented_checks(
    session: AsyncSession, *, since: datetime | None = None, of: AthleteId | None = None
) -> list[ConsentedCheck]:
    """Return the push-up sets of all who agree now, or of one of them, labelled or not, oldest first."""
    agreed = await consenting_athletes(session, PURPOSE)
    found = []
    people = [one for one in agreed if of in (None, one)]
    for first in range(0, len(people), ATHLETES_AT_ONCE):
        some = people[first : first + ATHLETES_AT_ONCE]
        checks = await FormCheckRepository(session).with_reps_of(some, exercise=Exercise.PUSH_UP.value, since=since)
        said = await LabelRepository(session).said_of(some)
        for check in checks:
            consent = agreed[AthleteId(check.athlete_id)]
            is_wrong, source, said_at = said_of(check, said.get(check.id, Said()))
            found.append(
                ConsentedCheck(
                    form_check_id=check.id,
                    athlete_id=AthleteId(check.athlete_id),
                    person=person_code(check.athlete_id),
                    consent=_words(consent.text_version, consent.given_at),
                    created_at=check.created_at,
                    document=check.document,
                    is_wrong=is_wrong,
                    source=source,
                    said_at=said_at,
                    poses_key=check.poses_key,
                    marked=tuple((row.reps, frozenset(row.unjudged)) for row in said.get(check.id, Said()).labels),
                )
            )
    return sorted(found, key=lambda one: (one.created_at, one.form_check_id))


def said_of(check: FormCheckRow, said: Said) -> tuple[bool | None, str | None, datetime | None]:
    """Return whether people call a set wrong, who, and when: marked repetitions first, then a word, then disputes."""
    if said.labels:
        opinions = {is_wrong for row in said.labels if (is_wrong := _marked_wrong(row)) is not None}
        if opinions:
            at = max(row.updated_at for row in said.labels)
            return (opinions.pop(), "raters", at) if len(opinions) == 1 else (None, None, None)
    if said.opinion is not None:
        return said.opinion.form == "faulty", "opinion", said.opinion.updated_at
    denied = {dispute.fault for dispute in said.disputes if dispute.fault and dispute.rep_index is None}
    faults = set(check.document["form"]["faults"])
    if check.form_decision == "faulty" and faults and faults <= denied:
        return False, "disputes", max(dispute.created_at for dispute in said.disputes)
    return None, None, None


def _marked_wrong(row: FormLabelsRow) -> bool | None:
    """Return whether some fault is marked in as many repetitions as make it one of the set."""
    reps = [rep for rep in row.reps if rep["complete"]]
    if not reps:
        return None
    faults = {fault for rep in reps for fault in rep["faults"]}
    return any(sum(fault in rep["faults"] for rep in reps) >= MIN_FAULTY_REP_SHARE * len(reps) for fault in faults)
