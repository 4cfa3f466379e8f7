"""Giving and withdrawing consent, asking for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, PermissionDeniedError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_may_share
from topform.features.consents.events import CONSENTS_CHANGED
from topform.features.consents.purposes import HEALTH, TEXTS, ConsentPurpose
from topform.features.consents.repository import ConsentRepository
from topform.features.consents.schemas import Consent, ConsentChange, ConsentEntry, Consents
from topform.features.consents.tables import ConsentRow
from topform.platform.events import publish


class ConsentMissingError(PermissionDeniedError):
    """The athlete does not agree to what data are wanted for."""

    code = "consent_missing"


async def consents_of(session: AsyncSession, viewer: AthleteId) -> Consents:
    """Return every purpose with what the athlete said to it."""
    rows = await ConsentRepository(session).all_of(viewer)
    return Consents(items=[_shown(purpose, rows) for purpose in ConsentPurpose])


async def change_consent(
    session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose, change: ConsentChange, *, now: datetime
) -> Consent:
    """Give, refuse or withdraw a consent; saying the same twice changes nothing."""
    repository = ConsentRepository(session)
    current = TEXTS[purpose].version
    held = await repository.in_force(athlete_id, purpose, lock=True)
    if not change.is_given:
        await _say_no(repository, athlete_id, purpose, now=now)
    else:
        if purpose not in HEALTH:
            await require_may_share(session, athlete_id, today=now.date())
        if change.text_version != current:
            raise InvalidInputError(
                "The text has changed since it was shown, or its version was not said.",
                remedy=f"Read the text again and agree to version {current}.",
            )
        if held is not None and held.text_version != current:
            await repository.withdraw(athlete_id, purpose, now=now)
            held = None
        if held is None:
            await repository.add(_row(athlete_id, purpose, now=now, withdrawn_at=None))
    await publish(session, athlete_id, CONSENTS_CHANGED, {})
    session.expire_all()
    return _shown(purpose, await repository.all_of(athlete_id))


async def record_consent(
    session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose, *, now: datetime
) -> None:
    """Write down a yes that was said by doing what the words describe; said already, nothing changes."""
    change = ConsentChange(is_given=True, text_version=TEXTS[purpose].version)
    await change_consent(session, athlete_id, purpose, change, now=now)


async def require_consent(session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose) -> None:
    """Refuse a read for a purpose that the athlete does not agree to now."""
    if not await has_consent(session, athlete_id, purpose):
        raise ConsentMissingError(
            f"The athlete does not agree to this use of their data: {purpose.value}.",
            remedy="The athlete can agree to it in the app.",
            purpose=purpose.value,
        )


async def refuse_withdrawn(session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose) -> None:
    """Refuse to store what the athlete said no to, at once or later; whoever was never asked is not held back.

    The app asks before it takes anything; for programs, who runs them answers.
    """
    said = [
        row
        for row in await ConsentRepository(session).all_of(athlete_id)
        if row.purpose == purpose and row.is_given_here
    ]
    if said and all(row.withdrawn_at is not None for row in said):
        raise ConsentMissingError(
            f"You said no to storing this: {purpose.value}.",
            remedy="Agree to it under Privacy, then send it again.",
            purpose=purpose.value,
        )


async def withdrawn_by(session: AsyncSession, athlete_ids: Collection[UUID], purpose: ConsentPurpose) -> set[UUID]:
    """Return whom of some athletes `refuse_withdrawn` would refuse."""
    return await ConsentRepository(session).withdrawn_by(athlete_ids, purpose)


async def has_consent(session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose) -> bool:
    """Return whether the athlete agrees to a purpose, in the words that apply now."""
    held = await ConsentRepository(session).in_force(athlete_id, purpose)
    return held is not None and held.text_version == TEXTS[purpose].version


async def consenting_athletes(session: AsyncSession, purpose: ConsentPurpose) -> dict[AthleteId, ConsentEntry]:
    """Return who agrees to a purpose in the words that apply now, and since when."""
    return {
        AthleteId(row.athlete_id): ConsentEntry.model_validate(row)
        for row in await ConsentRepository(session).consenting(purpose)
        if row.text_version == TEXTS[purpose].version
    }


async def _say_no(
    repository: ConsentRepository, athlete_id: AthleteId, purpose: ConsentPurpose, *, now: datetime
) -> None:
    """End the yes that is in force; without any yes or no to these words, write the no down."""
    await repository.withdraw(athlete_id, purpose, now=now)
    if not await repository.is_answered(athlete_id, purpose, TEXTS[purpose].version):
        await repository.add(_row(athlete_id, purpose, now=now, withdrawn_at=now))


def _row(athlete_id: AthleteId, purpose: ConsentPurpose, *, now: datetime, withdrawn_at: datetime | None) -> ConsentRow:
    """Return an entry of the ledger; one that ends as it begins is a no."""
    return ConsentRow(
        id=new_id(),
        athlete_id=athlete_id,
        purpose=purpose,
        text_version=TEXTS[purpose].version,
        given_at=now,
        withdrawn_at=withdrawn_at,
        is_given_here=True,
    )


def _shown(purpose: ConsentPurpose, rows: list[ConsentRow]) -> Consent:
    text = TEXTS[purpose]
    own = [row for row in rows if row.purpose == purpose]
    return Consent(
        purpose=purpose,
        is_given=any(
            row.withdrawn_at is None and row.is_given_here and row.text_version == text.version for row in own
        ),
        text_version=text.version,
        text=text.text,
        history=[ConsentEntry.model_validate(row) for row in own],
    )
