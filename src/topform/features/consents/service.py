"""Giving and withdrawing consent, asking for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError
from topform.core.ids import AthleteId, new_id
from topform.features.consents.purposes import TEXTS, ConsentPurpose
from topform.features.consents.repository import ConsentRepository
from topform.features.consents.schemas import Consent, ConsentChange, ConsentEntry, Consents
from topform.features.consents.tables import ConsentRow


async def consents_of(session: AsyncSession, viewer: AthleteId) -> Consents:
    """Return every purpose with what the athlete said to it."""
    rows = await ConsentRepository(session).all_of(viewer)
    return Consents(items=[_shown(purpose, rows) for purpose in ConsentPurpose])


async def change_consent(
    session: AsyncSession, athlete_id: AthleteId, purpose: ConsentPurpose, change: ConsentChange, *, now: datetime
) -> Consent:
    """Give or withdraw a consent; saying the same twice changes nothing."""
    repository = ConsentRepository(session)
    current = TEXTS[purpose].version
    held = await repository.in_force(athlete_id, purpose, lock=True)
    if not change.is_given:
        await repository.withdraw(athlete_id, purpose, now=now)
    else:
        if change.text_version != current:
            raise InvalidInputError(
                "The text has changed since it was shown, or its version was not said.",
                remedy=f"Read the text again and agree to version {current}.",
            )
        if held is not None and held.text_version != current:
            await repository.withdraw(athlete_id, purpose, now=now)
            held = None
        if held is None:
            await repository.add(
                ConsentRow(
                    id=new_id(),
                    athlete_id=athlete_id,
                    purpose=purpose,
                    text_version=current,
                    given_at=now,
                    withdrawn_at=None,
                    is_given_here=True,
                )
            )
    session.expire_all()
    return _shown(purpose, await repository.all_of(athlete_id))


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
